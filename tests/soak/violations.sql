-- What a checker must find: each violation is planted into the database that a good soak has left.
-- `victim` is the strategy with the most trades, with one of its bars, its first trade and its last exit.
create temp table victim as
select s.*,
    (select d.timestamp from decisions d where d.strategy_id = s.strategy_id order by 1 limit 1 offset 3) as bar,
    (select t.client_order_id from trades t where t.strategy_id = s.strategy_id order by t.trade_id limit 1) as trade,
    (select max(d.timestamp) from decisions d where d.strategy_id = s.strategy_id and d.action = 'exit') as last_exit
from strategies s
where s.strategy_id = (select strategy_id from trades group by 1 order by count(*) desc, 1 limit 1);

-- violation: a candle is changed
-- found by: candles_are_the_exchanges
update ohlcv_data set high = high + 1
where (exchange, symbol, timeframe, timestamp) = (select exchange, symbol, timeframe, bar from victim);

-- violation: a candle is lost
-- found by: nothing_is_missing
delete from ohlcv_data
where (exchange, symbol, timeframe, timestamp) = (select exchange, symbol, timeframe, bar from victim);

-- violation: a candle is explained away
-- found by: causes_are_true
insert into gaps select exchange, symbol, timeframe, bar, bar, 'outage' from victim;
delete from ohlcv_data
where (exchange, symbol, timeframe, timestamp) = (select exchange, symbol, timeframe, bar from victim);

-- violation: an unfinished candle was stored
-- found by: nothing_was_stored_unfinished
insert into ohlcv_revisions
select exchange, symbol, timeframe, timestamp, 1, open, high, low, close, volume, 0 from ohlcv_data limit 1;

-- violation: a decision is lost
-- found by: every_bar_is_decided
delete from decisions where (strategy_id, timestamp) = (select strategy_id, bar from victim);

-- violation: an acknowledged trade is lost
-- found by: nothing_acknowledged_is_lost
delete from trades where client_order_id = (select trade from victim);

-- violation: a trade is doubled
-- found by: nothing_is_traded_twice
insert into orders (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, side, price,
    qty, status, reason, created_ms)
select 'tagain', strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, side, price, qty, status, reason, 1
from orders where client_order_id = (select trade from victim);
insert into trades (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, side, price, qty, fee,
    fee_currency, fee_quote, timestamp, filled_ms, round_trip, entry_run_id, exchange_trade_id)
select 'tagain', strategy_id, run_id, epoch, mode, exchange, symbol, side, price, qty, fee,
    fee_currency, fee_quote, timestamp, filled_ms, round_trip, entry_run_id, exchange_trade_id
from trades where client_order_id = (select trade from victim);

-- violation: a fill has another price
-- found by: decisions_are_right
update trades set price = price + 0.01 where client_order_id = (select trade from victim);

-- violation: cash is not what the trades left
-- found by: decisions_are_right
update positions set cash = round(cash + 1e-6, 8) where strategy_id = (select strategy_id from victim);

-- violation: an exit was not taken
-- found by: decisions_are_right
update decisions set action = 'hold' where (strategy_id, timestamp) = (select strategy_id, last_exit from victim);

-- violation: a row references nothing
-- found by: file_is_sound
delete from runs where strategy_id = (select strategy_id from victim);

-- violation: an order to sell is left lying
-- found by: ordered_exits_are_carried_out
insert into exit_orders select strategy_id, 'planted', 1 from victim;

-- violation: a running sum of a strategy is off
-- found by: totals_are_what_the_rows_say
-- so high that the newest fall from it is the deepest: a little more would show in no report after a deeper one
update strategy_totals set highest = highest + point_capital where strategy_id = (select strategy_id from victim);

-- violation: a running sum of a run is off
-- found by: totals_are_what_the_rows_say
update run_totals set fees = fees + 1e-6 where strategy_id = (select strategy_id from victim);
