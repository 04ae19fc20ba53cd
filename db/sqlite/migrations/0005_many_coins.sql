-- Coins of which a fortune is 1e19: amounts, and fees in coins, may be that large. And a position remembers an exit that was
-- decided on a bar in which nobody traded, until somebody does.

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
    status text not null check (status in ('new', 'sending', 'open', 'filled', 'cancelled', 'rejected', 'unknown')),
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
    fee real not null check (fee >= 0 and fee < 1e21),
    fee_currency text not null,
    fee_quote real not null check (fee_quote >= 0 and fee_quote < 1e15),
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
    trailing real,
    unique (client_order_id, exchange_trade_id)
) strict;
insert into trades_new (
    trade_id, strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency,
    fee_quote, pnl, pnl_percent, timestamp, filled_ms, round_trip, entry_run_id, slippage, epoch, late,
    exchange_trade_id, stop, target, trailing)
select
    trade_id, strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency,
    fee_quote, pnl, pnl_percent, timestamp, filled_ms, round_trip, entry_run_id, slippage, epoch, late,
    exchange_trade_id, stop, target, trailing
from trades;
drop table trades;
alter table trades_new rename to trades;
create index idx_trades_strategy on trades (strategy_id, timestamp);

create table positions_new (
    strategy_id text primary key references strategies on update cascade,
    qty real not null check (qty >= 0 and qty < 1e21),
    cost real not null check (cost >= 0 and cost < 1e15),
    cash real not null check (abs(cash) < 1e15),
    realised_pnl real not null check (abs(realised_pnl) < 1e15),
    round_trip integer not null default 0,
    entry_timestamp integer,
    entry_price real,
    entry_run_id text,
    stop real,
    target real,
    trailing real,
    high_water real,
    due_code text,
    due_reason text
) strict, without rowid;
insert into positions_new (
    strategy_id, qty, cost, cash, realised_pnl, round_trip, entry_timestamp, entry_price, entry_run_id, stop,
    target, trailing, high_water)
select
    strategy_id, qty, cost, cash, realised_pnl, round_trip, entry_timestamp, entry_price, entry_run_id, stop,
    target, trailing, high_water
from positions;
drop table positions;
alter table positions_new rename to positions;

create table equity_new (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    run_id text not null references runs,
    cash real not null check (abs(cash) < 1e15),
    qty real not null check (qty >= 0 and qty < 1e21),
    close real not null check (close > 0 and close < 1e15),
    equity real not null check (abs(equity) < 1e15),
    primary key (strategy_id, timestamp)
) strict, without rowid;
insert into equity_new (
    strategy_id, timestamp, run_id, cash, qty, close, equity)
select
    strategy_id, timestamp, run_id, cash, qty, close, equity
from equity;
drop table equity;
alter table equity_new rename to equity;
