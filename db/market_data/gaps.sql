-- name: gaps_touching
-- Ranges that share a bar with :first to :last. Ranges never overlap: the one that begins at or before :first is the
-- only one before it that can reach into it.
select first_timestamp, last_timestamp, cause
from gaps
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe
  and first_timestamp >= coalesce((
        select max(first_timestamp) from gaps
        where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and first_timestamp <= :first
      ), :first)
  and first_timestamp <= :last
  and last_timestamp >= :first
order by first_timestamp;

-- name: gaps_all
-- Every range of every series.
select exchange, symbol, timeframe, first_timestamp, last_timestamp, cause
from gaps
order by exchange, symbol, timeframe, first_timestamp;

-- name: gaps_delete
-- Forget a range.
delete from gaps
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and first_timestamp = :first;

-- name: gaps_insert
-- A new range.
insert into gaps (exchange, symbol, timeframe, first_timestamp, last_timestamp, cause)
values (:exchange, :symbol, :timeframe, :first, :last, :cause);

-- name: gaps_holes
-- First and last missing open before each stored bar of :first to :last whose predecessor is missing.
select previous + :length, timestamp - :length
from (
    select timestamp, lag(timestamp, 1, cast(:first as bigint) - :length) over (order by timestamp) as previous
    from ohlcv_data
    where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp between :first and :last
)
where timestamp - previous > :length
order by timestamp;

-- name: gaps_newest_stored
-- The newest stored bar of :first to :last, NULL where there is none.
select max(timestamp)
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp between :first and :last;
