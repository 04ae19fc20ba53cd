-- name: derived_from
-- The series that are made from one of the same market, and how far they reach.
select timeframe, first_timestamp, last_timestamp
from series_heads
where exchange = :exchange and symbol = :symbol and finer = :timeframe and candles > 0;

-- name: derived_outdate
-- Finer bars of these have changed or come in.
insert into outdated (exchange, symbol, timeframe, first_timestamp, last_timestamp, changes)
values (:exchange, :symbol, :timeframe, :first, :last, 1)
on conflict (exchange, symbol, timeframe, first_timestamp) do update set
    changes = outdated.changes + 1,
    last_timestamp = case
        when excluded.last_timestamp > outdated.last_timestamp then excluded.last_timestamp
        else outdated.last_timestamp end;

-- name: derived_outdated
-- Which bars of a series are to be made again.
select first_timestamp, last_timestamp, changes
from outdated
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe
order by first_timestamp;

-- name: derived_renewed
-- They were made again, unless something has changed meanwhile.
delete from outdated
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe
  and first_timestamp = :first and changes = :changes;

-- name: derived_head
-- What a series is made from, and how far it reaches.
select finer, first_timestamp, last_timestamp, candles
from series_heads
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe;

-- name: derived_set_finer
-- What a series is made from.
update series_heads set finer = :finer
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and finer is distinct from :finer;

-- name: derived_worst
-- The worst source of the finer bars in a bar, none where nothing is stored.
select max(source)
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp between :first and :last;
