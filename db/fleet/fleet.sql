-- name: claims_read
-- Who holds something, under which epoch, and when that life ends; NULL where it has ended.
select c.claim, c.holder, c.epoch, h.expires_ms
from claims c left join holders h on h.holder = c.holder
where c.kind = :kind and c.claim = :claim;

-- name: claims_take
-- Somebody holds something from now on.
insert into claims (kind, claim, holder, epoch) values (:kind, :claim, :holder, :epoch)
on conflict (kind, claim) do update set holder = excluded.holder, epoch = excluded.epoch;

-- name: claims_give_up
-- The holder gives one back; the epoch stays, so that its late writes are refused.
update claims set holder = null where kind = :kind and claim = :claim and holder = :holder;

-- name: claims_release
-- The holder gives everything back.
update claims set holder = null where holder = :holder;

-- name: claims_vacate
-- Whoever holds something holds it no more.
update claims set holder = null where kind = :kind and claim = :claim;

-- name: claims_rename
-- Who acts for a strategy, and under which epoch, goes with it when it gets another id.
update claims set claim = :new where kind = 'strategy' and claim = :old;

-- name: claims_count
-- How much a holder has.
select count(*) from claims where holder = :holder and kind = :kind;

-- name: claims_of
-- What a holder has.
select claim from claims where holder = :holder and kind = :kind;

-- name: claims_holders
-- Those whose life is written down and who hold something: a row for each life, however much it holds.
select h.holder, h.expires_ms from holders h
where exists (select 1 from claims c where c.holder = h.holder and c.kind = :kind);

-- name: claims_held
-- Everything that somebody holds whose life is written down.
select c.claim, c.holder, h.expires_ms
from claims c join holders h on h.holder = c.holder
where c.kind = :kind;

-- name: holders_begin
-- A worker begins to live.
insert into holders
    (holder, room, host, pid, place, container, birth, started_ms, beat_ms, expires_ms, detail)
values (:holder, :room, :host, :pid, :place, :container, :birth, :started_ms, :now_ms, :expires_ms, :detail);

-- name: holders_renew
-- A worker lives on; a life that ran out is not renewed.
update holders set beat_ms = :now_ms, expires_ms = :expires_ms, detail = :detail
where holder = :holder and expires_ms > :now_ms;

-- name: holders_read
-- When a life ends.
select expires_ms from holders where holder = :holder;

-- name: holders_end
-- A life has ended: all that is still held under that name is free.
delete from holders where holder = :holder;

-- name: holders_forget
-- Workers that have been silent for long are not coming back.
delete from holders where beat_ms < :before_ms;

-- name: workers_all
-- Every worker whose life was not ended.
select holder, room, host, pid, place, container, birth, started_ms, beat_ms, detail from holders
order by room, started_ms, holder;

-- name: workers_alive
-- Those of a room that have told lately that they live: every trader asks at every heartbeat, however many have died.
select holder, room, host, pid, place, container, birth, started_ms, beat_ms, detail from holders
where room = :room and abs(:now_ms - beat_ms) < :silence_ms order by holder;

-- name: controls_write
-- A person changes what may be done. A pause takes no stop back.
insert into controls (scope, level, reason, since_ms) values (:scope, :level, :reason, :now_ms)
on conflict (scope) do update set level = excluded.level, reason = excluded.reason, since_ms = excluded.since_ms
where controls.level <> 'stop' or excluded.level <> 'pause';

-- name: exit_orders_write
-- A person orders what a strategy holds to be sold now.
insert into exit_orders (strategy_id, reason, since_ms) values (:strategy_id, :reason, :now_ms)
on conflict (strategy_id) do update set reason = excluded.reason, since_ms = excluded.since_ms;

-- name: exit_orders_read
-- What is to be sold, and why.
select strategy_id, reason, since_ms from exit_orders order by strategy_id;

-- name: exit_orders_delete
-- It is carried out, or taken back.
delete from exit_orders where strategy_id = :strategy_id;

-- name: controls_read
-- What may be done, and why.
select scope, level, reason, since_ms from controls order by scope;

-- name: controls_halted
-- Whether the database says that the kill switch is on.
select 1 from controls where scope = 'fleet';

-- name: controls_rename
-- What a person has ordered of a strategy goes with it when it gets another id.
update controls set scope = :new where scope = :old;

-- name: controls_resume
-- A pause is over; a stop is not.
delete from controls where scope = :scope and level = 'pause';

-- name: controls_delete
-- What a person has forbidden is allowed again.
delete from controls where scope = :scope;
