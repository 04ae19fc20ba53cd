-- name: leases_read
-- Who may act for a strategy.
select holder, epoch, expires_ms from leases where strategy_id = :strategy_id;

-- name: leases_take
-- Somebody acts for a strategy from now on.
insert into leases (strategy_id, holder, epoch, expires_ms) values (:strategy_id, :holder, :epoch, :expires_ms)
on conflict (strategy_id) do update set
    holder = excluded.holder, epoch = excluded.epoch, expires_ms = excluded.expires_ms;

-- name: leases_renew
-- The holder goes on with all it has; a lease that has expired is not renewed.
update leases set expires_ms = :expires_ms where holder = :holder and expires_ms > :now_ms;

-- name: leases_of
-- What a holder has.
select strategy_id from leases where holder = :holder and expires_ms > :now_ms;

-- name: leases_release
-- The holder gives everything back; the epoch stays, so that its late writes are refused.
update leases set expires_ms = 0 where holder = :holder;

-- name: leases_give_up
-- The holder gives one back.
update leases set expires_ms = 0 where strategy_id = :strategy_id and holder = :holder;

-- name: leases_delete
-- Nobody ever acts for a strategy again.
delete from leases where strategy_id = :strategy_id;

-- name: leases_all
-- Every lease.
select strategy_id, holder, epoch, expires_ms from leases order by strategy_id;

-- name: workers_beat
-- A worker lives.
insert into workers (worker_id, room, host, pid, started_ms, beat_ms, detail)
values (:worker_id, :room, :host, :pid, :started_ms, :now_ms, :detail)
on conflict (worker_id) do update set beat_ms = excluded.beat_ms, detail = excluded.detail;

-- name: workers_leave
-- A worker has stopped.
delete from workers where worker_id = :worker_id;

-- name: workers_forget
-- Workers that have been silent for long are not coming back.
delete from workers where beat_ms < :before_ms;

-- name: workers_all
-- Every worker that has not taken its leave.
select worker_id, room, host, pid, started_ms, beat_ms, detail from workers order by room, started_ms, worker_id;

-- name: workers_alive
-- Those of a room that have told lately that they live: every trader asks at every heartbeat, however many have died.
select worker_id, room, host, pid, started_ms, beat_ms, detail from workers
where room = :room and abs(:now_ms - beat_ms) < :silence_ms order by worker_id;

-- name: controls_write
-- A person changes what may be done. A pause takes no stop back.
insert into controls (scope, level, reason, since_ms) values (:scope, :level, :reason, :now_ms)
on conflict (scope) do update set level = excluded.level, reason = excluded.reason, since_ms = excluded.since_ms
where controls.level <> 'stop' or excluded.level <> 'pause';

-- name: controls_read
-- What may be done, and why.
select scope, level, reason, since_ms from controls order by scope;

-- name: controls_of
-- Whether one of them stands.
select level from controls where scope = :scope;

-- name: controls_rename
-- What a person has ordered of a strategy goes with it when it gets another id.
update controls set scope = :new where scope = :old;

-- name: controls_resume
-- A pause is over; a stop is not.
delete from controls where scope = :scope and level = 'pause';

-- name: controls_delete
-- What a person has forbidden is allowed again.
delete from controls where scope = :scope;
