-- name: totals_open
-- The totals of a new strategy; where its id was freed by another one, that much is decided.
insert into strategy_totals (strategy_id, decided_timestamp, equity, open_pnl)
values (:strategy_id, :decided, :equity, 0);

-- name: totals_open_run
-- The totals of a new run.
insert into run_totals (run_id, strategy_id) values (:run_id, :strategy_id);

-- name: totals_deposit
-- What was paid in or out is equity at once.
update strategy_totals set equity = :equity where strategy_id = :strategy_id;

-- name: totals_of_strategy
-- What is known of a strategy so far.
select * from strategy_totals where strategy_id = :strategy_id;

-- name: totals_of_runs
-- The same of its runs, those without a bar first, the others in the order in which they began.
select t.*, r.capital
from run_totals t
join runs r on r.run_id = t.run_id
where t.strategy_id = :strategy_id
order by t.started, r.started_ms;

-- name: totals_of_run
-- The same of one run.
select * from run_totals where run_id = :run_id;

-- name: totals_trips
-- Closed round trips of a strategy, from one to another.
select r.round_trip, r.run_id, r.pnl, r."return" as gain, r.bars, r.exit_ms
from round_trips r
where r.strategy_id = :strategy_id and r.round_trip >= :first and r.round_trip <= :last
order by r.round_trip;

-- name: totals_fills
-- Fills of a strategy from a moment on.
select round_trip, entry_run_id, filled_ms, fee_quote, pnl
from trades
where strategy_id = :strategy_id and filled_ms >= :since_ms
order by trade_id;

-- name: totals_points
-- Points of the equity curve between two bars.
select timestamp, profit
from equity
where strategy_id = :strategy_id and timestamp >= :first and timestamp <= :last
order by timestamp;

-- name: totals_save_strategy
-- The totals of a strategy after a turn.
update strategy_totals set
    decided_timestamp = :decided_timestamp, decision_timestamp = :decision_timestamp, action = :action, code = :code,
    reason = :reason, decided_ms = :decided_ms, decision_run_id = :decision_run_id, equity = :equity,
    open_pnl = :open_pnl, open_run_id = :open_run_id,
    decided = :decided, held = :held,
    started = :started, start_profit = :start_profit, ended = :ended, highest = :highest, deepest_fall = :deepest_fall,
    midnight_profit = :midnight_profit, days = :days, avg_change = :avg_change, change_squares = :change_squares,
    down_squares = :down_squares, point_closed = :point_closed, point_equity = :point_equity,
    point_capital = :point_capital, point_profit = :point_profit,
    total_trades = :total_trades, total_pnl = :total_pnl, fees = :fees, first_trade_ms = :first_trade_ms,
    last_trade_ms = :last_trade_ms, round_trips = :round_trips, wins = :wins, losses = :losses, gains = :gains,
    lost = :lost, best_pnl = :best_pnl, worst_pnl = :worst_pnl, avg_pnl = :avg_pnl, pnl_squares = :pnl_squares,
    returns = :returns, bars = :bars
where strategy_id = :strategy_id;

-- name: totals_save_run
-- The totals of a run after a turn, with its newest day.
update run_totals set
    decided = :decided, held = :held,
    started = :started, start_profit = :start_profit, ended = :ended, highest = :highest, deepest_fall = :deepest_fall,
    midnight_profit = :midnight_profit, days = :days, avg_change = :avg_change, change_squares = :change_squares,
    down_squares = :down_squares, point_closed = :point_closed, point_equity = :point_equity,
    point_capital = :point_capital, point_profit = :point_profit,
    total_trades = :total_trades, total_pnl = :total_pnl, fees = :fees, first_trade_ms = :first_trade_ms,
    last_trade_ms = :last_trade_ms, round_trips = :round_trips, wins = :wins, losses = :losses, gains = :gains,
    lost = :lost, best_pnl = :best_pnl, worst_pnl = :worst_pnl, avg_pnl = :avg_pnl, pnl_squares = :pnl_squares,
    returns = :returns, bars = :bars,
    day = :day, day_equity = :day_equity, day_capital = :day_capital, day_close = :day_close, day_high = :day_high,
    day_low = :day_low, day_deepest_fall = :day_deepest_fall, day_decided = :day_decided, day_held = :day_held,
    day_points = :day_points, day_codes = :day_codes
where run_id = :run_id;

-- name: totals_finish_day
-- A day after which another one has begun.
insert into daily_totals (strategy_id, timestamp, run_id, equity, capital, close, high, low, deepest_fall, decided, held,
    points, codes)
values (:strategy_id, :day, :run_id, :day_equity, :day_capital, :day_close, :day_high, :day_low, :day_deepest_fall, :day_decided,
    :day_held, :day_points, :day_codes);

-- name: totals_missing
-- Strategies of an older release: nothing but what its rows could not tell is known of them.
select strategy_id from strategy_totals
where started is null and (
    exists (select 1 from equity e where e.strategy_id = strategy_totals.strategy_id)
    or exists (select 1 from trades t where t.strategy_id = strategy_totals.strategy_id)
    or exists (select 1 from decisions d where d.strategy_id = strategy_totals.strategy_id))
order by strategy_id;

-- name: totals_bars
-- Every bar of a strategy of which a row is left, oldest first: what was decided, and the equity where it changed.
select b.timestamp, coalesce(d.run_id, e.run_id) as run_id, d.action, d.code, d.reason, d.decided_ms, d.held, e.qty, e.profit,
    coalesce(e.close, o.close) as close
from (
    select timestamp from decisions where strategy_id = :strategy_id
    union
    select timestamp from equity where strategy_id = :strategy_id
) b
join strategies s on s.strategy_id = :strategy_id
left join decisions d on d.strategy_id = s.strategy_id and d.timestamp = b.timestamp
left join equity e on e.strategy_id = s.strategy_id and e.timestamp = b.timestamp
left join ohlcv_data o on o.exchange = s.exchange and o.symbol = s.symbol and o.timeframe = s.timeframe
    and o.timestamp = b.timestamp
order by b.timestamp;

-- name: totals_opened_last
-- The run of the newest fill.
select entry_run_id from trades where strategy_id = :strategy_id order by trade_id desc limit 1;

-- name: totals_strategies
-- Every strategy that has totals.
select strategy_id from strategy_totals order by strategy_id;

-- name: totals_days
-- The finished days of a strategy from the last one before a midnight on.
select *
from daily_totals
where strategy_id = :strategy_id and timestamp >= coalesce(
    (select max(d.timestamp) from daily_totals d where d.strategy_id = :strategy_id and d.timestamp < :midnight), :midnight)
order by timestamp;

-- name: totals_decisions
-- What was decided between two bars.
select timestamp, run_id, held
from decisions
where strategy_id = :strategy_id and timestamp >= :first and timestamp <= :last
order by timestamp;

-- name: since_strategies
-- Totals of this connection's own, which stand before the stored ones: none yet.
create temp table strategy_totals as select * from main.strategy_totals where strategy_id is null;

-- name: since_runs
-- The same of runs.
create temp table run_totals as select * from main.run_totals where run_id is null;

-- name: since_runs_index
-- By which they are found.
create unique index temp.idx_since_runs on run_totals (run_id);

-- name: since_strategies_index
-- By which they are found.
create unique index temp.idx_since_strategies on strategy_totals (strategy_id);

-- name: since_take_strategy
-- The totals of a strategy, as they are stored.
insert into temp.strategy_totals select * from main.strategy_totals where strategy_id = :strategy_id;

-- name: since_take_runs
-- Those of its runs.
insert into temp.run_totals select * from main.run_totals where strategy_id = :strategy_id;
