-- The reports: views over trades, equity and decisions. docs/metrics.md defines every column.
-- Undefined is NULL. Money is in the quote currency of the strategy; amounts of different quotes are never summed.
-- They use nothing but SQLite's built-in functions, so that any client that opens the file read-only can read them.

-- From when on reports count, Unix seconds: the beginning, unless `fleet report --since` puts another in its place.
create view period as
select 0 as since;

-- Strategies with the length of a bar in seconds.
create view strategy_bars as
select s.*,
    cast(s.timeframe as integer)
        * case substr(s.timeframe, -1) when 'm' then 60 when 'h' then 3600 when 'd' then 86400 else 604800 end as seconds
from strategies s;

-- Every closed round trip: entry to flat. `return` is pnl / entry_cost; bars and hours from first entry to last exit;
-- stop, target and the distance of the trailing stop as the entry has fixed them; `exit_code` says why it was closed.
create view round_trips as
with trips as (
    select
        t.strategy_id,
        s.mode,
        t.entry_run_id as run_id,
        t.round_trip,
        s.exchange,
        s.symbol,
        s.timeframe,
        s.quote,
        min(t.timestamp) as entry_timestamp,
        max(t.timestamp) as exit_timestamp,
        sum(t.price * t.qty) filter (where t.side = 'buy') / sum(t.qty) filter (where t.side = 'buy') as entry_price,
        sum(t.price * t.qty) filter (where t.side = 'sell') / sum(t.qty) filter (where t.side = 'sell') as exit_price,
        sum(t.qty) filter (where t.side = 'sell') as qty,
        round(sum(t.price * t.qty + iif(t.fee_currency = s.quote, t.fee_quote, 0)) filter (where t.side = 'buy'), 8)
            as entry_cost,
        round(sum(t.pnl), 8) as pnl,
        sum(t.pnl)
            / sum(t.price * t.qty + iif(t.fee_currency = s.quote, t.fee_quote, 0)) filter (where t.side = 'buy') as "return",
        round(sum(t.fee_quote), 8) as fees,
        (max(t.timestamp) - min(t.timestamp)) / s.seconds as bars,
        (max(t.timestamp) - min(t.timestamp)) / 3600.0 as hours,
        max(t.late) as late,
        max(t.filled_ms) as exit_ms,
        min(t.stop) as stop,
        min(t.target) as target,
        min(t.trailing) as trailing,
        max(t.trade_id) as exit_trade_id
    from trades t
    join strategy_bars s on s.strategy_id = t.strategy_id
    join positions p on p.strategy_id = t.strategy_id
    where t.round_trip < p.round_trip or p.entry_timestamp is null
    group by t.strategy_id, t.round_trip
    having sum(t.side = 'sell') > 0
)
select r.*, o.code as exit_code
from trips r
join trades t on t.trade_id = r.exit_trade_id
join orders o on o.client_order_id = t.client_order_id;

-- The equity curve: one row for every candle at whose close it changed. `profit` leaves deposits and withdrawals out;
-- `profit_before` is that of the point before.
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
    e.equity - r.capital as profit,
    coalesce(lag(e.equity - r.capital) over (partition by e.strategy_id order by e.timestamp), 0) as profit_before
from equity e
join runs r on r.run_id = e.run_id
join strategy_bars s on s.strategy_id = e.strategy_id;

-- From when to when each strategy ('strategy') and each run ('run') is followed: from the open of its first bar, or from
-- where reports count, to the close of its newest one.
create view lives as
with firsts as (
    select 'strategy' as level, strategy_id as owner, strategy_id, min(timestamp) as opened
    from equity
    group by strategy_id
    union all
    select 'run', run_id, strategy_id, min(timestamp)
    from equity
    group by strategy_id, run_id
),
ends as (
    select
        f.level, f.owner, f.strategy_id, f.opened,
        coalesce(
            case when f.level = 'run' then lead(f.opened) over (partition by f.level, f.strategy_id order by f.opened) end,
            t.decided_timestamp + s.seconds
        ) as ended
    from firsts f
    join strategy_bars s on s.strategy_id = f.strategy_id
    join strategy_totals t on t.strategy_id = f.strategy_id
)
select
    level, owner, strategy_id, ended,
    case when opened < (select since from period) then (select since from period) else opened end as started
