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
