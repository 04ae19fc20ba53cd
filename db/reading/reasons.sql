-- name: reasons_days
-- The decisions of a strategy counted by code, of each run and day.
select timestamp, codes
from daily_summaries
where strategy_id = :strategy_id
order by timestamp, run_id;

-- name: reasons_kept
-- The decisions that are kept on bars between two, by code.
select timestamp, code
from decisions
where strategy_id = :strategy_id and timestamp >= :first and timestamp <= :last;

-- name: reasons_last
-- For each code the newest decision that is kept, from a bar on.
select d.timestamp, d.code, d.action, d.reason, d.indicators
from decisions d
join (
    select max(timestamp) as timestamp
    from decisions
    where strategy_id = :strategy_id and timestamp >= :first
    group by code
) newest on newest.timestamp = d.timestamp
where d.strategy_id = :strategy_id;

-- name: reasons_newest
-- The newest decision of a strategy, which is known for ever, how many there were, and what its run was registered with.
select t.decision_timestamp as timestamp, t.code, t.action, t.reason, t.decided, r.configuration
from strategy_totals t
join strategies s on s.strategy_id = t.strategy_id
join runs r on r.run_id = s.run_id
where t.strategy_id = :strategy_id;
