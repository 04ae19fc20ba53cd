-- The reports: views over trades, equity, decisions and the totals that turns keep. docs/metrics.md defines every column.
-- Undefined is NULL. Money is in the quote currency of the strategy; amounts of different quotes are never summed.
-- In an SQLite file they use nothing but built-in functions, so that any client that opens it read-only can read them.
-- A sum of REALs has noise behind the 15 digits that are money (domain/money.py): of amounts of one sign those are kept,
-- `significant(sum)`; of gains and losses at most 8 decimals, and what 15 digits leave to the larger of two amounts in it,
-- `rounded(sum, one, other)`. These, and `utc_day`, are what each engine makes of them (db/sqlite/dialect.py).
-- What the engines cannot share stands in a file for each: db/sqlite/views.sql, db/postgres/views.sql.

-- From when on reports count, Unix seconds: the beginning, unless `fleet report --since` puts another in its place.
create view period as
select 0 as since;

-- Strategies with the length of a bar in seconds.
create view strategy_bars as
select s.*,
    cast(substr(s.timeframe, 1, length(s.timeframe) - 1) as bigint)
        * case substr(s.timeframe, length(s.timeframe)) when 'm' then 60 when 'h' then 3600 when 'd' then 86400 else 604800 end as seconds
from strategies s;

-- How long the strategies took for each candle that they waited for, in milliseconds of real time on the machine's clock:
-- from its coming in until a trader saw it (`seen_after_ms`), and until the decision was written, right before its commit.
create view latency as
select d.strategy_id, s.exchange, s.symbol, s.timeframe, d.timestamp, d.stored_ms, d.seen_ms, d.recorded_ms,
    d.seen_ms - d.stored_ms as seen_after_ms, d.recorded_ms - d.stored_ms as recorded_after_ms
from decisions d
join strategies s on s.strategy_id = d.strategy_id
where d.recorded_ms is not null;

-- Every closed round trip: entry to flat. `return` is pnl / entry_cost; bars and hours from first entry to last exit;
-- stop, target and the distance of the trailing stop as the entry has fixed them; `exit_code` says why it was closed.
create view round_trips as
with trips as (
    select
        t.strategy_id,
        t.round_trip,
        min(t.entry_run_id) as run_id,
        min(t.timestamp) as entry_timestamp,
        max(t.timestamp) as exit_timestamp,
        case count(*) filter (where t.side = 'buy') when 1 then max(t.price) filter (where t.side = 'buy')
            else sum(t.price * t.qty) filter (where t.side = 'buy') / sum(t.qty) filter (where t.side = 'buy') end
            as entry_price,
        case count(*) filter (where t.side = 'sell') when 1 then max(t.price) filter (where t.side = 'sell')
            else sum(t.price * t.qty) filter (where t.side = 'sell') / sum(t.qty) filter (where t.side = 'sell') end
            as exit_price,
        significant(sum(t.qty) filter (where t.side = 'sell')) as qty,
        sum(t.cost) filter (where t.side = 'buy') as entry_cost,
        case count(t.pnl) when 1 then max(t.pnl) else rounded(sum(t.pnl), max(abs(t.pnl)), abs(sum(t.pnl))) end as pnl,
        sum(t.pnl) / sum(t.cost) filter (where t.side = 'buy') as "return",
        significant(sum(t.fee_quote)) as fees,
        max(t.late) as late,
        max(t.filled_ms) as exit_ms,
        min(t.stop) as stop,
        min(t.target) as target,
        min(t.trailing_distance) as trailing_distance,
        max(t.trade_id) as exit_trade_id
    from trades t
    join positions p on p.strategy_id = t.strategy_id
    where t.round_trip < p.round_trip or p.entry_timestamp is null
    group by t.strategy_id, t.round_trip
    having count(*) filter (where t.side = 'sell') > 0
)
select
    r.strategy_id, s.mode, r.run_id, r.round_trip, s.exchange, s.symbol, s.timeframe, s.quote,
    r.entry_timestamp, r.exit_timestamp, r.entry_price, r.exit_price, r.qty, r.entry_cost, r.pnl, r."return", r.fees,
    (r.exit_timestamp - r.entry_timestamp) / s.seconds as bars,
    (r.exit_timestamp - r.entry_timestamp) / 3600.0 as hours,
    r.late, r.exit_ms, r.stop, r.target, r.trailing_distance, r.exit_trade_id,
    o.code as exit_code
