-- name: events_insert
-- Something happened.
insert into events (at_ms, code, holder, subject, epoch, first_timestamp, last_timestamp, cause, text)
values (:at_ms, :code, :holder, :subject, :epoch, :first_timestamp, :last_timestamp, :cause, :text);

-- name: events_newest
-- The newest.
select * from events order by event_id desc limit :count;

-- name: events_before
-- Whether there are any before a moment.
select 1 from events where at_ms < :before_ms limit 1;

-- name: events_forget
-- Those that are old.
delete from events where at_ms < :before_ms;
