-- Views that SQLite and PostgreSQL cannot share, as PostgreSQL takes them; db/sqlite/views.sql has the same.

-- What every strategy saw: the indicator values of its decisions, one row for each name, for every reader.
create view indicator_values as
select d.strategy_id, s.exchange, s.symbol, s.timeframe, d.timestamp, v.key collate "C" as name,
    case jsonb_typeof(v.value) when 'number' then cast(v.value as double precision) end as value
from decisions d
join strategies s on s.strategy_id = d.strategy_id
cross join lateral jsonb_each(d.indicators::jsonb) v;
