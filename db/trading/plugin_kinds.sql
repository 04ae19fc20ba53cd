-- name: plugin_kinds_description
-- What is known of the kind that a user's file defines, by the file's digest.
select description from plugin_kinds where digest = :digest;

-- name: plugin_kinds_warmup
-- The bars that a strategy of such a kind needs before its first decision.
select warmup from plugin_warmups where digest = :digest and params = :params;

-- name: plugin_kinds_keep
-- A kind as a trader has loaded it.
insert into plugin_kinds (digest, name, description, stored_ms) values (:digest, :name, :description, :stored_ms)
on conflict (digest) do update
set name = excluded.name, description = excluded.description, stored_ms = excluded.stored_ms;

-- name: plugin_kinds_forget
-- Older states of a kind's file than the newest few, and with them their warm-ups.
delete from plugin_kinds
where name = :name and digest not in (
    select newest.digest from plugin_kinds newest
    where newest.name = :name
    order by newest.stored_ms desc, newest.digest
    limit :kept
);

-- name: plugin_kinds_keep_warmup
-- The warm-up of a strategy that a trader has taken on.
insert into plugin_warmups (digest, params, warmup) values (:digest, :params, :warmup)
on conflict (digest, params) do update set warmup = excluded.warmup;
