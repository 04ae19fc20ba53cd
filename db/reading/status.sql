-- name: status_strategies
-- Where every strategy that is enabled or still to be drained stands: position, newest decision, who acts for it, and
-- how far its series has come.
select
    s.strategy_id, s.exchange, s.symbol, s.timeframe, s.kind, s.mode, s.quote, s.enabled, s.state, s.state_reason,
    s.failures, s.last_error, d.decided_timestamp, h.last_timestamp, h.state as series_state,
    d.decision_timestamp, d.action, d.reason, d.code,
    w.open_qty, w.open_pnl, w.equity, p.realised_pnl,
    d.total_trades, p.entry_timestamp,
    l.holder, life.expires_ms,
    case when h.candles > 0 and m.symbol is null then 1 else 0 end as market_unknown,
    (select v.close from ohlcv_data v where v.exchange = s.exchange and v.symbol = s.symbol
        and v.timeframe = s.timeframe order by v.timestamp desc limit 1) as last_close
from strategies s
join positions p on p.strategy_id = s.strategy_id
join standings w on w.strategy_id = s.strategy_id
left join claims l on l.kind = 'strategy' and l.claim = s.strategy_id
left join holders life on life.holder = l.holder
left join series_heads h on h.exchange = s.exchange and h.symbol = s.symbol and h.timeframe = s.timeframe
left join markets m on m.exchange = s.exchange and m.symbol = s.symbol
join strategy_totals d on d.strategy_id = s.strategy_id
where s.enabled = 1 or p.entry_timestamp is not null
order by s.strategy_id;

-- name: status_latency
-- From stored to recorded, in milliseconds, by series: the median and the 99th per cent (nearest rank) of the newest
-- decisions, as far as they were recorded within so long before the newest of them.
select exchange, symbol, timeframe, min(case when 2 * place >= decisions then ms end) as p50_ms,
    min(case when 100 * place >= 99 * decisions then ms end) as p99_ms
from (
    select s.exchange, s.symbol, s.timeframe, n.recorded_ms - n.stored_ms as ms,
        row_number() over (partition by s.exchange, s.symbol, s.timeframe order by n.recorded_ms - n.stored_ms) as place,
        count(*) over (partition by s.exchange, s.symbol, s.timeframe) as decisions
    from (
        select strategy_id, stored_ms, recorded_ms, max(recorded_ms) over () as newest_ms
        from (select strategy_id, stored_ms, recorded_ms from decisions order by transaction_id desc limit :newest) d
    ) n
    join strategies s on s.strategy_id = n.strategy_id
    where n.recorded_ms > n.newest_ms - :within_ms
) l
group by exchange, symbol, timeframe;

-- name: status_failures
-- Every strategy that failed on a bar: on how many, what it raised on the last of them, and why it is disabled, if it is.
select
    s.strategy_id, count(d.timestamp) as bars,
    case when s.state = 'disabled' then s.state_reason end as disabled,
    (select n.reason from decisions n where n.strategy_id = s.strategy_id and n.action = 'failed'
        order by n.timestamp desc limit 1) as reason
from strategies s
left join decisions d on d.strategy_id = s.strategy_id and d.action = 'failed'
where d.timestamp is not null or s.state = 'disabled'
group by s.strategy_id, s.state, s.state_reason
order by s.strategy_id;

-- name: status_gaps
-- Every range of missing bars.
select exchange, symbol, timeframe, first_timestamp, last_timestamp, cause
from gaps
order by exchange, symbol, timeframe, first_timestamp;

-- name: status_trades
-- What was traded after a trade.
select t.trade_id, t.strategy_id, t.symbol, t.side, t.price, t.qty, t.pnl, s.quote, t.timestamp, t.filled_ms, o.reason
from trades t
join strategies s on s.strategy_id = t.strategy_id
join orders o on o.client_order_id = t.client_order_id
where t.trade_id > :after
order by t.trade_id;

-- name: status_newest_trade
-- The newest trade, 0 before the first.
select coalesce(max(trade_id), 0) as trade_id from trades;

-- name: status_decided
-- Up to which candle every strategy has decided, and whether it still decides.
select s.strategy_id, s.state, d.decided_timestamp
from strategies s
join strategy_totals d on d.strategy_id = s.strategy_id;
