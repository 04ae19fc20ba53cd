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
-- What is known of a strategy so far: where it stands, then its sums in the order of db.trading.total_columns.
select strategy_id, decided_timestamp, equity, open_pnl, open_run_id, decision_timestamp, action, code, reason, decided_ms,
    decision_run_id, decided, held,
    started, start_profit, ended, highest, deepest_fall, midnight_profit, days, avg_change, change_squares, down_squares,
    point_closed, point_equity, point_capital, point_profit,
    total_trades, total_pnl, fees, first_trade_ms, last_trade_ms, round_trips, wins, losses, gains, lost, best_pnl,
    worst_pnl, avg_pnl, pnl_squares, returns, bars
from strategy_totals where strategy_id = :strategy_id;

-- name: totals_of_runs
-- The same sums of its runs, each with its newest day, those without a bar first, the others in the order in which they
-- began.
select t.run_id, t.decided, t.held,
    t.started, t.start_profit, t.ended, t.highest, t.deepest_fall, t.midnight_profit, t.days, t.avg_change, t.change_squares, t.down_squares,
    t.point_closed, t.point_equity, t.point_capital, t.point_profit,
    t.total_trades, t.total_pnl, t.fees, t.first_trade_ms, t.last_trade_ms, t.round_trips, t.wins, t.losses, t.gains, t.lost, t.best_pnl,
    t.worst_pnl, t.avg_pnl, t.pnl_squares, t.returns, t.bars,
    t.day, t.day_equity, t.day_capital, t.day_close, t.day_high, t.day_low, t.day_deepest_fall, t.day_decided, t.day_held, t.day_points, t.day_codes,
    r.capital
from run_totals t
join runs r on r.run_id = t.run_id
where t.strategy_id = :strategy_id
order by t.started nulls first, r.started_ms;

-- name: totals_of_run
-- The same of one run.
select run_id, decided, held,
    started, start_profit, ended, highest, deepest_fall, midnight_profit, days, avg_change, change_squares, down_squares,
    point_closed, point_equity, point_capital, point_profit,
    total_trades, total_pnl, fees, first_trade_ms, last_trade_ms, round_trips, wins, losses, gains, lost, best_pnl,
    worst_pnl, avg_pnl, pnl_squares, returns, bars,
    day, day_equity, day_capital, day_close, day_high, day_low, day_deepest_fall, day_decided, day_held, day_points, day_codes
from run_totals where run_id = :run_id;

-- name: totals_trips
-- Closed round trips of a strategy, from one to another.
select r.run_id, r.pnl, r."return" as gain, r.bars
from round_trips r
where r.strategy_id = :strategy_id and r.round_trip >= :first and r.round_trip <= :last
order by r.round_trip;

-- name: totals_trades
-- Fills of a strategy.
select entry_run_id, filled_ms, fee_quote, pnl
from trades
where strategy_id = :strategy_id
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

-- name: since_thinned
-- A strategy of which rows are gone of the day that a moment cuts: of bars that closed after its midnight and not after the
-- next there are fewer than were counted.
select t.strategy_id
from strategy_totals t
join strategy_bars s on s.strategy_id = t.strategy_id
where t.strategy_id = :strategy_id and t.started < :since and t.ended > :since and :since > :midnight and (
    (select count(*) from equity e where e.strategy_id = t.strategy_id
        and e.timestamp > :midnight - s.seconds and e.timestamp <= :midnight + 86400 - s.seconds),
    (select count(*) from decisions d where d.strategy_id = t.strategy_id
        and d.timestamp > :midnight - s.seconds and d.timestamp <= :midnight + 86400 - s.seconds)
) <> (
    select coalesce(sum(d.points), 0), coalesce(sum(d.decided), 0)
    from daily_summaries d
    where d.strategy_id = t.strategy_id and d.timestamp = :midnight);

-- name: since_days
-- The last finished day before a moment on which the equity of a strategy has moved, and all such days after it, but for one
-- that the moment cuts.
select run_id, timestamp, timestamp + 86400 as closed, equity, high, low, capital, deepest_fall
from daily_summaries
where strategy_id = :strategy_id and points > 0 and (timestamp <> :midnight or :since = :midnight) and timestamp >= coalesce((
    select max(d.timestamp) from daily_totals d
    where d.strategy_id = :strategy_id and d.timestamp < :midnight and d.points > 0), 0);

-- name: since_points
-- Points of the equity curve on a day that a moment cuts: at closes after its midnight and not after the next.
select e.timestamp, cast(:midnight as bigint) as midnight, e.timestamp + s.seconds as closed, e.profit
from strategy_bars s
join equity e on e.strategy_id = s.strategy_id
where s.strategy_id = :strategy_id and :since > :midnight
    and e.timestamp > :midnight - s.seconds and e.timestamp <= :midnight + 86400 - s.seconds
order by e.timestamp;

-- name: since_bars
-- Bars of a strategy that closed after a moment, and those after which something was held, by run: of the day that the
-- moment cuts by their rows.
select run_id, cast(sum(decided) as bigint) as decided, cast(sum(held) as bigint) as held
from (
    select run_id, decided, held
    from daily_summaries
    where strategy_id = :strategy_id and timestamp >= :since
    union all
    select d.run_id, 1, d.held
    from strategy_bars s
    join decisions d on d.strategy_id = s.strategy_id
    where s.strategy_id = :strategy_id and :since > :midnight
        and d.timestamp > :since - s.seconds and d.timestamp <= :midnight + 86400 - s.seconds)
group by run_id;

-- name: since_fills
-- Fills of a strategy from a moment on.
select entry_run_id, filled_ms, fee_quote, coalesce(pnl, 0) as pnl
from trades
where strategy_id = :strategy_id and filled_ms >= :since_ms;

-- name: since_first
-- The first round trip of a strategy that has a fill from a moment on.
select min(round_trip) from trades where strategy_id = :strategy_id and filled_ms >= :since_ms;

-- name: since_trips
-- Round trips of a strategy that were closed from a moment on, none of which is before the first that has a fill by then.
select run_id, pnl, "return" as gain, bars
from round_trips
where strategy_id = :strategy_id and exit_ms >= :since_ms and round_trip >= :first;

-- name: since_strategies
-- Totals of this connection's own, which stand before the stored ones: none yet.
create temp table strategy_totals as select * from main.strategy_totals where strategy_id is null;

-- name: since_runs
-- The same of runs.
create temp table run_totals as select * from main.run_totals where run_id is null;

-- name: since_runs_index
-- By which they are found.
create unique index idx_since_runs on run_totals (run_id);

-- name: since_strategies_index
-- By which they are found.
create unique index idx_since_strategies on strategy_totals (strategy_id);

-- name: since_take_strategy
-- The totals of a strategy, as they are stored.
insert into temp.strategy_totals select * from main.strategy_totals where strategy_id = :strategy_id;

-- name: since_take_runs
-- Those of its runs.
insert into temp.run_totals select * from main.run_totals where strategy_id = :strategy_id;
