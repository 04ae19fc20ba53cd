-- name: unwanted_known
-- Every series that has an answer or a candle, and whether it was said that nobody wants it. One that is being imported
-- has neither before its first candles are stored.
select exchange, symbol, timeframe, case when state_code = 'unwanted' then 1 else 0 end as unwanted
from series_heads;

-- name: unwanted_stored
-- Whether a series has a candle.
select 1 from ohlcv_data where exchange = :exchange and symbol = :symbol and timeframe = :timeframe limit 1;

-- name: unwanted_forget_head
-- Nothing ever came of a series: why is forgotten.
delete from series_heads where exchange = :exchange and symbol = :symbol and timeframe = :timeframe;

-- name: unwanted_forget_gaps
-- What it was to be asked for.
delete from gaps where exchange = :exchange and symbol = :symbol and timeframe = :timeframe;

-- name: unwanted_forget_requests
-- That somebody waits for it.
delete from backfill_requests where exchange = :exchange and symbol = :symbol and timeframe = :timeframe;

-- name: unwanted_forget_outdated
-- What of it was to be made again.
delete from outdated where exchange = :exchange and symbol = :symbol and timeframe = :timeframe;

-- name: unwanted_no_more
-- Somebody wants a series again.
update series_heads set state = null, state_code = null
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and state_code = 'unwanted';
