-- name: exchanges_all
-- What is known of every exchange as a whole.
select exchange, offset_ms, markets from exchanges order by exchange;

-- name: exchanges_set_offset
-- What an exchange's clock is ahead of ours.
insert into exchanges (exchange, offset_ms) values (:exchange, :offset_ms)
on conflict (exchange) do update set offset_ms = excluded.offset_ms;

-- name: exchanges_set_markets
-- How many markets an exchange lists.
insert into exchanges (exchange, markets) values (:exchange, :markets)
on conflict (exchange) do update set markets = excluded.markets;
