-- name: strategies_all
-- Every known strategy with its newest configuration, and how far it has decided.
select s.*, r.configuration, t.decided_timestamp
from strategies s
left join runs r on r.run_id = s.run_id
left join strategy_totals t on t.strategy_id = s.strategy_id
order by s.strategy_id;

-- name: strategies_decided
-- How many bars all strategies have decided.
select cast(coalesce(sum(decided), 0) as bigint) from strategy_totals;

-- name: strategies_known
-- One of them.
select s.*, r.configuration
from strategies s left join runs r on r.run_id = s.run_id
where s.strategy_id = :strategy_id;

-- name: strategies_draining
-- Those that hold a position and that the configuration no longer has.
select s.strategy_id, s.exchange, s.symbol, s.timeframe, s.mode, s.kind, r.configuration, 1 as held
from strategies s
join positions p on p.strategy_id = s.strategy_id
join runs r on r.run_id = s.run_id
where s.enabled = 0 and p.entry_timestamp is not null
order by s.strategy_id;

-- name: strategies_last_run
-- One that is enabled or holds a position, with its newest configuration.
select s.strategy_id, s.exchange, s.symbol, s.timeframe, s.mode, s.kind, r.configuration,
    case when p.entry_timestamp is not null then 1 else 0 end as held
from strategies s
join positions p on p.strategy_id = s.strategy_id
join runs r on r.run_id = s.run_id
where s.strategy_id = :strategy_id and (s.enabled = 1 or p.entry_timestamp is not null);

-- name: strategies_enabled
-- The series of those that the configuration has.
select distinct exchange, symbol, timeframe from strategies where enabled = 1;

-- name: strategies_held
-- The series on which something is held.
select distinct s.exchange, s.symbol, s.timeframe
from strategies s
join positions p on p.strategy_id = s.strategy_id
where p.entry_timestamp is not null;

-- name: strategies_insert
-- A strategy that was never seen before.
insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital)
values (:strategy_id, :exchange, :symbol, :timeframe, :mode, :kind, :quote, :capital);

-- name: strategies_open_run
-- A new configuration: the strategy goes on under a new run, and its failures are forgotten.
update strategies set run_id = :run_id, kind = :kind, capital = :capital, state = 'active', state_reason = null, failures = 0
where strategy_id = :strategy_id;

-- name: strategies_enable
-- Whether the configuration still asks for a strategy.
update strategies set enabled = :enabled where strategy_id = :strategy_id;

-- name: strategies_rename
-- Free an id: everything that belongs to it follows.
update strategies set strategy_id = :new where strategy_id = :old;

-- name: freed_ids_read
-- Up to where an id that was freed has decided, and the newest candle of a series.
select f.decided_timestamp, h.last_timestamp
from freed_ids f
left join series_heads h on h.exchange = :exchange and h.symbol = :symbol and h.timeframe = :timeframe
where f.strategy_id = :strategy_id;

-- name: freed_ids_all
-- Every id that was freed.
select strategy_id from freed_ids;

-- name: freed_ids_note
-- The id of a strategy is about to be free: whoever has it next decides nothing that was decided under it.
insert into freed_ids (strategy_id, decided_timestamp)
select strategy_id, decided_timestamp from strategy_totals where strategy_id = :strategy_id and decided_timestamp is not null
on conflict (strategy_id) do update set decided_timestamp = excluded.decided_timestamp
where excluded.decided_timestamp > freed_ids.decided_timestamp;

-- name: freed_ids_skip
-- A strategy is about to take an id that was freed: what was decided under that is not decided again.
update strategy_totals
set decided_timestamp = (select f.decided_timestamp from freed_ids f where f.strategy_id = :freed)
where strategy_id = :strategy_id and exists (
    select 1 from freed_ids f where f.strategy_id = :freed
    and (strategy_totals.decided_timestamp is null or f.decided_timestamp > strategy_totals.decided_timestamp));