from ends;

-- What each of them is measured by: its start, with the profit that it found, and the points after it.
create view followed as
with points as (
    select 'strategy' as level, strategy_id as owner, closed, profit, profit_before, capital from equity_curve
    union all
    select 'run', run_id, closed, profit, profit_before, capital from equity_curve
),
placed as (
    select
        p.level, p.owner, p.closed, p.profit, p.profit_before, p.capital, l.started, l.ended,
        lag(p.closed) over points as before,
        lead(p.closed) over points as after
    from points p
    join lives l on l.level = p.level and l.owner = p.owner
    window points as (partition by p.level, p.owner order by p.closed)
)
select level, owner, started, ended, closed, profit, capital from placed where closed > started
union all
select level, owner, started, ended, started, profit, capital
from placed
where closed <= started and coalesce(after, started + 1) > started
union all
select level, owner, started, ended, started, profit_before, capital from placed where before is null and closed > started;

-- What the equity of each strategy ('strategy') and of each run ('run') did, from its start to its newest decision.
create view equity_measures as
with along as (
    select
        level, owner, started, ended, closed, profit, capital, (closed + 86399) / 86400 as midnight,
        max(profit) over points as highest,
        first_value(profit) over points as started_with,
        coalesce((lead(closed) over points + 86399) / 86400 > (closed + 86399) / 86400, 1) as last_of_day,
        lead(closed) over points is null as newest
    from followed
    window points as (partition by level, owner order by closed)
),
falls as (
    select
        level, owner, started, ended,
        coalesce(max((highest - profit) / (capital + highest)), 0) as max_drawdown,
        max(case when newest then (capital + profit) / nullif(capital + started_with, 0) end) as growth,
        case
            when (ended - 1) / 86400 > (started + 86399) / 86400 then (ended - 1) / 86400 - (started + 86399) / 86400 else 0
        end as days
    from along
    group by level, owner
),
midnights as (
    select
        level, owner, started, ended, midnight, capital, profit,
        lag(profit) over days as earlier_profit
    from along
    where last_of_day
    window days as (partition by level, owner order by closed)
),
changes as (
    select level, owner, (profit - earlier_profit) / nullif(capital + earlier_profit, 0) as change
    from midnights
    where midnight > (started + 86399) / 86400 and midnight <= (ended - 1) / 86400
),
means as (
    select
        f.level, f.owner, f.started, f.ended, f.max_drawdown, f.growth, f.days,
        coalesce(sum(c.change), 0) / nullif(f.days, 0) as mean,
        count(c.change) as moved
    from falls f
    left join changes c on c.level = f.level and c.owner = f.owner
    group by f.level, f.owner
),
spreads as (
    select
        m.level, m.owner, m.started, m.ended, m.max_drawdown, m.growth, m.days, m.mean,
        coalesce(sum((c.change - m.mean) * (c.change - m.mean)), 0) + (m.days - m.moved) * m.mean * m.mean as squares,
        coalesce(sum(case when c.change < 0 then c.change * c.change else 0 end), 0) as down_squares
    from means m
    left join changes c on c.level = m.level and c.owner = m.owner
    group by m.level, m.owner
)
select
    level, owner, started, ended, days, max_drawdown,
    case
        when ended - started >= 30 * 86400 and max_drawdown > 0
            then (pow(growth, 365.0 * 86400 / (ended - started)) - 1) / max_drawdown
    end as calmar,
    case when days >= 2 and squares > 0 then mean / sqrt(squares / (days - 1)) * sqrt(365) end as sharpe,
    case when down_squares > 0 then mean / sqrt(down_squares / days) * sqrt(365) end as sortino
