-- The twenty deepest drawdowns, with the days of the high, of the lowest point and of the recovery.
select strategy_id, mode, depth, high_timestamp, lowest_timestamp, recovered_timestamp
from drawdowns
order by depth desc, strategy_id
limit 20;