-- name: strategies_set_state
-- Disable a strategy, or make it active again; of one that is, it is still said why it may only exit.
update strategies
set state_reason = case when state = :state then state_reason else :reason end, state = :state, failures = 0
where strategy_id = :strategy_id;

-- name: strategies_stay
-- One that begins anew: what kept it from trading stays.
update strategies set state = :state, state_reason = :reason where strategy_id = :strategy_id;

-- name: strategies_remark
-- Why an active strategy may only exit: its file is broken, or says what does not fit; NULL where it may enter.
update strategies set state_reason = :reason
where strategy_id = :strategy_id and state = 'active' and state_reason is distinct from :reason;

-- name: strategies_went_well
-- A turn went well: what failed before it is forgotten.
update strategies set failures = 0, last_error = null
where strategy_id = :strategy_id and (failures <> 0 or last_error is not null);

-- name: strategies_failed
-- Count an error.
update strategies set failures = failures + 1, last_error = :error
where strategy_id = :strategy_id;

-- name: strategies_disable
-- Too many errors in a row: nobody trades it until a person starts it again.
update strategies set state = 'disabled', state_reason = :reason, failures = 0
where strategy_id = :strategy_id and failures >= :limit;

-- name: runs_registered
-- What a run was registered with.
select r.run_id, s.exchange, s.symbol, s.timeframe, s.mode, r.configuration
from runs r join strategies s on s.strategy_id = r.strategy_id
where r.run_id = :run_id;

-- name: runs_numbered
-- The runs that an id ever had, whoever has them now: those from `ID.` on, before `ID/` (in the order of bytes).
select run_id from runs where run_id >= :first and run_id < :after;

-- name: runs_insert
-- A configuration begins to trade.
insert into runs (run_id, strategy_id, started_ms, capital, configuration)
values (:run_id, :strategy_id, :now_ms, :capital, :configuration);

-- name: positions_open
-- The ledger of a new strategy.
insert into positions (strategy_id, qty, cost, cash, realised_pnl) values (:strategy_id, 0, 0, :cash, 0);

-- name: strategies_standing
-- What every trader has to know of all strategies to find its part: one look for all.
select strategy_id, run_id, case when state = 'active' then 1 else 0 end as active from strategies;

-- name: strategies_changed
-- What `strategies_standing` says is about to change: whoever remembers it looks again.
insert into meta (key, value) values ('strategies_changed', '1')
on conflict (key) do update set value = cast(cast(meta.value as integer) + 1 as text);

-- name: positions_holding
-- Those that hold something.
select strategy_id from positions where entry_timestamp is not null;

-- name: positions_load
-- What a strategy has, and where it stands.
select s.strategy_id, s.run_id, s.capital, s.state, s.failures, d.decided_timestamp, p.*
from strategies s
join positions p on p.strategy_id = s.strategy_id
left join strategy_totals d on d.strategy_id = s.strategy_id
where s.strategy_id = :strategy_id;

-- name: positions_deposit
-- A changed capital is a deposit or a withdrawal.
update positions set cash = :cash where strategy_id = :strategy_id;

-- name: positions_save
-- The fold of trades after a turn; nothing is written where it is as before.
update positions set qty = :qty, cost = :cost, cash = :cash, realised_pnl = :realised_pnl, round_trip = :round_trip,
    entry_timestamp = :entry_timestamp, entry_price = :entry_price, entry_run_id = :entry_run_id,
    stop = :stop, target = :target, trailing_distance = :trailing_distance, high_water = :high_water,
    due_code = :due_code, due_reason = :due_reason
where strategy_id = :strategy_id
    and (qty, cost, cash, realised_pnl, round_trip, entry_timestamp, entry_price, entry_run_id,
        stop, target, trailing_distance, high_water, due_code, due_reason)
    is distinct from (:qty, :cost, :cash, :realised_pnl, :round_trip, :entry_timestamp, :entry_price, :entry_run_id,
        :stop, :target, :trailing_distance, :high_water, :due_code, :due_reason);

