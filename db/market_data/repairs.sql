-- name: repairs_newest
-- The newest event of a kind that is about a series.
select event_id, first_timestamp, last_timestamp, cause
from events
where subject = :subject and code = :code
order by event_id desc
limit 1;

-- name: repairs_lengthen
-- More of the same gap has come.
update events set first_timestamp = :first, last_timestamp = :last, at_ms = :now_ms, transaction_id = :transaction_id
where event_id = :event_id;
