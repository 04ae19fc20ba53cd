-- name: backfill_requests_ask
-- Somebody waits for a series. What others wait for still is done too: as deep as both, every cause anew if one wants it.
insert into backfill_requests (exchange, symbol, timeframe, first_timestamp, recheck, asked_ms)
values (:exchange, :symbol, :timeframe, :first, :recheck, :now_ms)
on conflict (exchange, symbol, timeframe) do update set
    first_timestamp = case
        when backfill_requests.done_ms is null
            and (excluded.first_timestamp is null or backfill_requests.first_timestamp < excluded.first_timestamp)
        then backfill_requests.first_timestamp else excluded.first_timestamp end,
    recheck = case
        when backfill_requests.done_ms is null and backfill_requests.recheck = 1 then 1 else excluded.recheck end,
    asked_ms = case
        when excluded.asked_ms > backfill_requests.asked_ms then excluded.asked_ms
        else backfill_requests.asked_ms + 1 end,
    done_ms = null,
    reason = null;

-- name: backfill_requests_waiting
-- What is still to be done for those who wait for series of an exchange.
select exchange, symbol, timeframe, first_timestamp, recheck, asked_ms, done_ms, reason
from backfill_requests
where exchange = :exchange and done_ms is null
order by symbol, timeframe;

-- name: backfill_requests_of
-- Every request for series of an exchange.
select exchange, symbol, timeframe, first_timestamp, recheck, asked_ms, done_ms, reason
from backfill_requests
where exchange = :exchange
order by symbol, timeframe;

-- name: backfill_requests_done
-- It was done as far as that was possible, unless somebody has asked anew meanwhile.
update backfill_requests set done_ms = :now_ms, reason = :reason
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and asked_ms = :asked_ms;
