-- name: retention_due
-- Strategies whose old rows are not thinned up to where they may be: nothing at or after the high-water mark is touched.
select strategy_id, decisions_before, equity_before, decisions_end, equity_end
from (
    select
        t.strategy_id,
        coalesce(m.decisions_before, 0) as decisions_before,
        coalesce(m.equity_before, 0) as equity_before,
        case when t.decided_timestamp < :decisions_end then t.decided_timestamp else :decisions_end end as decisions_end,
        case when t.decided_timestamp < :equity_end then t.decided_timestamp / 86400 * 86400 else :equity_end end
            as equity_end
    from strategy_totals t
    left join retention_marks m on m.strategy_id = t.strategy_id
    where t.decided_timestamp is not null
) ends
where decisions_before < decisions_end or equity_before < equity_end
order by strategy_id
limit :strategies;

-- name: retention_mark
-- So far the old rows of a strategy are thinned.
insert into retention_marks (strategy_id, decisions_before, equity_before)
values (:strategy_id, :decisions_before, :equity_before)
on conflict (strategy_id) do update set
    decisions_before = excluded.decisions_before, equity_before = excluded.equity_before;

-- name: retention_idle_decisions
-- Old decisions that did nothing, oldest first: the high-water mark alone says what is decided.
select timestamp
from decisions
where strategy_id = :strategy_id and timestamp >= :first and timestamp < :before and action in ('hold', 'blocked')
order by timestamp
limit :rows;

-- name: retention_delete_decision
-- Forget one decision.
delete from decisions where strategy_id = :strategy_id and timestamp = :timestamp;

-- name: retention_equity
-- Old equity, oldest first.
select timestamp, run_id, equity
from equity
where strategy_id = :strategy_id and timestamp >= :first and timestamp < :before
order by timestamp
limit :rows;

-- name: retention_delete_equity
-- Forget one point of equity.
delete from equity where strategy_id = :strategy_id and timestamp = :timestamp;
