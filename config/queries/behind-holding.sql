-- Strategies that made less than buying the coin at the start and holding it, furthest behind first.
select strategy_id, mode, symbol, strategy_return, hold_return, ahead, start_timestamp
from buy_and_hold
where ahead < 0
order by ahead, strategy_id;
