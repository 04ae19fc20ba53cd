-- name: events_insert
-- Something happened.
insert into events (at_ms, code, holder, subject, epoch, first_timestamp, last_timestamp, cause, text, transaction_id)
values (:at_ms, :code, :holder, :subject, :epoch, :first_timestamp, :last_timestamp, :cause, :text, :transaction_id);

-- name: events_newest
-- The newest.
select * from events order by event_id desc limit :count;

-- name: events_before
-- Whether there are any before a moment.
select 1 from events where at_ms < :before_ms limit 1;

-- name: events_forget
-- Some of those that are old, the oldest.
delete from events
where event_id in (select e.event_id from events e where e.at_ms < :before_ms order by e.at_ms limit :rows);
