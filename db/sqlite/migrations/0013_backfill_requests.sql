-- Whoever waits for candles says how deep, and hears why they could not be fetched: not only causes are asked for again.

create table backfill_requests (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer,
    recheck integer not null default 0 check (recheck in (0, 1)),
    asked_ms integer not null,
    done_ms integer,
    reason text,
    primary key (exchange, symbol, timeframe)
) strict, without rowid;
insert into backfill_requests (exchange, symbol, timeframe, recheck, asked_ms)
select exchange, symbol, timeframe, 1, asked_ms from rechecks where done_ms is null;
drop table rechecks;

create index idx_events_subject on events (subject, event_id);

insert into meta values ('writable_from', '13') on conflict (key) do update set value = excluded.value;
