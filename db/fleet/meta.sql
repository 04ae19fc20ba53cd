-- name: meta_read
-- One fact about the database.
select value from meta where key = :key;

-- name: meta_write
-- Set one fact about the database.
insert into meta (key, value) values (:key, :value)
on conflict (key) do update set value = excluded.value;

-- name: meta_all
-- Every fact about the database.
select key, value from meta;

-- name: meta_forget
-- One fact is no longer so.
delete from meta where key = :key;

-- name: configurations_read
-- The newest files that were good.
select digest, host, since_ms, files from configurations;

-- name: configurations_clear
-- Make room for newer ones.
delete from configurations;

-- name: configurations_write
-- Files that are good.
insert into configurations (digest, host, since_ms, files) values (:digest, :host, :since_ms, :files);
