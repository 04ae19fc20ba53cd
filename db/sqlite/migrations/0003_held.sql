-- Whether something was held after a decision, so that exposure can be counted from any moment on.

alter table decisions add column held integer not null default 0 check (held in (0, 1));
update decisions set held = case action when 'enter' then 1 when 'exit' then 0 else coalesce(
    (select case o.side when 'buy' then 1 else 0 end from orders o
        where o.strategy_id = decisions.strategy_id and (o.timestamp < decisions.timestamp
            or o.timestamp = decisions.timestamp and o.purpose = 'exit') -- schema 1: a person's, while the bar ran
        order by o.timestamp desc, o.created_ms desc limit 1), 0) end;
