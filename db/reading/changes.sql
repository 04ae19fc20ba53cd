-- name: changes_begin
-- A transaction that writes decisions, trades or events gets its number, above all numbers that were ever given.
update meta set value = cast(cast(meta.value as bigint) + 1 as text)
where key = 'transaction_id'
returning cast(meta.value as bigint) as transaction_id;

-- name: changes_newest
-- The number of the newest transaction that has got one.
select cast(value as bigint) as transaction_id from meta where key = 'transaction_id';

-- name: changes_first
-- The oldest rows after a transaction: how many of those that were asked for there are, and the last of their numbers.
select count(*) as found, max(transaction_id) as transaction_id
from (
    select transaction_id
    from (
        select transaction_id from (
            select transaction_id from decisions where transaction_id > :after order by transaction_id limit :rows
        ) decided
        union all
        select transaction_id from (
            select transaction_id from trades where transaction_id > :after order by transaction_id limit :rows
        ) traded
        union all
        select transaction_id from (
            select transaction_id from events where transaction_id > :after order by transaction_id limit :rows
        ) happened
    ) written
    order by transaction_id
    limit :rows
) oldest;

-- name: changes_decisions
-- Decisions after a transaction, up to another one.
select * from decisions
where transaction_id > :after and transaction_id <= :upto
order by transaction_id, strategy_id, timestamp;

-- name: changes_trades
-- Trades after a transaction, up to another one.
select * from trades
where transaction_id > :after and transaction_id <= :upto
order by transaction_id, trade_id;

-- name: changes_events
-- Events after a transaction, up to another one.
select * from events
where transaction_id > :after and transaction_id <= :upto
order by transaction_id, event_id;
