-- Who may act: the claims with the life of their holder. A right holds while `expires_ms` is to come; it is 0 where the
-- holder's life has ended, and `holder` is NULL where it was given back.

-- Who may act for a strategy, until when: its holder, the epoch under which it writes.
create view leases as
select c.claim as strategy_id, c.holder, c.epoch, coalesce(h.expires_ms, 0) as expires_ms
from claims c left join holders h on h.holder = c.holder
where c.kind = 'strategy';

-- Who does what only one may do (backfill:kraken, ...), until when.
create view duties as
select c.claim as duty, c.holder, c.epoch, coalesce(h.expires_ms, 0) as expires_ms
from claims c left join holders h on h.holder = c.holder
where c.kind = 'duty';

-- The processes of the fleet, with their heartbeats.
create view workers as
select holder as worker_id, room, host, pid, started_ms, beat_ms, detail from holders;
