-- name: trips_open
-- The open position of each strategy as a round trip that has no exit yet, marked at the last decided close: the columns
-- of the view `round_trips`.
select
    p.strategy_id, s.mode, p.entry_run_id as run_id, p.round_trip, s.exchange, s.symbol, s.timeframe, s.quote,
    p.entry_timestamp, null as exit_timestamp, p.entry_price,
    (select c.close from ohlcv_data c
        where c.exchange = s.exchange and c.symbol = s.symbol and c.timeframe = s.timeframe
            and c.timestamp <= t.decided_timestamp
        order by c.timestamp desc limit 1) as exit_price,
    p.qty, p.cost as entry_cost, t.open_pnl as pnl, t.open_pnl / nullif(p.cost, 0) as "return",
    (select rounded(sum(f.fee_quote), max(f.fee_quote), sum(f.fee_quote)) from trades f
        where f.strategy_id = p.strategy_id and f.round_trip = p.round_trip) as fees,
    (t.decided_timestamp - p.entry_timestamp) / s.seconds as bars,
    (t.decided_timestamp - p.entry_timestamp) / 3600.0 as hours,
    null as late, null as exit_ms, p.stop, p.target, p.trailing_distance, null as exit_trade_id, 'open' as exit_code
from positions p
join strategy_bars s on s.strategy_id = p.strategy_id
join strategy_totals t on t.strategy_id = p.strategy_id
where p.entry_timestamp is not null
order by p.strategy_id;
