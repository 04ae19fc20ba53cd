-- Nothing follows from silence: causes that an empty answer may have made are asked for again, once.

update gaps set cause = 'not_fetched' where cause in ('before_listing', 'delisted', 'not_offered');

create table rechecks (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    asked_ms integer not null,
    done_ms integer,
    primary key (exchange, symbol, timeframe)
) strict, without rowid;

alter table series_heads add column state_code text;

alter table markets add column missing_since_ms integer;
alter table markets add column missing_looks integer not null default 0;

create table freed_ids (
    strategy_id text primary key,
    decided_timestamp integer
) strict, without rowid;

create table configurations (
    digest text primary key,
    host text not null,
    since_ms integer not null,
    files text not null
) strict, without rowid;

alter table decisions add column refusal text;

-- A table that others reference is built anew: `manual` is a purpose of orders now.
create table orders_new (
    client_order_id text primary key,
    strategy_id text not null references strategies on update cascade,
    run_id text not null references runs,
    epoch integer not null,
    mode text not null,
    exchange text not null,
    symbol text not null,
    timestamp integer not null,
    purpose text not null check (purpose in ('entry', 'exit', 'manual')),
    attempt integer not null default 1,
    side text not null check (side in ('buy', 'sell')),
    price real not null check (price > 0 and price < 1e15),
    qty real not null check (qty > 0 and qty < 1e15),
    status text not null check (status in ('new', 'sending', 'open', 'filled', 'cancelled', 'rejected', 'unknown')),
    reason text not null,
    created_ms integer not null,
    sent_ms integer,
    filled_ms integer
) strict, without rowid;
insert into orders_new (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, attempt,
    side, price, qty, status, reason, created_ms, sent_ms, filled_ms)
select client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, attempt,
    side, price, qty, status, reason, created_ms, sent_ms, filled_ms
from orders;
drop table orders;
alter table orders_new rename to orders;
create index idx_orders_strategy on orders (strategy_id, timestamp);

create table retention_marks (
    strategy_id text primary key references strategies on update cascade,
    decisions_before integer not null default 0,
    equity_before integer not null default 0
) strict, without rowid;

create index idx_leases_holder on leases (holder);

alter table budgets add column paused_from_ms integer not null default 0;
alter table budgets add column reserved_ms integer not null default 0;

create table exchanges (
    exchange text primary key,
    offset_ms integer not null default 0,
    markets integer not null default 0
) strict, without rowid;
