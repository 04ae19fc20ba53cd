-- name: rebinding_ordered
-- Whether a strategy ever ordered anything.
select 1 from orders where strategy_id = :strategy_id limit 1;

-- name: rebinding_mark
-- Up to where a strategy has decided, and the newest candle of the series that it goes to.
select t.decided_timestamp, h.last_timestamp
from strategy_totals t
left join series_heads h on h.exchange = :exchange and h.symbol = :symbol and h.timeframe = :timeframe
where t.strategy_id = :strategy_id;

-- name: rebinding_forget_decisions
-- What an id that is not bound yet has decided on the series of before: that it was warming up.
delete from decisions where strategy_id = :strategy_id;

-- name: rebinding_forget_equity
-- What it was worth meanwhile.
delete from equity where strategy_id = :strategy_id;

-- name: rebinding_forget_days
-- Its days.
delete from daily_totals where strategy_id = :strategy_id;

-- name: rebinding_forget_runs
-- The totals of its runs; the runs stay.
delete from run_totals where strategy_id = :strategy_id;

-- name: rebinding_forget_retention
-- How far its rows were thinned.
delete from retention_marks where strategy_id = :strategy_id;

-- name: rebinding_forget_totals
-- Its totals.
delete from strategy_totals where strategy_id = :strategy_id;

-- name: rebinding_forget_position
-- Its ledger, in which nothing was traded.
delete from positions where strategy_id = :strategy_id;

-- name: rebinding_bind
-- It trades this from now on.
update strategies set exchange = :exchange, symbol = :symbol, timeframe = :timeframe, mode = :mode, quote = :quote,
    enabled = 1, last_error = null
where strategy_id = :strategy_id;
