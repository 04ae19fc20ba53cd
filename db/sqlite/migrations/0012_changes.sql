-- Whoever follows the fleet asks for what was written after a transaction.
-- The numbers begin at the moment, so that they go on growing where a backup takes the place of a database.
alter table decisions add column transaction_id integer not null default 0;
alter table trades add column transaction_id integer not null default 0;
alter table events add column transaction_id integer not null default 0;
create index idx_decisions_transaction on decisions (transaction_id);
create index idx_trades_transaction on trades (transaction_id);
create index idx_events_transaction on events (transaction_id);
insert into meta (key, value) values ('transaction_id', cast(cast(1000 * unixepoch('subsec') as integer) as text));