from trips r
join strategy_bars s on s.strategy_id = r.strategy_id
left join trades t on t.trade_id = r.exit_trade_id
left join orders o on o.client_order_id = t.client_order_id;

-- The equity curve: one row for every candle at whose close it changed. `profit` leaves deposits and withdrawals out.
create view equity_curve as
select
    e.strategy_id,
    s.mode,
    s.quote,
    e.run_id,
    e.timestamp,
    e.timestamp + s.seconds as closed,
    e.cash,
    e.qty,
    e.close,
    e.equity,
    r.capital,
    e.profit
from equity e
join runs r on r.run_id = e.run_id
join strategy_bars s on s.strategy_id = e.strategy_id;

-- The running sums of each strategy ('strategy') and of each run ('run').
create view sums as
select
    'strategy' as level, strategy_id as owner, decided, held, started, start_profit, ended, highest, deepest_fall, days,
    avg_change, change_squares, down_squares, point_equity, point_capital, point_profit, total_trades, total_pnl, fees,
    first_trade_ms, last_trade_ms, round_trips, wins, losses, gains, lost, best_pnl, worst_pnl, avg_pnl, pnl_squares,
    returns, bars
from strategy_totals
union all
select
    'run', run_id, decided, held, started, start_profit, ended, highest, deepest_fall, days,
    avg_change, change_squares, down_squares, point_equity, point_capital, point_profit, total_trades, total_pnl, fees,
    first_trade_ms, last_trade_ms, round_trips, wins, losses, gains, lost, best_pnl, worst_pnl, avg_pnl, pnl_squares,
    returns, bars
from run_totals;

-- What they come to. The newest point still falls from the highest one before it; NULL before the first bar.
create view measures as
with falls as (
    select
        s.*,
        case
            when point_profit < highest and point_capital + highest > 0
                and (highest - point_profit) / (point_capital + highest) > deepest_fall
                then (highest - point_profit) / (point_capital + highest)
            else deepest_fall
        end as max_drawdown,
        case when point_capital + start_profit > 0 then point_equity / (point_capital + start_profit) end as growth,
        ended - started as seconds
    from sums s
)
select
    level, owner, total_trades, round_trips, wins, losses,
    1.0 * wins / nullif(round_trips, 0) as win_rate,
    total_pnl,
    case when round_trips > 0 then avg_pnl end as avg_pnl,
    returns / nullif(round_trips, 0) as avg_return,
    gains / nullif(lost, 0) as profit_factor,
    best_pnl, worst_pnl,
    1.0 * bars / nullif(round_trips, 0) as avg_bars,
    fees, max_drawdown,
    1.0 * held / nullif(decided, 0) as exposure,
    case when days >= 2 and change_squares > 0 then avg_change / sqrt(change_squares / (days - 1)) * sqrt(365) end as sharpe,
    case when down_squares > 0 then avg_change / sqrt(down_squares / days) * sqrt(365) end as sortino,
    case
        when seconds >= 30 * 86400 and max_drawdown > 0
            then (pow(growth, 365.0 * 86400 / seconds) - 1) / max_drawdown
    end as calmar,
    case
        when round_trips >= 2 and pnl_squares > 0
            then sqrt(round_trips) * avg_pnl / sqrt(pnl_squares / (round_trips - 1))
    end as sqn,
    first_trade_ms, last_trade_ms
from falls;

