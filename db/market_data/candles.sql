-- name: candles_insert
-- New candles, many at once: the row of values is repeated.
insert into ohlcv_data (exchange, symbol, timeframe, source, timestamp, open, high, low, close, volume)
values (:exchange, :symbol, :timeframe, :source, :timestamp, :open, :high, :low, :close, :volume);

-- name: candles_lift_edge
-- Take out the first candles after :last, as far as they come from the same source, to be written again with those
-- before them.
delete from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and source = :source
  and timestamp in (
    select timestamp from ohlcv_data
    where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp > :last
    order by timestamp
    limit :rows
  )
returning timestamp, open, high, low, close, volume;

-- name: candles_newest
-- The newest candles of a series that open at or before :last, newest first.
select timestamp, open, high, low, close, volume
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp <= :last
order by timestamp desc
limit :size;

-- name: candles_between
-- All candles of a stretch, oldest first.
select timestamp, open, high, low, close, volume
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp between :first and :last
order by timestamp;

-- name: candles_with_source
-- All candles of a stretch with where they came from, for comparing.
select timestamp, open, high, low, close, volume, source
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp between :first and :last
order by timestamp;

-- name: candles_extent
-- The oldest and the newest open of a series, each by one step into the clustered key.
select
    (select min(timestamp) from ohlcv_data where exchange = :exchange and symbol = :symbol and timeframe = :timeframe)
        as earliest,
    (select max(timestamp) from ohlcv_data where exchange = :exchange and symbol = :symbol and timeframe = :timeframe)
        as latest;

-- name: candles_following
-- The first stored open behind a moment: one step into the clustered key.
select min(timestamp) from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp > :after;

-- name: candles_timestamps
-- The stored opens of a stretch.
select timestamp
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp between :first and :last
order by timestamp;

-- name: candles_keep_revision
-- The value of a candle that is about to be replaced, at a moment of its own.
insert into ohlcv_revisions (exchange, symbol, timeframe, timestamp, superseded_ms, open, high, low, close, volume, source)
select exchange, symbol, timeframe, timestamp,
    coalesce((
        select max(r.superseded_ms) + 1 from ohlcv_revisions r
        where r.exchange = :exchange and r.symbol = :symbol and r.timeframe = :timeframe and r.timestamp = :timestamp
            and r.superseded_ms >= :now_ms
    ), :now_ms),
    open, high, low, close, volume, source
from ohlcv_data
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp = :timestamp;

-- name: candles_replace
-- The new value of a stored candle.
update ohlcv_data
set open = :open, high = :high, low = :low, close = :close, volume = :volume, source = :source
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp = :timestamp;

-- name: candles_confirm
-- A better source has the same value: from now on only it or a better one may replace it.
update ohlcv_data
set source = :source
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and timestamp = :timestamp;

-- name: candles_advance
-- The head of a series after candles from :first to :last came in. A newer candle takes away why it stood still.
insert into series_heads as h (exchange, symbol, timeframe, first_timestamp, last_timestamp, stored_ms, candles)
values (:exchange, :symbol, :timeframe, :first, :last, :now_ms, :inserted)
on conflict (exchange, symbol, timeframe) do update set
    first_timestamp = case
        when h.candles = 0 or excluded.first_timestamp < h.first_timestamp then excluded.first_timestamp
        else h.first_timestamp end,
    last_timestamp = case
        when excluded.last_timestamp > h.last_timestamp then excluded.last_timestamp
        else h.last_timestamp end,
    state = case when excluded.last_timestamp > h.last_timestamp
        and coalesce(h.state_code, '') not in ('halted', 'odd_market') then null else h.state end,
    state_code = case when excluded.last_timestamp > h.last_timestamp
        and coalesce(h.state_code, '') not in ('halted', 'odd_market') then null else h.state_code end,
    stored_ms = excluded.stored_ms,
    candles = h.candles + excluded.candles;

-- name: candles_heads
-- How far every series reaches.
select exchange, symbol, timeframe, first_timestamp, last_timestamp, stored_ms, candles, state, state_code
from series_heads
order by exchange, symbol, timeframe;

-- name: candles_due
-- The head of a series that has a newer bar than one that is decided, or whose market is gone.
select exchange, symbol, timeframe, first_timestamp, last_timestamp, stored_ms, candles, state, state_code
from series_heads
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe
    and (last_timestamp > :decided or state_code = 'delisted');

-- name: candles_set_state
-- Why a series does not advance; a series without candles gets an empty head.
insert into series_heads
    (exchange, symbol, timeframe, first_timestamp, last_timestamp, stored_ms, candles, state, state_code)
values (:exchange, :symbol, :timeframe, 0, 0, 0, 0, :state, :state_code)
on conflict (exchange, symbol, timeframe) do update set state = excluded.state, state_code = excluded.state_code
where series_heads.state is distinct from excluded.state
    or series_heads.state_code is distinct from excluded.state_code;

-- name: quarantine_add
-- A row that is no candle, as it came; known payloads are kept once.
insert into quarantine (exchange, symbol, timeframe, received_ms, payload, reason)
values (:exchange, :symbol, :timeframe, :received_ms, :payload, :reason)
on conflict (exchange, symbol, timeframe, payload) do nothing;

-- name: quarantine_rows
-- What is kept of a series.
select received_ms, payload, reason
from quarantine
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe
order by quarantine_id;
