-- name: retention_strategies
-- All strategies that ever were.
select strategy_id from strategies order by strategy_id;

-- name: retention_idle_decisions
-- Old decisions that did nothing, before the high-water mark: the mark alone says what is decided.
select timestamp
from decisions
where strategy_id = :strategy_id
  and timestamp < :before
  and timestamp < (select decided_timestamp from strategies where strategy_id = :strategy_id)
  and action in ('hold', 'blocked')
order by timestamp;

-- name: retention_delete_decision
-- Forget one decision.
delete from decisions where strategy_id = ? and timestamp = ?;

-- name: retention_equity
-- Old equity, oldest first.
select timestamp, run_id, equity
from equity
where strategy_id = :strategy_id and timestamp < :before
order by timestamp;

-- name: retention_delete_equity
-- Forget one point of equity.
delete from equity where strategy_id = ? and timestamp = ?;