-- What each run did on each day: at the closes of its bars after one midnight and not after the next. high, low and
-- deepest_fall are of the equity from that midnight on (on its first day from the run's start on), what it began with
-- included.
create view daily_summaries as
select strategy_id, run_id, timestamp, equity, capital, close, high, low, deepest_fall, decided, held, points, codes
from daily_totals
union all
select
    strategy_id, run_id, day, day_equity, day_capital, day_close, day_high, day_low, day_deepest_fall, day_decided,
    day_held, day_points, day_codes
from run_totals
where day is not null;

-- Where each strategy stands: what it holds marked at the close of the newest decided bar, before exit fee: the open
-- position, and what was too little to sell of earlier ones.
create view standings as
select
    p.strategy_id, p.cash, p.cost, p.qty, p.qty as open_qty, t.open_pnl, t.equity, t.open_run_id,
    case when p.round_trip > 0 then 1 else 0 end as traded
from positions p
join strategy_totals t on t.strategy_id = p.strategy_id;

-- One row per strategy that is enabled, also without trades, or ever traded.
create view strategy_performance as
select
    s.strategy_id, s.mode, s.quote, s.exchange, s.symbol, s.timeframe, s.kind, s.capital,
    m.total_trades, m.round_trips, m.wins, m.losses, m.win_rate, m.total_pnl,
    m.total_pnl / s.capital as total_return,
    m.avg_pnl, m.avg_return, m.profit_factor, m.best_pnl, m.worst_pnl, m.avg_bars,
    m.avg_bars * s.seconds / 3600 as avg_hours,
    m.fees, m.max_drawdown, m.exposure, m.sharpe, m.sortino, m.calmar, m.sqn, m.first_trade_ms, m.last_trade_ms,
    w.open_qty, w.open_pnl, w.equity, s.enabled
from strategy_bars s
join standings w on w.strategy_id = s.strategy_id
join measures m on m.level = 'strategy' and m.owner = s.strategy_id
where s.enabled = 1 or w.traded = 1;

-- One row per run: a configuration of a strategy while it traded. What is held belongs to the run that bought it last;
-- the equity of a run that is over is its last.
create view run_performance as
select
    r.run_id, r.strategy_id, s.mode, s.quote, s.exchange, s.symbol, s.timeframe, r.capital, r.started_ms,
    m.total_trades, m.round_trips, m.wins, m.losses, m.win_rate, m.total_pnl,
    m.total_pnl / r.capital as total_return,
    m.avg_pnl, m.avg_return, m.profit_factor, m.best_pnl, m.worst_pnl, m.avg_bars,
    m.avg_bars * s.seconds / 3600 as avg_hours,
    m.fees, m.max_drawdown, m.exposure, m.sharpe, m.sortino, m.calmar, m.sqn, m.first_trade_ms, m.last_trade_ms,
    case when w.open_run_id = r.run_id then w.open_qty else 0 end as open_qty,
    case when w.open_run_id = r.run_id then w.open_pnl else 0 end as open_pnl,
    case when s.run_id = r.run_id then w.equity else t.point_equity end as equity
from runs r
join strategy_bars s on s.strategy_id = r.strategy_id
join standings w on w.strategy_id = r.strategy_id
join run_totals t on t.run_id = r.run_id
join measures m on m.level = 'run' and m.owner = r.run_id;

-- Strategies by total return, best first, within their quote currency.
create view leaderboard as
select
    rank() over (partition by quote order by total_return desc) as place,
    quote, strategy_id, mode, symbol, timeframe, kind, round_trips, win_rate, total_pnl, total_return, max_drawdown,
    sharpe, profit_factor, equity, enabled
from strategy_performance
order by quote, place, strategy_id;

-- Realised profit and fees by UTC day of the fill.
create view daily_pnl as
select
    utc_day(t.filled_ms) as day, t.strategy_id, t.mode, s.quote,
    count(*) as total_trades,
    coalesce(rounded(sum(t.pnl), max(abs(t.pnl)), abs(sum(t.pnl))), 0) as pnl,
    significant(sum(t.fee_quote)) as fees
from trades t
join strategies s on s.strategy_id = t.strategy_id
where t.filled_ms >= 1000 * (select since from period)
group by day, t.strategy_id, t.mode, s.quote;

-- What each strategy holds of which coin, worth at the last decided close. The symbol of a market is COIN/QUOTE.
create view holdings as
select
    s.strategy_id, s.mode, s.exchange, s.symbol, s.timeframe, s.quote,
    substr(s.symbol, 1, length(s.symbol) - length(s.quote) - 1) as coin,
    w.open_qty,
    rounded(w.cost + w.open_pnl, w.cost, abs(w.open_pnl)) as value,
    w.equity, w.open_pnl
from strategies s
join standings w on w.strategy_id = s.strategy_id
where s.enabled = 1 or w.open_qty > 0;

-- What is held now: of each coin, at each exchange, and by the whole fleet; `share` of the equity of the strategies that
-- trade there. Amounts of different quotes are never added.
create view exposure as
with scopes as (
    select 'coin' as scope, coin as name, holdings.* from holdings
    union all
    select 'exchange', exchange, holdings.* from holdings
    union all
    select 'fleet', 'all', holdings.* from holdings
)
select
    scope, name, mode, quote,
    count(*) as strategies,
    sum(case when open_qty > 0 then 1 else 0 end) as holding,
    significant(sum(value)) as value,
    significant(sum(equity)) as equity,
    sum(value) / nullif(sum(equity), 0) as share,
    rounded(sum(open_pnl), max(abs(open_pnl)), abs(sum(open_pnl))) as open_pnl
from scopes
group by scope, name, mode, quote
order by scope, value desc, name;

-- Strategies that trade a coin that others trade too, with how many these are and how many of them hold it now: one fall
-- hits them all.
create view overlap as
with counted as (
    select
        holdings.*,
        count(*) over (partition by mode, coin) as trading,
        sum(case when open_qty > 0 then 1 else 0 end) over (partition by mode, coin) as holding
    from holdings
)
select coin, mode, strategy_id, exchange, symbol, timeframe, quote, open_qty, value, trading, holding
from counted
where trading > 1
order by holding desc, coin, mode, strategy_id;

-- The days of each strategy in their order, profits being equity less capital; and the month of each day as a whole
-- number, 202601 for January 2026 (the civil calendar from days: howardhinnant.github.io/date_algorithms.html).
create view strategy_days as
with days as (
    select
        d.strategy_id, d.run_id, d.timestamp, d.equity, d.capital,
        rounded(d.equity - d.capital, d.equity, d.capital) as profit,
        d.high - d.capital as highest, d.low - d.capital as lowest, d.deepest_fall,
        row_number() over (partition by d.strategy_id order by d.timestamp, r.started_ms, r.run_id) as place,
        d.timestamp / 86400 + 719468 as day
    from daily_summaries d
    join runs r on r.run_id = d.run_id
    where d.timestamp + 86400 > (select since from period)
),
eras as (select days.*, day / 146097 as era, day % 146097 as era_day from days),
years as (
    select eras.*, (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365 as era_year from eras
),
parts as (
    select years.*, (5 * (era_day - (365 * era_year + era_year / 4 - era_year / 100)) + 2) / 153 as march from years
)
select
    strategy_id, run_id, timestamp, equity, capital, profit, highest, lowest, deepest_fall, place,
    case
        when march < 10 then 100 * (era * 400 + era_year) + march + 3
        else 100 * (era * 400 + era_year + 1) + march - 9
    end as month
from parts;

-- What each strategy made in each month (202601): profit, and as a part of what it began the month with, deposits of the
-- month included.
create view monthly_returns as
with ends as (
    select
        d.*,
        row_number() over (partition by strategy_id, month order by place desc) as from_end
    from strategy_days d
),
months as (
    select
        e.*,
        lag(e.profit) over (partition by e.strategy_id order by e.month) as before
    from ends e
    where e.from_end = 1
),
begun as (
    select m.*, coalesce(m.before, t.start_profit) as start_profit
    from months m
    join strategy_totals t on t.strategy_id = m.strategy_id
)
select
    b.strategy_id, s.mode, s.quote, b.month,
    rounded(b.profit - b.start_profit, abs(b.profit), abs(b.start_profit)) as profit,
    (b.profit - b.start_profit) / nullif(b.capital + b.start_profit, 0) as "return",
    b.equity
from begun b
join strategies s on s.strategy_id = b.strategy_id
order by b.strategy_id, b.month;

-- Why round trips of each strategy were closed, and what each of these reasons brought.
create view exit_reasons as
select
    strategy_id, mode, quote, exit_code,
    count(*) as round_trips,
    sum(case when pnl > 0 then 1 else 0 end) as wins,
    rounded(sum(pnl), max(abs(pnl)), abs(sum(pnl))) as total_pnl,
    avg("return") as avg_return,
    1.0 * sum(bars) / count(*) as avg_bars
from round_trips
where exit_ms >= 1000 * (select since from period)
group by strategy_id, mode, quote, exit_code
order by strategy_id, round_trips desc, exit_code;

-- Each strategy beside one that buys at the start, at no fee, and holds: both from the same moment to the same close.
create view buy_and_hold as
with prices as (
    select
        s.strategy_id, s.mode, s.quote, s.exchange, s.symbol, s.timeframe, t.started, t.ended, r.day_close as last_price,
        t.point_equity / nullif(t.point_capital + t.start_profit, 0) - 1 as strategy_return,
        coalesce(
            (
                select c.close
                from ohlcv_data c
                where c.exchange = s.exchange and c.symbol = s.symbol and c.timeframe = s.timeframe
                    and c.timestamp <= t.started - s.seconds
                order by c.timestamp desc
                limit 1
            ),
            (
                select c.open
                from ohlcv_data c
                where c.exchange = s.exchange and c.symbol = s.symbol and c.timeframe = s.timeframe
                    and c.timestamp >= t.started
                order by c.timestamp
                limit 1
            )
        ) as first_price
    from strategy_bars s
    join strategy_totals t on t.strategy_id = s.strategy_id
    join run_totals r on r.run_id = s.run_id
    where t.started is not null
)
select
    strategy_id, mode, quote, exchange, symbol, timeframe, started as start_timestamp, ended as end_timestamp,
    first_price, last_price, strategy_return,
    last_price / first_price - 1 as hold_return,
    strategy_return - (last_price / first_price - 1) as ahead
from prices
order by ahead desc, strategy_id;

-- The drawdowns of each strategy, day by day: from the day of a high to that of the next higher one (NULL while it
-- lasts), and how deep the equity fell meanwhile; the deepest is its max_drawdown. On the day of a new high a low that
-- came before it belongs to the drawdown that it ends, and of the one that begins only the day's close is known. All
-- times are midnights: no low stands before the high that it fell from.
create view drawdowns as
with highs as (
    select
        d.*, t.started,
        coalesce(
            max(d.highest) over (
                partition by d.strategy_id order by d.place rows between unbounded preceding and 1 preceding
            ),
            t.start_profit
        ) as earlier_high,
        t.start_profit
    from strategy_days d
    join strategy_totals t on t.strategy_id = d.strategy_id
),
falls as (
    select
        h.*,
        case when earlier_high > start_profit then earlier_high else start_profit end as before
    from highs h
),
marked as (
    select
        f.*,
        case when highest > before then 1 else 0 end as is_high,
        case when capital + before > 0 and lowest < before then (before - lowest) / (capital + before) else 0 end
            as from_high,
        case when (highest - lowest) / nullif(capital + highest, 0) > deepest_fall + 1e-12 then 1 else 0 end as low_first
    from falls f
),
numbered as (
    select
        m.*,
        case when from_high > deepest_fall then from_high else deepest_fall end as deepest,
        sum(is_high) over (partition by strategy_id order by place) as number
    from marked m
),
parts as (
    select
        strategy_id, timestamp,
        number - is_high * low_first as number,
        case when is_high = 1 and low_first = 0 then deepest_fall else deepest end as depth
    from numbered
    union all
    select strategy_id, timestamp, number, (highest - profit) / (capital + highest)
    from numbered
    where is_high = 1 and low_first = 1
),
depths as (
    select
        p.strategy_id, p.number, p.timestamp, p.depth,
        row_number() over (partition by p.strategy_id, p.number order by p.depth desc, p.timestamp) as place
    from parts p
),
begins as (select strategy_id, number, min(timestamp) as timestamp from numbered group by strategy_id, number)
select
    d.strategy_id, s.mode, s.quote, d.depth,
    case when d.number = 0 then t.started - t.started % 86400 else b.timestamp end as high_timestamp,
    d.timestamp as lowest_timestamp,
    n.timestamp as recovered_timestamp
from depths d
join strategies s on s.strategy_id = d.strategy_id
join strategy_totals t on t.strategy_id = d.strategy_id
left join begins b on b.strategy_id = d.strategy_id and b.number = d.number
left join begins n on n.strategy_id = d.strategy_id and n.number = d.number + 1
where d.place = 1 and d.depth > 0
order by d.depth desc, d.strategy_id;
