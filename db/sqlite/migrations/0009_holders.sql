-- A worker's life is one row, and what it holds are rows that change only when something changes hands. Whoever wrote the
-- tables of before writes here no more: its life is not taken over, so that what it still writes is refused.

create table holders (
    holder text primary key,
    room text not null,
    host text not null,
    pid integer not null,
    place text,
    container text,
    birth integer,
    started_ms integer not null,
    beat_ms integer not null,
    expires_ms integer not null,
    detail text not null
) strict, without rowid;

create table claims (
    kind text not null check (kind in ('strategy', 'duty')),
    claim text not null,
    holder text,
    epoch integer not null,
    primary key (kind, claim)
) strict, without rowid;
create index idx_claims_holder on claims (holder);
insert into claims (kind, claim, holder, epoch)
select 'strategy', strategy_id, case when expires_ms <> 0 then holder end, epoch from leases;
drop table leases;
drop table workers;

-- `trailing` is a reserved word in PostgreSQL.
alter table positions rename column trailing to trailing_distance;
alter table trades rename column trailing to trailing_distance;

create table events (
    event_id integer primary key,
    at_ms integer not null,
    code text not null,
    holder text,
    subject text not null,
    epoch integer,
    first_timestamp integer,
    last_timestamp integer,
    cause text,
    text text not null
) strict;
create index idx_events_at on events (at_ms);

insert into meta values ('writable_from', '9') on conflict (key) do update set value = excluded.value;
insert into meta values ('strategies_changed', '0');