from spreads;

-- Candles decided and held while decided, of each strategy ('strategy') and each run ('run').
create view exposures as
with counted as (
    select run_id, strategy_id, decided as candles, held from run_totals where (select since from period) = 0
    union all
    select d.run_id, d.strategy_id, count(*), sum(d.held)
    from decisions d
    join strategy_bars s on s.strategy_id = d.strategy_id
    where (select since from period) > 0 and d.timestamp + s.seconds > (select since from period)
    group by d.strategy_id, d.run_id
)
select 'strategy' as level, strategy_id as owner, 1.0 * sum(held) / sum(candles) as exposure
from counted
group by strategy_id
union all
select 'run', run_id, 1.0 * held / candles
from counted;

-- What the trades of each strategy ('strategy') and of each run ('run') brought. A round trip and its fills belong to
-- the run that opened it.
create view trade_measures as
with fills as (
    select 'strategy' as level, strategy_id as owner, t.* from trades t where filled_ms >= 1000 * (select since from period)
    union all
    select 'run', entry_run_id, t.* from trades t where filled_ms >= 1000 * (select since from period)
),
closed as (
    select 'strategy' as level, strategy_id as owner, r.* from round_trips r
    where exit_ms >= 1000 * (select since from period)
    union all
    select 'run', run_id, r.* from round_trips r
    where exit_ms >= 1000 * (select since from period)
),
sums as (
    select
        level, owner,
        count(*) as round_trips,
        sum(pnl > 0) as wins,
        sum(pnl < 0) as losses,
        sum(pnl) / count(*) as avg_pnl,
        avg("return") as avg_return,
        sum(iif(pnl > 0, pnl, 0)) / nullif(abs(sum(iif(pnl < 0, pnl, 0))), 0) as profit_factor,
        max(iif(pnl > 0, pnl, null)) as best_pnl,
        min(iif(pnl < 0, pnl, null)) as worst_pnl,
        avg(bars) as avg_bars,
        avg(hours) as avg_hours
    from closed
    group by level, owner
),
spreads as (
    select c.level, c.owner, sum((c.pnl - s.avg_pnl) * (c.pnl - s.avg_pnl)) as squares
    from closed c
    join sums s on s.level = c.level and s.owner = c.owner
    group by c.level, c.owner
),
counts as (
    select
        level, owner,
        count(*) as total_trades,
        round(coalesce(sum(pnl), 0), 8) as total_pnl,
        round(sum(fee_quote), 8) as fees,
        min(filled_ms) as first_trade_ms,
        max(filled_ms) as last_trade_ms
    from fills
    group by level, owner
)
select
    n.level, n.owner, n.total_trades,
    coalesce(s.round_trips, 0) as round_trips,
    coalesce(s.wins, 0) as wins,
    coalesce(s.losses, 0) as losses,
    1.0 * s.wins / s.round_trips as win_rate,
    n.total_pnl,
    s.avg_pnl, s.avg_return, s.profit_factor, s.best_pnl, s.worst_pnl, s.avg_bars, s.avg_hours,
    n.fees,
    iif(
        s.round_trips >= 2 and d.squares > 0,
        sqrt(s.round_trips) * s.avg_pnl / sqrt(d.squares / (s.round_trips - 1)),
        null
    ) as sqn,
    n.first_trade_ms, n.last_trade_ms
from counts n
left join sums s on s.level = n.level and s.owner = n.owner
left join spreads d on d.level = n.level and d.owner = n.owner;

-- Where each strategy stands: what it holds marked at the close of the newest decided bar, before exit fee: the open
-- position, and what was too little to sell of earlier ones.
create view standings as
select
    s.strategy_id,
    p.cash,
    p.qty,
    t.open_run_id as holding_run_id,
    p.round_trip > 0 as traded,
    p.qty as open_qty,
    t.open_pnl,
    t.equity
