-- What our SQL calls and PostgreSQL lacks; SQLite's words for the same stand in db/sqlite/dialect.py.

-- A sum of amounts of one sign: the 15 digits that are money. Numeric takes so many of a double.
create function significant(amount double precision) returns double precision
language sql immutable parallel safe
return cast(cast(amount as numeric) as double precision);

-- A sum of gains and losses: at most 8 decimals, and what 15 digits leave to the larger of two amounts.
create function rounded(amount double precision, one double precision, other double precision) returns double precision
language sql immutable parallel safe
return cast(
    round(
        cast(amount as numeric),
        least(8, 15 - length(cast(trunc(cast(greatest(one, other) as numeric)) as text)))
    ) as double precision);

-- The UTC day of a moment in milliseconds, as text.
create function utc_day(moment_ms bigint) returns text
language sql immutable parallel safe
return to_char(to_timestamp(moment_ms / 1000) at time zone 'UTC', 'YYYY-MM-DD') collate "C";
