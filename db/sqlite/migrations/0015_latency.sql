-- How long a strategy's candle took, from stored to recorded, on one clock: that of the machine.

alter table decisions add column seen_ms integer;
alter table decisions add column recorded_ms integer;