from strategies s
join positions p on p.strategy_id = s.strategy_id
join strategy_totals t on t.strategy_id = s.strategy_id;

-- One row per strategy that is enabled, also without trades, or ever traded.
create view strategy_performance as
select
    s.strategy_id, s.mode, s.quote, s.exchange, s.symbol, s.timeframe, s.kind, s.capital,
    coalesce(t.total_trades, 0) as total_trades,
    coalesce(t.round_trips, 0) as round_trips,
    coalesce(t.wins, 0) as wins,
    coalesce(t.losses, 0) as losses,
    t.win_rate,
    coalesce(t.total_pnl, 0) as total_pnl,
    coalesce(t.total_pnl, 0) / s.capital as total_return,
    t.avg_pnl, t.avg_return, t.profit_factor, t.best_pnl, t.worst_pnl, t.avg_bars, t.avg_hours,
    coalesce(t.fees, 0) as fees,
    e.max_drawdown,
    x.exposure,
    e.sharpe, e.sortino, e.calmar, t.sqn, t.first_trade_ms, t.last_trade_ms,
    w.open_qty, w.open_pnl, w.equity, s.enabled
from strategies s
join standings w on w.strategy_id = s.strategy_id
left join trade_measures t on t.level = 'strategy' and t.owner = s.strategy_id
left join equity_measures e on e.level = 'strategy' and e.owner = s.strategy_id
left join exposures x on x.level = 'strategy' and x.owner = s.strategy_id
where s.enabled = 1 or w.traded;

-- One row per run: a configuration of a strategy while it traded. What is held belongs to the run that bought it last.
create view run_performance as
select
    r.run_id, r.strategy_id, s.mode, s.quote, s.exchange, s.symbol, s.timeframe, r.capital, r.started_ms,
    coalesce(t.total_trades, 0) as total_trades,
    coalesce(t.round_trips, 0) as round_trips,
    coalesce(t.wins, 0) as wins,
    coalesce(t.losses, 0) as losses,
    t.win_rate,
    coalesce(t.total_pnl, 0) as total_pnl,
    coalesce(t.total_pnl, 0) / r.capital as total_return,
    t.avg_pnl, t.avg_return, t.profit_factor, t.best_pnl, t.worst_pnl, t.avg_bars, t.avg_hours,
    coalesce(t.fees, 0) as fees,
    e.max_drawdown,
    x.exposure,
    e.sharpe, e.sortino, e.calmar, t.sqn, t.first_trade_ms, t.last_trade_ms,
    iif(w.holding_run_id = r.run_id, w.open_qty, 0) as open_qty,
    iif(w.holding_run_id = r.run_id, w.open_pnl, 0) as open_pnl,
    iif(s.run_id = r.run_id, w.equity, (select q.equity from equity q where q.run_id = r.run_id
        and q.strategy_id = r.strategy_id order by q.timestamp desc limit 1)) as equity
from runs r
join strategies s on s.strategy_id = r.strategy_id
join standings w on w.strategy_id = r.strategy_id
left join trade_measures t on t.level = 'run' and t.owner = r.run_id
left join equity_measures e on e.level = 'run' and e.owner = r.run_id
left join exposures x on x.level = 'run' and x.owner = r.run_id;

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
    date(t.filled_ms / 1000, 'unixepoch') as day, t.strategy_id, t.mode, s.quote,
    count(*) as total_trades,
    round(coalesce(sum(t.pnl), 0), 8) as pnl,
    round(sum(t.fee_quote), 8) as fees
from trades t
join strategies s on s.strategy_id = t.strategy_id
where t.filled_ms >= 1000 * (select since from period)
group by day, t.strategy_id;

-- What every strategy saw: the indicator values of its decisions, one row for each name, for every reader.
create view indicator_values as
select d.strategy_id, s.exchange, s.symbol, s.timeframe, d.timestamp, v.key as name, v.value
from decisions d
join strategies s on s.strategy_id = d.strategy_id
join json_each(d.indicators) v;