-- name: turn_rights
-- Who may act for a strategy, under which run with which capital, which candle was decided last, what is held, whether
-- anything failed before, and the newest point of its equity.
select s.strategy_id, d.decided_timestamp, s.run_id, s.timeframe, r.capital, l.holder, l.epoch, h.expires_ms, p.qty,
    p.entry_timestamp, case when s.failures <> 0 or s.last_error is not null then 1 else 0 end as failed_before,
    e.run_id as point_run_id, e.cash as point_cash, e.qty as point_qty, e.equity as point_equity
from strategies s
join runs r on r.run_id = s.run_id
left join strategy_totals d on d.strategy_id = s.strategy_id
join positions p on p.strategy_id = s.strategy_id
left join claims l on l.kind = 'strategy' and l.claim = s.strategy_id
left join holders h on h.holder = l.holder
left join equity e on e.strategy_id = s.strategy_id
    and e.timestamp = (select max(n.timestamp) from equity n where n.strategy_id = s.strategy_id)
where s.strategy_id = :strategy_id;

-- name: decisions_insert
-- The one decision on a candle.
insert into decisions (strategy_id, timestamp, action, reason, indicators, run_id, epoch, decided_ms, stored_ms, late,
    held, code, transaction_id, seen_ms, recorded_ms)
values (:strategy_id, :timestamp, :action, :reason, :indicators, :run_id, :epoch, :decided_ms, :stored_ms, :late,
    :held, :code, :transaction_id, :seen_ms, :recorded_ms);

-- name: orders_insert
-- An intent; on paper it is filled at once.
insert into orders (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, attempt, side,
    price, qty, status, reason, created_ms, filled_ms, code)
select :client_order_id, strategy_id, :run_id, :epoch, mode, exchange, symbol, :decided, :purpose,
    (select count(*) + 1 from orders
        where strategy_id = :strategy_id and timestamp = :decided and purpose = :purpose),
    :side, :price, :qty, :status, :reason, :decided_ms, :filled_ms, :code
from strategies where strategy_id = :strategy_id;

-- name: orders_attempts
-- How many orders of a purpose there are on a candle.
select count(*) from orders where strategy_id = :strategy_id and timestamp = :timestamp and purpose = :purpose;

-- name: trades_opened_under
-- The run under which a round trip was opened.
select entry_run_id from trades where strategy_id = :strategy_id and round_trip = :round_trip limit 1;

-- name: trades_insert
-- One execution of ours.
insert into trades (strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency,
    fee_quote, pnl, pnl_percent, timestamp, filled_ms, round_trip, entry_run_id, slippage, epoch, late, exchange_trade_id,
    stop, target, trailing_distance, cost, transaction_id)
select strategy_id, mode, :run_id, :client_order_id, exchange, symbol, :side, :price, :qty, :fee, :fee_currency,
    :fee_quote, :pnl, :pnl_percent, :timestamp, :filled_ms, :round_trip, :entry_run_id, :slippage, :epoch, :late,
    :exchange_trade_id, :stop, :target, :trailing_distance, :cost, :transaction_id
from strategies where strategy_id = :strategy_id;

-- name: equity_before
-- The newest equity point of a strategy before a bar.
select run_id, profit from equity where strategy_id = :strategy_id and timestamp < :first order by timestamp desc limit 1;

-- name: equity_correct
-- The point of a bar on which something was sold beside its decision.
insert into equity (strategy_id, timestamp, run_id, cash, qty, close, equity, profit)
values (:strategy_id, :timestamp, :run_id, :cash, :qty, :close, :equity, :profit)
on conflict (strategy_id, timestamp) do update set
    run_id = excluded.run_id, cash = excluded.cash, qty = excluded.qty, close = excluded.close, equity = excluded.equity,
    profit = excluded.profit;

-- name: equity_insert
-- A point of the equity curve.
insert into equity (strategy_id, timestamp, run_id, cash, qty, close, equity, profit)
values (:strategy_id, :timestamp, :run_id, :cash, :qty, :close, :equity, :profit);
