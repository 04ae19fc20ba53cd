-- name: budgets_of
-- When the next request may be sent to an exchange.
select next_ms, reserved_ms, paused_until_ms, paused_from_ms from budgets where exchange = :exchange;

-- name: budgets_reserve
-- A request is reserved; the next one may be sent at :next_ms.
insert into budgets (exchange, next_ms, reserved_ms, requests)
values (:exchange, :next_ms, :now_ms, 1)
on conflict (exchange) do update set
    next_ms = excluded.next_ms, reserved_ms = excluded.reserved_ms, requests = budgets.requests + 1;

-- name: budgets_pause
-- The exchange asked for silence; the pause that ends last counts, unless it was told under a clock that was ahead.
insert into budgets (exchange, next_ms, paused_until_ms, paused_from_ms, pause_reason)
values (:exchange, 0, :until_ms, :now_ms, :reason)
on conflict (exchange) do update set
    paused_until_ms = excluded.paused_until_ms, paused_from_ms = excluded.paused_from_ms,
    pause_reason = excluded.pause_reason
where excluded.paused_until_ms > budgets.paused_until_ms or budgets.paused_from_ms > :void_ms;

-- name: budgets_all
-- The budgets of all exchanges.
select exchange, next_ms, paused_until_ms, pause_reason, requests from budgets order by exchange;
