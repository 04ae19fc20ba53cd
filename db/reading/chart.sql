-- name: chart_prices
-- The prices of a series in so many equal stretches of `width` seconds: of each the lowest and highest, and the close.
select c.place, c.low, c.high, v.close as last
from (
    select (timestamp - :first) / :width as place, min(low) as low, max(high) as high, max(timestamp) as newest
    from ohlcv_data
    where exchange = :exchange and symbol = :symbol and timeframe = :timeframe
        and timestamp >= :first and timestamp <= :last
    group by place
) c
join ohlcv_data v on v.exchange = :exchange and v.symbol = :symbol and v.timeframe = :timeframe and v.timestamp = c.newest
order by c.place;

-- name: chart_equity
-- The equity of a strategy in the same stretches.
select c.place, c.low, c.high, e.equity as last
from (
    select (timestamp - :first) / :width as place, min(equity) as low, max(equity) as high, max(timestamp) as newest
    from equity
    where strategy_id = :strategy_id and timestamp >= :first and timestamp <= :last
    group by place
) c
join equity e on e.strategy_id = :strategy_id and e.timestamp = c.newest
order by c.place;

-- name: chart_fills
-- What a strategy bought and sold, and why.
select t.timestamp, t.side, t.price, t.pnl, o.reason
from trades t
join orders o on o.client_order_id = t.client_order_id
where t.strategy_id = :strategy_id and t.timestamp >= :first and t.timestamp <= :last
order by t.trade_id;

-- name: chart_before
-- The equity of a strategy when a stretch begins: its newest point before, else what it began with.
select coalesce(
    (select e.equity from equity e where e.strategy_id = :strategy_id and e.timestamp < :first
        order by e.timestamp desc limit 1),
    (select r.capital from runs r where r.strategy_id = :strategy_id order by r.started_ms limit 1)
) as equity;
