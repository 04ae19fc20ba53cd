-- name: markets_save
-- The newest description of a market.
insert into markets (exchange, symbol, market_id, base, quote, amount_step, price_tick, min_amount, min_cost,
    maker, taker, fee_in_base, active, updated_ms)
values (:exchange, :symbol, :market_id, :base, :quote, :amount_step, :price_tick, :min_amount, :min_cost,
    :maker, :taker, :fee_in_base, :active, :now_ms)
on conflict (exchange, symbol) do update set
    market_id = excluded.market_id, base = excluded.base, quote = excluded.quote,
    amount_step = excluded.amount_step, price_tick = excluded.price_tick,
    min_amount = excluded.min_amount, min_cost = excluded.min_cost,
    maker = excluded.maker, taker = excluded.taker,
    fee_in_base = excluded.fee_in_base, active = excluded.active, updated_ms = excluded.updated_ms;

-- name: markets_load
-- One market.
select * from markets where exchange = :exchange and symbol = :symbol;

-- name: markets_load_all
-- All markets of an exchange.
select * from markets where exchange = :exchange order by symbol;

-- name: markets_absences
-- The markets of an exchange that it does not list any more.
select symbol, missing_since_ms, missing_looks from markets
where exchange = :exchange and missing_since_ms is not null
order by symbol;

-- name: markets_set_absence
-- Since when a market is missing, and how many looks have missed it.
update markets set missing_since_ms = :since_ms, missing_looks = :looks
where exchange = :exchange and symbol = :symbol;
