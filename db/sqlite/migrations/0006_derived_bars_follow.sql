-- Derived bars follow the finer ones they are made from.

alter table series_heads add column finer text;

create table outdated (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    changes integer not null, -- so many were noted: what is made again meanwhile is not forgotten
    primary key (exchange, symbol, timeframe, first_timestamp)
) strict, without rowid;
