-- The hours of the day (UTC) at which each strategy enters, with how often it won then and what that brought.
select
    strategy_id, mode, quote,
    (entry_timestamp / 3600) % 24 as hour,
    count(*) as round_trips,
    1.0 * sum(case when pnl > 0 then 1 else 0 end) / count(*) as win_rate,
    sum(pnl) as total_pnl
from round_trips
group by strategy_id, mode, quote, hour
order by strategy_id, total_pnl desc;
