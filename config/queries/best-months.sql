-- The strategy that made most of its money in each month at each exchange: return, and profit in its quote.
with ranked as (
    select
        m.*, s.exchange,
        row_number() over (partition by s.exchange, m.mode, m.month order by m."return" desc) as place
    from monthly_returns m
    join strategies s on s.strategy_id = m.strategy_id
)
select month, exchange, mode, strategy_id, "return", profit, quote
from ranked
where place = 1
order by month desc, exchange, mode;
