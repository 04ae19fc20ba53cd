-- name: rechecks_ask
-- A series is to be looked at again.
insert into rechecks (exchange, symbol, timeframe, asked_ms)
values (:exchange, :symbol, :timeframe, :now_ms)
on conflict (exchange, symbol, timeframe) do update set asked_ms = excluded.asked_ms, done_ms = null;

-- name: rechecks_waiting
-- The series that are still to be looked at.
select exchange, symbol, timeframe
from rechecks
where done_ms is null;

-- name: rechecks_done
-- A series was looked at again.
update rechecks set done_ms = :now_ms
where exchange = :exchange and symbol = :symbol and timeframe = :timeframe and done_ms is null;
