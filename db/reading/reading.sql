-- name: reports_strategy_performance
-- One row per strategy that is enabled or ever traded.
select * from strategy_performance order by strategy_id;

-- name: reports_run_performance
-- One row per run, oldest first.
select * from run_performance order by strategy_id, started_ms, run_id;

-- name: reports_round_trips
-- Closed round trips, oldest first.
select * from round_trips
where exit_ms >= 1000 * (select since from period)
order by strategy_id, round_trip;

-- name: reports_equity_curve
-- Equity, oldest first.
select strategy_id, mode, quote, run_id, timestamp, closed, cash, qty, close, equity, capital, profit
from equity_curve
where closed >= (select since from period)
order by strategy_id, timestamp;

-- name: reports_leaderboard
-- Strategies, best first.
select * from leaderboard;

-- name: reports_daily_pnl
-- Realised profit by day, oldest first.
select * from daily_pnl order by day, strategy_id;

-- name: reports_indicator_values
-- Indicator values, oldest first.
select * from indicator_values
where timestamp >= (select since from period)
order by strategy_id, timestamp, name;

-- name: reports_latency
-- How long each candle took, oldest first.
select * from latency
where timestamp >= (select since from period)
order by strategy_id, timestamp;

-- name: reports_daily_summaries
-- What each run did on each day, oldest first.
select strategy_id, run_id, timestamp, equity, capital, close, high, low, deepest_fall, decided, held, points, codes
from daily_summaries
where timestamp + 86400 > (select since from period)
order by strategy_id, timestamp, run_id;

-- name: reports_totals
-- The fleet, by quote currency.
select quote, count(*) as strategies, cast(sum(case when enabled = 0 then 1 else 0 end) as bigint) as removed,
    cast(sum(total_trades) as bigint) as total_trades, cast(sum(round_trips) as bigint) as round_trips,
    rounded(sum(total_pnl), max(abs(total_pnl)), abs(sum(total_pnl))) as total_pnl,
    rounded(sum(open_pnl), max(abs(open_pnl)), abs(sum(open_pnl))) as open_pnl,
    significant(sum(fees)) as fees,
    significant(sum(capital)) as capital,
    significant(sum(equity)) as equity
from strategy_performance
group by quote
order by quote;

-- name: reports_exposure
-- What is held of each coin, at each exchange and in all, largest first.
select * from exposure
order by scope, value desc, name;

-- name: reports_overlap
-- Strategies that trade the same coin, most held first.
select * from overlap
order by holding desc, coin, mode, strategy_id;

-- name: reports_monthly_returns
-- Months of each strategy, oldest first.
select * from monthly_returns
order by strategy_id, month;

-- name: reports_exit_reasons
-- Why round trips were closed, most frequent first.
select * from exit_reasons
order by strategy_id, round_trips desc, exit_code;

-- name: reports_buy_and_hold
-- Strategies beside holding the coin, furthest ahead first.
select * from buy_and_hold
order by ahead desc, strategy_id;

-- name: reports_drawdowns
-- Drawdowns, deepest first.
select * from drawdowns
order by depth desc, strategy_id, high_timestamp;
