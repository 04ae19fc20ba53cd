-- Orders that the exchange has ended by itself, and fees that it pays: what it reports is never refused.

create table orders_new (
    client_order_id text primary key,
    strategy_id text not null references strategies on update cascade,
    run_id text not null references runs,
    epoch integer not null,
    mode text not null,
    exchange text not null,
    symbol text not null,
    timestamp integer not null,
    purpose text not null check (purpose in ('entry', 'exit', 'manual')),
    attempt integer not null default 1,
    side text not null check (side in ('buy', 'sell')),
    price real not null check (price > 0 and price < 1e15),
    qty real not null check (qty > 0 and qty < 1e21),
    status text not null check (
        status in ('new', 'sending', 'open', 'unknown', 'filled', 'cancelled', 'rejected', 'expired')),
    reason text not null,
    created_ms integer not null,
    sent_ms integer,
    filled_ms integer,
    code text not null default ''
) strict, without rowid;
insert into orders_new (
    client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, attempt, side, price,
    qty, status, reason, created_ms, sent_ms, filled_ms, code)
select
    client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, attempt, side, price,
    qty, status, reason, created_ms, sent_ms, filled_ms, code
from orders;
drop table orders;
alter table orders_new rename to orders;
create index idx_orders_strategy on orders (strategy_id, timestamp);

create table trades_new (
    trade_id integer primary key,
    strategy_id text not null references strategies on update cascade,
    mode text not null,
    run_id text not null references runs,
    client_order_id text not null references orders,
    exchange text not null,
    symbol text not null,
    side text not null check (side in ('buy', 'sell')),
    price real not null check (price > 0 and price < 1e15),
    qty real not null check (qty > 0 and qty < 1e21),
    fee real not null check (abs(fee) < 1e21),
    fee_currency text not null,
    fee_quote real not null check (abs(fee_quote) < 1e15),
    pnl real check (abs(pnl) < 1e15),
    pnl_percent real check (abs(pnl_percent) < 1e15),
    timestamp integer not null,
    filled_ms integer not null,
    round_trip integer not null,
    entry_run_id text not null references runs,
    slippage real not null default 0 check (abs(slippage) < 1e15),
    epoch integer not null,
    late integer not null default 0 check (late in (0, 1)),
    exchange_trade_id text not null,
    stop real,
    target real,
    trailing_distance real,
    cost real,
    unique (client_order_id, exchange_trade_id)
) strict;
insert into trades_new (
    trade_id, strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency,
    fee_quote, pnl, pnl_percent, timestamp, filled_ms, round_trip, entry_run_id, slippage, epoch, late,
    exchange_trade_id, stop, target, trailing_distance, cost)
select
    trade_id, strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency,
    fee_quote, pnl, pnl_percent, timestamp, filled_ms, round_trip, entry_run_id, slippage, epoch, late,
    exchange_trade_id, stop, target, trailing_distance, cost
from trades;
drop table trades;
alter table trades_new rename to trades;
create index idx_trades_strategy on trades (strategy_id, timestamp);
create index idx_trades_filled on trades (strategy_id, filled_ms);
create index idx_trades_round_trip on trades (strategy_id, round_trip);
