-- Orders of people to sell are rows of their own: their strategy is read out of no text.

create table exit_orders (
    strategy_id text primary key references strategies on update cascade,
    reason text not null,
    since_ms integer not null
) strict, without rowid;
insert into exit_orders (strategy_id, reason, since_ms)
select s.strategy_id, c.reason, c.since_ms
from controls c join strategies s on c.scope = s.strategy_id || '/exit'
where c.level = 'exit';
delete from controls where level = 'exit';

insert into meta values ('writable_from', '14') on conflict (key) do update set value = excluded.value;
