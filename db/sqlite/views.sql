-- Views that SQLite and PostgreSQL cannot share, as SQLite takes them; db/postgres/views.sql has the same.

-- What every strategy saw: the indicator values of its decisions, one row for each name, for every reader.
create view indicator_values as
select d.strategy_id, s.exchange, s.symbol, s.timeframe, d.timestamp, v.key as name, v.value
from decisions d
join strategies s on s.strategy_id = d.strategy_id
join json_each(d.indicators) v;
