-- What happened to the rights of workers and to the data, newest first: who took over from whom, what was refused, repaired gaps.
select at_ms, code, subject, text, holder, epoch, first_timestamp, last_timestamp, cause
from events
order by event_id desc
limit 200;
