-- Schema 15, as its own code has written it.
pragma foreign_keys = off;
begin;
CREATE TABLE meta (
    key text primary key,
    value text not null
) strict, without rowid;
CREATE TABLE ohlcv_data (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    timestamp integer not null check (timestamp > 0),
    open real not null,
    high real not null check (high < 1e15),
    low real not null check (low > 0),
    close real not null,
    volume real not null check (volume >= 0 and volume < 1e18),
    source integer not null default 0 check (source in (0, 1, 2)), -- 0 exchange, 1 import, 2 derived
    primary key (exchange, symbol, timeframe, timestamp),
    check (low <= open and open <= high and low <= close and close <= high)
) strict, without rowid;
CREATE TABLE ohlcv_revisions (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    timestamp integer not null,
    superseded_ms integer not null,
    open real not null,
    high real not null,
    low real not null,
    close real not null,
    volume real not null,
    source integer not null,
    primary key (exchange, symbol, timeframe, timestamp, superseded_ms)
) strict, without rowid;
CREATE TABLE series_heads (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    stored_ms integer not null,
    candles integer not null default 0 check (candles >= 0),
    state text, state_code text, finer text, -- why the series does not advance, NULL while it does
    primary key (exchange, symbol, timeframe)
) strict, without rowid;
CREATE TABLE gaps (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    cause text not null check (cause in
        ('not_fetched', 'no_trades', 'outage', 'not_offered', 'before_listing', 'delisted', 'rejected')),
    primary key (exchange, symbol, timeframe, first_timestamp)
) strict, without rowid;
CREATE TABLE quarantine (
    quarantine_id integer primary key,
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    received_ms integer not null,
    payload text not null,
    reason text not null,
    unique (exchange, symbol, timeframe, payload)
) strict;
CREATE TABLE markets (
    exchange text not null,
    symbol text not null,
    market_id text not null,
    base text not null,
    quote text not null,
    amount_step real not null check (amount_step > 0 and amount_step < 1e15),
    price_tick real not null check (price_tick > 0 and price_tick < 1e15),
    min_amount real not null check (min_amount >= 0 and min_amount < 1e15),
    min_cost real not null check (min_cost >= 0 and min_cost < 1e15),
    maker real not null check (abs(maker) < 1),
    taker real not null check (abs(taker) < 1),
    fee_in_base integer not null default 0 check (fee_in_base in (0, 1)),
    active integer not null default 1 check (active in (0, 1)),
    updated_ms integer not null, missing_since_ms integer, missing_looks integer not null default 0,
    primary key (exchange, symbol)
) strict, without rowid;
CREATE TABLE strategies (
    strategy_id text primary key,
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    mode text not null check (mode in ('paper', 'live')),
    kind text not null,
    quote text not null,
    capital real not null check (capital > 0 and capital < 1e15),
    enabled integer not null default 1 check (enabled in (0, 1)),
    state text not null default 'active' check (state in ('active', 'disabled')),
    state_reason text,
    failures integer not null default 0, -- in a row
    last_error text,
    run_id text) strict, without rowid;
CREATE TABLE runs (
    run_id text primary key,
    strategy_id text not null references strategies on update cascade,
    started_ms integer not null,
    capital real not null check (capital > 0 and capital < 1e15),
    configuration text not null
) strict, without rowid;
CREATE TABLE decisions (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    action text not null check (action in ('enter', 'exit', 'hold', 'blocked', 'stale', 'failed')),
    reason text not null,
    indicators text not null,
    run_id text not null references runs,
    epoch integer not null,
    decided_ms integer not null,
    stored_ms integer, -- when the candle came in
    late integer not null default 0 check (late in (0, 1)), held integer not null default 0 check (held in (0, 1)), code text not null default '', transaction_id integer not null default 0, seen_ms integer, recorded_ms integer,
    primary key (strategy_id, timestamp)
) strict, without rowid;
CREATE TABLE controls (
    scope text primary key, -- fleet, or a strategy_id
    level text not null,
    reason text not null,
    since_ms integer not null
) strict, without rowid;
CREATE TABLE budgets (
    exchange text primary key,
    next_ms integer not null,
    paused_until_ms integer not null default 0,
    pause_reason text,
    requests integer not null default 0
, paused_from_ms integer not null default 0, reserved_ms integer not null default 0) strict, without rowid;
CREATE TABLE freed_ids (
    strategy_id text primary key,
    decided_timestamp integer
) strict, without rowid;
CREATE TABLE configurations (
    digest text primary key,
    host text not null,
    since_ms integer not null,
    files text not null
) strict, without rowid;
CREATE TABLE retention_marks (
    strategy_id text primary key references strategies on update cascade,
    decisions_before integer not null default 0,
    equity_before integer not null default 0
) strict, without rowid;
CREATE TABLE exchanges (
    exchange text primary key,
    offset_ms integer not null default 0,
    markets integer not null default 0
) strict, without rowid;
CREATE TABLE "positions" (
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
    trailing_distance real,
    high_water real,
    due_code text,
    due_reason text
) strict, without rowid;
CREATE TABLE "equity" (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    run_id text not null references runs,
    cash real not null check (abs(cash) < 1e15),
    qty real not null check (qty >= 0 and qty < 1e21),
    close real not null check (close > 0 and close < 1e15),
    equity real not null check (abs(equity) < 1e15), profit real,
    primary key (strategy_id, timestamp)
) strict, without rowid;
CREATE TABLE outdated (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    changes integer not null, -- so many were noted: what is made again meanwhile is not forgotten
    primary key (exchange, symbol, timeframe, first_timestamp)
) strict, without rowid;
CREATE TABLE strategy_totals (
    strategy_id text primary key references strategies on update cascade,
    decided_timestamp integer,
    decision_timestamp integer,
    action text,
    code text,
    reason text,
    decided_ms integer,
    decision_run_id text,
    equity real not null,
    open_pnl real not null,
    open_run_id text,
    decided integer not null default 0,
    held integer not null default 0,
    started integer,
    start_profit real,
    ended integer,
    highest real,
    deepest_fall real,
    midnight_profit real,
    days integer,
    avg_change real,
    change_squares real,
    down_squares real,
    point_closed integer,
    point_equity real,
    point_capital real,
    total_trades integer not null default 0,
    total_pnl real not null default 0,
    fees real not null default 0,
    first_trade_ms integer,
    last_trade_ms integer,
    round_trips integer not null default 0,
    wins integer not null default 0,
    losses integer not null default 0,
    gains real not null default 0,
    lost real not null default 0,
    best_pnl real,
    worst_pnl real,
    avg_pnl real not null default 0,
    pnl_squares real not null default 0,
    returns real not null default 0,
    bars integer not null default 0
, point_profit real) strict, without rowid;
CREATE TABLE run_totals (
    run_id text primary key references runs,
    strategy_id text not null references strategies on update cascade,
    decided integer not null default 0,
    held integer not null default 0,
    started integer,
    start_profit real,
    ended integer,
    highest real,
    deepest_fall real,
    midnight_profit real,
    days integer,
    avg_change real,
    change_squares real,
    down_squares real,
    point_closed integer,
    point_equity real,
    point_capital real,
    total_trades integer not null default 0,
    total_pnl real not null default 0,
    fees real not null default 0,
    first_trade_ms integer,
    last_trade_ms integer,
    round_trips integer not null default 0,
    wins integer not null default 0,
    losses integer not null default 0,
    gains real not null default 0,
    lost real not null default 0,
    best_pnl real,
    worst_pnl real,
    avg_pnl real not null default 0,
    pnl_squares real not null default 0,
    returns real not null default 0,
    bars integer not null default 0,
    day integer,
    day_equity real,
    day_capital real,
    day_close real,
    day_high real,
    day_low real,
    day_deepest_fall real,
    day_decided integer,
    day_held integer,
    day_points integer,
    day_codes text
, point_profit real) strict, without rowid;
CREATE TABLE daily_totals (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    run_id text not null references runs,
    equity real not null,
    capital real not null,
    close real not null,
    high real not null,
    low real not null,
    deepest_fall real not null,
    decided integer not null,
    held integer not null,
    points integer not null,
    codes text not null,
    primary key (strategy_id, timestamp, run_id)
) strict, without rowid;
CREATE TABLE holders (
    holder text primary key,
    room text not null,
    host text not null,
    pid integer not null,
    place text,
    container text,
    birth integer,
    started_ms integer not null,
    beat_ms integer not null,
    expires_ms integer not null,
    detail text not null
) strict, without rowid;
CREATE TABLE claims (
    kind text not null check (kind in ('strategy', 'duty')),
    claim text not null,
    holder text,
    epoch integer not null,
    primary key (kind, claim)
) strict, without rowid;
CREATE TABLE events (
    event_id integer primary key,
    at_ms integer not null,
    code text not null,
    holder text,
    subject text not null,
    epoch integer,
    first_timestamp integer,
    last_timestamp integer,
    cause text,
    text text not null
, transaction_id integer not null default 0) strict;
CREATE TABLE "orders" (
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
CREATE TABLE "trades" (
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
    cost real, transaction_id integer not null default 0,
    unique (client_order_id, exchange_trade_id)
) strict;
CREATE TABLE plugin_kinds (
    digest text primary key, -- SHA-256 of the file that defines it
    name text not null,
    description text not null, -- JSON: name, doc, params, exits
    stored_ms integer not null
) strict, without rowid;
CREATE TABLE plugin_warmups (
    digest text not null references plugin_kinds (digest) on delete cascade,
    params text not null, -- JSON
    warmup integer not null check (warmup >= 0),
    primary key (digest, params)
) strict, without rowid;
CREATE TABLE backfill_requests (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer,
    recheck integer not null default 0 check (recheck in (0, 1)),
    asked_ms integer not null,
    done_ms integer,
    reason text,
    primary key (exchange, symbol, timeframe)
) strict, without rowid;
CREATE TABLE exit_orders (
    strategy_id text primary key references strategies on update cascade,
    reason text not null,
    since_ms integer not null
) strict, without rowid;
CREATE INDEX idx_runs_strategy on runs (strategy_id, started_ms);
CREATE INDEX idx_run_totals_strategy on run_totals (strategy_id);
CREATE INDEX idx_claims_holder on claims (holder);
CREATE INDEX idx_events_at on events (at_ms);
CREATE INDEX idx_orders_strategy on orders (strategy_id, timestamp);
CREATE INDEX idx_trades_strategy on trades (strategy_id, timestamp);
CREATE INDEX idx_trades_filled on trades (strategy_id, filled_ms);
CREATE INDEX idx_trades_round_trip on trades (strategy_id, round_trip);
CREATE INDEX idx_decisions_transaction on decisions (transaction_id);
CREATE INDEX idx_trades_transaction on trades (transaction_id);
CREATE INDEX idx_events_transaction on events (transaction_id);
CREATE INDEX idx_events_subject on events (subject, event_id);
insert into meta (key, value) values
('environment', 'real'),
('fleet_id', '0123456789abcdef'),
('schema_version', '15'),
('strategies_changed', '5'),
('transaction_id', '1795838507675'),
('writable_from', '14');
insert into ohlcv_data (exchange, symbol, timeframe, timestamp, open, high, low, close, volume, source) values
('binance', 'BTC/USDT', '1h', 1700064000, 96.26, 96.63, 94.2, 94.61, 7.125, 0),
('binance', 'BTC/USDT', '1h', 1700067600, 94.61, 95.74, 94.2, 95.37, 8.125, 0),
('binance', 'BTC/USDT', '1h', 1700071200, 95.37, 97.68, 94.96, 97.31, 77.5, 0),
('binance', 'BTC/USDT', '1h', 1700074800, 97.31, 98.18, 96.9, 97.81, 3.125, 0),
('binance', 'BTC/USDT', '1h', 1700078400, 97.81, 98.18, 96.29, 96.7, 4.125, 0),
('binance', 'BTC/USDT', '1h', 1700082000, 96.7, 97.07, 96.06, 96.47, 5.125, 0),
('binance', 'BTC/USDT', '1h', 1700085600, 96.47, 98.93, 96.06, 98.56, 6.125, 0),
('binance', 'BTC/USDT', '1h', 1700089200, 98.56, 101.56, 98.15, 101.19, 7.125, 0),
('binance', 'BTC/USDT', '1h', 1700092800, 101.19, 102.26, 100.78, 101.89, 8.125, 0),
('binance', 'BTC/USDT', '1h', 1700096400, 101.89, 102.26, 100.62, 101.03, 9.125, 0),
('binance', 'BTC/USDT', '1h', 1700100000, 101.03, 101.55, 100.62, 101.18, 3.125, 0),
('binance', 'BTC/USDT', '1h', 1700103600, 101.18, 103.66, 100.77, 103.29, 4.125, 0),
('binance', 'BTC/USDT', '1h', 1700107200, 103.29, 105.57, 102.88, 105.2, 5.125, 0),
('binance', 'BTC/USDT', '1h', 1700110800, 105.2, 105.57, 104.34, 104.75, 6.125, 0),
('binance', 'BTC/USDT', '1h', 1700114400, 104.75, 105.12, 102.51, 102.92, 7.125, 0),
('binance', 'BTC/USDT', '1h', 1700118000, 102.92, 103.29, 101.96, 102.37, 8.125, 0),
('binance', 'BTC/USDT', '1h', 1700121600, 102.37, 103.89, 101.96, 103.52, 9.125, 0),
('binance', 'BTC/USDT', '1h', 1700125200, 103.52, 104.37, 103.11, 104.0, 3.125, 0),
('binance', 'BTC/USDT', '1h', 1700128800, 104.0, 104.37, 101.72, 102.13, 4.125, 0),
('binance', 'BTC/USDT', '1h', 1700132400, 102.13, 102.5, 99.04, 99.45, 5.125, 0),
('binance', 'BTC/USDT', '1h', 1700136000, 99.45, 99.82, 98.15, 98.56, 6.125, 0),
('binance', 'BTC/USDT', '1h', 1700139600, 98.56, 99.72, 98.15, 99.35, 7.125, 0),
('binance', 'BTC/USDT', '1h', 1700143200, 99.35, 99.72, 98.89, 99.3, 8.125, 0),
('binance', 'BTC/USDT', '1h', 1700146800, 99.3, 99.67, 96.81, 97.22, 9.125, 0),
('binance', 'BTC/USDT', '1h', 1700150400, 97.22, 97.59, 94.68, 95.09, 3.125, 0),
('binance', 'BTC/USDT', '1h', 1700154000, 95.09, 95.58, 94.68, 95.21, 4.125, 0),
('binance', 'BTC/USDT', '1h', 1700157600, 95.21, 97.28, 94.8, 96.91, 5.125, 0),
('binance', 'BTC/USDT', '1h', 1700161200, 96.91, 97.89, 96.5, 97.52, 6.125, 0),
('binance', 'BTC/USDT', '1h', 1700164800, 97.52, 97.89, 95.92, 96.33, 7.125, 0),
('binance', 'BTC/USDT', '1h', 1700168400, 96.33, 96.7, 95.19, 95.6, 8.125, 0),
('binance', 'BTC/USDT', '1h', 1700172000, 95.6, 97.6, 95.19, 97.23, 9.125, 0),
('binance', 'BTC/USDT', '1h', 1700175600, 97.23, 100.27, 96.82, 99.9, 3.125, 0),
('binance', 'BTC/USDT', '1h', 1700179200, 99.9, 101.34, 99.49, 100.97, 4.125, 0),
('binance', 'BTC/USDT', '1h', 1700182800, 100.97, 101.34, 99.84, 100.25, 5.125, 0),
('binance', 'BTC/USDT', '1h', 1700186400, 100.25, 100.62, 99.77, 100.18, 6.125, 0),
('binance', 'BTC/USDT', '4h', 1699862400, 100.65, 101.81, 95.59, 96.0, 27.5, 2),
('binance', 'BTC/USDT', '4h', 1699876800, 96.0, 98.0, 94.84, 95.25, 22.5, 2),
('binance', 'BTC/USDT', '4h', 1699891200, 95.25, 99.34, 94.39, 98.97, 24.5, 2),
('binance', 'BTC/USDT', '4h', 1699905600, 98.97, 103.9, 97.7, 103.53, 26.5, 2),
('binance', 'BTC/USDT', '4h', 1699920000, 103.53, 105.0, 101.78, 104.63, 21.5, 2),
('binance', 'BTC/USDT', '4h', 1699934400, 104.63, 105.76, 100.97, 101.38, 30.5, 2),
('binance', 'BTC/USDT', '4h', 1699948800, 101.38, 102.68, 96.58, 96.99, 18.5, 2),
('binance', 'BTC/USDT', '4h', 1699963200, 96.99, 98.4, 95.18, 95.59, 27.5, 2),
('binance', 'BTC/USDT', '4h', 1699977600, 95.59, 98.68, 94.1, 98.31, 22.5, 2),
('binance', 'BTC/USDT', '4h', 1699992000, 98.31, 102.8, 96.9, 102.43, 24.5, 2),
('binance', 'BTC/USDT', '4h', 1700006400, 102.43, 104.49, 101.28, 104.12, 26.5, 2),
('binance', 'BTC/USDT', '4h', 1700020800, 104.12, 105.86, 101.56, 101.97, 21.5, 2),
('binance', 'BTC/USDT', '4h', 1700035200, 101.97, 103.39, 97.76, 98.17, 30.5, 2),
('binance', 'BTC/USDT', '4h', 1700049600, 98.17, 98.99, 95.85, 96.26, 18.5, 2),
('binance', 'BTC/USDT', '4h', 1700064000, 96.26, 98.18, 94.2, 97.81, 27.5, 2),
('binance', 'BTC/USDT', '4h', 1700078400, 97.81, 101.56, 96.06, 101.19, 22.5, 2),
('binance', 'BTC/USDT', '4h', 1700092800, 101.19, 103.66, 100.62, 103.29, 24.5, 2),
('binance', 'BTC/USDT', '4h', 1700107200, 103.29, 105.57, 101.96, 102.37, 26.5, 2),
('binance', 'BTC/USDT', '4h', 1700121600, 102.37, 104.37, 99.04, 99.45, 21.5, 2),
('binance', 'BTC/USDT', '4h', 1700136000, 99.45, 99.82, 96.81, 97.22, 30.5, 2),
('binance', 'BTC/USDT', '4h', 1700150400, 97.22, 97.89, 94.68, 97.52, 18.5, 2),
('binance', 'BTC/USDT', '4h', 1700164800, 97.52, 100.27, 95.19, 99.9, 27.5, 2),
('kraken', 'ETH/USD', '1h', 1700064000, 103.53, 103.9, 101.3, 101.71, 7.125, 0),
('kraken', 'ETH/USD', '1h', 1700067600, 101.71, 102.24, 101.3, 101.87, 8.125, 0),
('kraken', 'ETH/USD', '1h', 1700071200, 101.87, 103.16, 101.46, 102.79, 9.125, 0),
('kraken', 'ETH/USD', '1h', 1700074800, 102.79, 103.16, 101.53, 101.94, 3.125, 0),
('kraken', 'ETH/USD', '1h', 1700078400, 101.94, 102.31, 98.81, 99.22, 4.125, 0),
('kraken', 'ETH/USD', '1h', 1700082000, 99.22, 99.59, 96.81, 97.22, 5.125, 0),
('kraken', 'ETH/USD', '1h', 1700085600, 97.22, 97.87, 96.81, 97.5, 6.125, 0),
('kraken', 'ETH/USD', '1h', 1700089200, 97.5, 98.76, 97.09, 98.39, 7.125, 0),
('kraken', 'ETH/USD', '1h', 1700092800, 98.39, 98.76, 97.1, 97.51, 8.125, 0),
('kraken', 'ETH/USD', '1h', 1700096400, 97.51, 97.88, 94.94, 95.35, 9.125, 0),
('kraken', 'ETH/USD', '1h', 1700100000, 95.35, 95.72, 94.15, 94.56, 3.125, 0),
('kraken', 'ETH/USD', '1h', 1700103600, 94.56, 96.5, 94.15, 96.13, 4.125, 0),
('kraken', 'ETH/USD', '1h', 1700107200, 96.13, 98.31, 95.72, 97.94, 5.125, 0),
('kraken', 'ETH/USD', '1h', 1700110800, 97.94, 98.31, 97.45, 97.86, 6.125, 0),
('kraken', 'ETH/USD', '1h', 1700114400, 97.86, 98.23, 96.41, 96.82, 7.125, 0),
('kraken', 'ETH/USD', '1h', 1700118000, 96.82, 97.8, 96.41, 97.43, 8.125, 0),
('kraken', 'ETH/USD', '1h', 1700128800, 102.23, 102.6, 101.75, 102.16, 4.125, 0),
('kraken', 'ETH/USD', '1h', 1700132400, 102.16, 102.53, 100.87, 101.28, 5.125, 0),
('kraken', 'ETH/USD', '1h', 1700136000, 101.28, 102.44, 100.87, 102.07, 6.125, 0),
('kraken', 'ETH/USD', '1h', 1700139600, 102.07, 104.71, 101.66, 104.34, 7.125, 0),
('kraken', 'ETH/USD', '1h', 1700146800, 105.44, 105.81, 103.72, 104.13, 9.125, 0),
('kraken', 'ETH/USD', '1h', 1700150400, 104.13, 104.5, 101.94, 102.35, 3.125, 0),
('kraken', 'ETH/USD', '1h', 1700154000, 102.35, 102.74, 101.94, 102.37, 4.125, 0),
('kraken', 'ETH/USD', '1h', 1700157600, 102.37, 103.88, 101.96, 103.51, 5.125, 0),
('kraken', 'ETH/USD', '1h', 1700161200, 103.51, 103.88, 102.75, 103.16, 6.125, 0),
('kraken', 'ETH/USD', '1h', 1700164800, 103.16, 103.53, 100.25, 100.66, 7.125, 0),
('kraken', 'ETH/USD', '1h', 1700168400, 100.66, 101.03, 97.94, 98.35, 8.125, 0),
('kraken', 'ETH/USD', '1h', 1700172000, 98.35, 98.72, 97.81, 98.22, 9.125, 0),
('kraken', 'ETH/USD', '1h', 1700175600, 98.22, 99.45, 97.81, 99.08, 3.125, 0),
('kraken', 'ETH/USD', '1h', 1700179200, 99.08, 99.45, 97.98, 98.39, 4.125, 0),
('kraken', 'ETH/USD', '1h', 1700182800, 98.39, 98.76, 95.66, 96.07, 5.125, 0),
('kraken', 'ETH/USD', '1h', 1700186400, 96.07, 96.07, 96.07, 96.07, 0.0, 0);
insert into ohlcv_revisions (exchange, symbol, timeframe, timestamp, superseded_ms, open, high, low, close, volume, source) values
('binance', 'BTC/USDT', '1h', 1700071200, 1, 95.37, 97.68, 94.96, 97.31, 9.125, 0);
insert into series_heads (exchange, symbol, timeframe, first_timestamp, last_timestamp, stored_ms, candles, state, state_code, finer) values
('binance', 'BTC/USDT', '1h', 1700064000, 1700186400, 1, 35, null, null, null),
('binance', 'BTC/USDT', '4h', 1699862400, 1700164800, 1, 22, null, null, '1h'),
('kraken', 'ETH/USD', '1h', 1700064000, 1700186400, 1, 32, null, null, null);
insert into gaps (exchange, symbol, timeframe, first_timestamp, last_timestamp, cause) values
('binance', 'BTC/USDT', '1h', 1700006400, 1700020800, 'before_listing'),
('binance', 'BTC/USDT', '1h', 1700024400, 1700028000, 'not_offered'),
('binance', 'BTC/USDT', '1h', 1700031600, 1700060400, 'not_fetched'),
('kraken', 'ETH/USD', '1h', 1700020800, 1700024400, 'rejected'),
('kraken', 'ETH/USD', '1h', 1700028000, 1700060400, 'delisted'),
('kraken', 'ETH/USD', '1h', 1700121600, 1700125200, 'no_trades'),
('kraken', 'ETH/USD', '1h', 1700143200, 1700143200, 'outage');
insert into quarantine (quarantine_id, exchange, symbol, timeframe, received_ms, payload, reason) values
(1, 'binance', 'BTC/USDT', '1h', 1800000000000, '[0, "x"]', 'a time that is no number');
insert into markets (exchange, symbol, market_id, base, quote, amount_step, price_tick, min_amount, min_cost, maker, taker, fee_in_base, active, updated_ms, missing_since_ms, missing_looks) values
('binance', 'BTC/USDT', 'BTCUSDT', 'BTC', 'USDT', 0.001, 0.01, 0.001, 5.0, 0.001, 0.001, 1, 1, 1, null, 0),
('kraken', 'ETH/USD', 'ETHUSD', 'ETH', 'USD', 1e-08, 0.01, 0.002, 0.5, 0.0016, 0.0026, 0, 1, 1, null, 0);
insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital, enabled, state, state_reason, failures, last_error, run_id) values
('averages', 'kraken', 'ETH/USD', '1h', 'paper', 'macd', 'USD', 1000.0, 1, 'active', null, 0, null, 'averages.2'),
('averages~1', 'kraken', 'ETH/USD', '1h', 'paper', 'macd', 'USD', 1000.0, 0, 'active', null, 0, null, 'averages.1'),
('crossing', 'binance', 'BTC/USDT', '1h', 'paper', 'rules', 'USDT', 1250.0, 1, 'active', null, 0, null, 'crossing.2'),
('poor', 'binance', 'BTC/USDT', '4h', 'paper', 'rules', 'USDT', 1000.0, 1, 'active', null, 0, null, 'poor.1'),
('renamed', 'binance', 'BTC/USDT', '4h', 'paper', 'rules', 'USDT', 250.0, 0, 'active', null, 0, null, 'first-id.1'),
('risking', 'binance', 'BTC/USDT', '4h', 'paper', 'rules', 'USDT', 1000.0, 1, 'active', null, 0, null, 'risking.1'),
('trailing', 'binance', 'BTC/USDT', '1h', 'paper', 'rules', 'USDT', 1000.0, 1, 'active', null, 0, null, 'trailing.1');
insert into runs (run_id, strategy_id, started_ms, capital, configuration) values
('averages.1', 'averages~1', 1, 1000.0, '{"kind": "macd", "params": {"fast": 4, "signal": 3, "slow": 9}, "rules": 2, "terms": {"capital": "1000", "exits": {"check": "close", "max_bars": null, "stop": null, "target": null, "trailing": null}, "maker": "0.0016", "min_cost": "0.5", "slippage_bps": "5", "stake": {"kind": "fraction", "value": "0.6"}, "taker": "0.0026", "warmup": 12}}'),
('averages.2', 'averages', 1800000000000, 1000.0, '{"kind": "macd", "params": {"fast": 4, "signal": 3, "slow": 9}, "rules": 2, "terms": {"capital": "1000", "exits": {"check": "close", "max_bars": null, "stop": null, "target": null, "trailing": null}, "maker": "0.0016", "min_cost": "0.5", "slippage_bps": "5", "stake": {"kind": "fraction", "value": "0.6"}, "taker": "0.0026", "warmup": 12}}'),
('crossing.1', 'crossing', 1, 1000.0, '{"kind": "rules", "params": {"entry": "close > 100", "exit": "close < sma(4)"}, "rules": 2, "terms": {"capital": "1000", "exits": {"check": "close", "max_bars": null, "stop": null, "target": null, "trailing": null}, "maker": "0.001", "min_cost": "5", "slippage_bps": "5", "stake": {"kind": "fraction", "value": "0.5"}, "taker": "0.001", "warmup": 12}}'),
('crossing.2', 'crossing', 1, 1250.0, '{"kind": "rules", "params": {"entry": "close > 100", "exit": "close < sma(4)"}, "rules": 2, "terms": {"capital": "1250", "exits": {"check": "close", "max_bars": null, "stop": null, "target": null, "trailing": null}, "maker": "0.001", "min_cost": "5", "slippage_bps": "5", "stake": {"kind": "fraction", "value": "0.5"}, "taker": "0.001", "warmup": 12}}'),
('first-id.1', 'renamed', 1, 250.0, '{"kind": "rules", "params": {"entry": "close > 90", "exit": "close < 97"}, "rules": 2, "terms": {"capital": "250", "exits": {"check": "close", "max_bars": null, "stop": null, "target": null, "trailing": {"atr": null, "value": "0.2"}}, "maker": "0.001", "min_cost": "5", "slippage_bps": "5", "stake": {"kind": "fraction", "value": "1"}, "taker": "0.001", "warmup": 8}}'),
('poor.1', 'poor', 1, 1000.0, '{"kind": "rules", "params": {"entry": "close > 100", "exit": "close < 1"}, "rules": 2, "terms": {"capital": "1000", "exits": {"check": "close", "max_bars": null, "stop": {"atr": 3, "value": "4"}, "target": null, "trailing": null}, "maker": "0.001", "min_cost": "5", "slippage_bps": "5", "stake": {"kind": "risk", "value": "0.0001"}, "taker": "0.001", "warmup": 8}}'),
('risking.1', 'risking', 1, 1000.0, '{"kind": "rules", "params": {"entry": "close > 97", "exit": "close < 80"}, "rules": 2, "terms": {"capital": "1000", "exits": {"check": "close", "max_bars": 2, "stop": {"atr": 3, "value": "2"}, "target": null, "trailing": null}, "maker": "0.001", "min_cost": "5", "slippage_bps": "5", "stake": {"kind": "risk", "value": "0.02"}, "taker": "0.001", "warmup": 8}}'),
('trailing.1', 'trailing', 1, 1000.0, '{"kind": "rules", "params": {"entry": "close > sma(5)", "exit": "close < 90"}, "rules": 2, "terms": {"capital": "1000", "exits": {"check": "intrabar", "max_bars": null, "stop": null, "target": {"atr": null, "value": "0.05"}, "trailing": {"atr": null, "value": "0.015"}}, "maker": "0.001", "min_cost": "5", "slippage_bps": "5", "stake": {"kind": "fixed", "value": "300"}, "taker": "0.001", "warmup": 12}}');
insert into decisions (strategy_id, timestamp, action, reason, indicators, run_id, epoch, decided_ms, stored_ms, late, held, code, transaction_id, seen_ms, recorded_ms) values
('averages', 1700136000, 'hold', 'MACD(4, 9, 3) 1.61552 against 1.37451', '{"macd": 1.615522222, "macd_signal": 1.374507407}', 'averages.2', 2, 1700139600000, null, 0, 0, 'no_entry', 1795838507667, null, null),
('averages', 1700139600, 'hold', 'MACD(4, 9, 3) 2.01959 against 1.6902', '{"macd": 2.019588889, "macd_signal": 1.690196296}', 'averages.2', 2, 1700143200000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('averages', 1700146800, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": 1.997435556, "macd_signal": 1.802425185}', 'averages.2', 2, 1700150400000, null, 0, 0, 'gap', 1795838507668, null, null),
('averages', 1700150400, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": 1.573595556, "macd_signal": 1.799971852}', 'averages.2', 2, 1700154000000, null, 0, 0, 'gap', 1795838507669, null, null),
('averages', 1700154000, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": 1.440886667, "macd_signal": 1.939615556}', 'averages.2', 2, 1700164802000, null, 1, 0, 'gap', 1795838507672, null, null),
('averages', 1700157600, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": 1.391693333, "macd_signal": 1.710191111}', 'averages.2', 2, 1700164802000, null, 1, 0, 'gap', 1795838507672, null, null),
('averages', 1700161200, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": 1.156397778, "macd_signal": 1.468985926}', 'averages.2', 2, 1700164802000, 1, 0, 0, 'gap', 1795838507672, 2, 1795838508369),
('averages', 1700164800, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": 0.3818066667, "macd_signal": 0.9245088889}', 'averages.2', 3, 1700168400000, null, 0, 0, 'gap', 1795838507673, null, null),
('averages', 1700168400, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": -0.6764977778, "macd_signal": -0.04681925926}', 'averages.2', 3, 1700172000000, null, 0, 0, 'gap', 1795838507674, null, null),
('averages', 1700172000, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": -1.305651111, "macd_signal": -0.8931903704}', 'averages.2', 3, 1700175600000, null, 0, 0, 'gap', 1795838507674, null, null),
('averages', 1700175600, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": -1.186937778, "macd_signal": -1.016205926}', 'averages.2', 3, 1700179200000, null, 0, 0, 'gap', 1795838507674, null, null),
('averages', 1700179200, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": -1.308613333, "macd_signal": -1.250351111}', 'averages.2', 3, 1700182800000, null, 0, 0, 'gap', 1795838507675, null, null),
('averages', 1700182800, 'blocked', 'outage from 1700143200 to 1700143200', '{"macd": -1.880691111, "macd_signal": -1.77731037}', 'averages.2', 3, 1700186400000, null, 0, 0, 'gap', 1795838507675, null, null),
('averages', 1700186400, 'blocked', 'nobody traded in this bar: MACD(4, 9, 3) crossed above its signal: -1.99842 against -2.04123', '{"macd": -1.998415556, "macd_signal": -2.041231852}', 'averages.2', 3, 1700190000000, null, 0, 0, 'not_traded', 1795838507675, null, null),
('averages~1', 1700107200, 'hold', 'MACD(4, 9, 3) -0.949082 against -1.40519', '{"macd": -0.9490822222, "macd_signal": -1.405187407}', 'averages.1', 1, 1700110800000, null, 0, 0, 'no_entry', 1795838507657, null, null),
('averages~1', 1700110800, 'hold', 'MACD(4, 9, 3) -0.538064 against -0.975875', '{"macd": -0.5380644444, "macd_signal": -0.9758748148}', 'averages.1', 1, 1700114400000, null, 0, 0, 'no_entry', 1795838507658, null, null),
('averages~1', 1700114400, 'hold', 'MACD(4, 9, 3) -0.466664 against -0.742008', '{"macd": -0.4666644444, "macd_signal": -0.7420081481}', 'averages.1', 1, 1700121602000, null, 1, 0, 'no_entry', 1795838507661, null, null),
('averages~1', 1700118000, 'hold', 'MACD(4, 9, 3) -0.178369 against -0.420403', '{"macd": -0.1783688889, "macd_signal": -0.420402963}', 'averages.1', 1, 1700121602000, 1, 0, 0, 'no_entry', 1795838507661, 2, 1795838508131),
('averages~1', 1700121600, 'hold', 'MACD(4, 9, 3) 0.0667 against -0.0596333', '{"macd": 0.0667, "macd_signal": -0.05963333333}', 'averages.1', 1, 1700132400000, null, 1, 0, 'no_entry', 1795838507663, null, null),
('averages~1', 1700125200, 'hold', 'MACD(4, 9, 3) 0.221256 against 0.248752', '{"macd": 0.2212555556, "macd_signal": 0.2487518519}', 'averages.1', 1, 1700132400000, null, 1, 0, 'no_entry', 1795838507663, null, null),
('averages~1', 1700128800, 'enter', 'MACD(4, 9, 3) crossed above its signal: 1.24144 against 0.868173', '{"macd": 1.241437778, "macd_signal": 0.8681725926}', 'averages.1', 1, 1700132400000, null, 0, 1, 'signal', 1795838507663, null, null),
('averages~1', 1700132400, 'hold', 'MACD(4, 9, 3) 1.47091 against 1.1423', '{"macd": 1.470911111, "macd_signal": 1.142303704}', 'averages.1', 1, 1700136000000, null, 0, 1, 'holding', 1795838507664, null, null),
('crossing', 1700107200, 'enter', 'close > 100 [close 105.2]', '{"close": 105.2, "sma(4)": 102.675}', 'crossing.1', 1, 1700110800000, null, 0, 1, 'signal', 1795838507657, null, null),
('crossing', 1700110800, 'hold', 'close 104.75, sma(4) 103.605', '{"close": 104.75, "sma(4)": 103.605}', 'crossing.1', 1, 1700114400000, null, 0, 1, 'holding', 1795838507658, null, null),
('crossing', 1700114400, 'exit', 'close < sma(4) [close 102.92, sma(4) 104.04]', '{"close": 102.92, "sma(4)": 104.04}', 'crossing.1', 1, 1700121602000, null, 1, 1, 'exit_signal', 1795838507660, null, null),
('crossing', 1700118000, 'blocked', 'sold at this close: close < sma(4) [close 102.92, sma(4) 104.04]', '{"close": 102.37, "sma(4)": 103.81}', 'crossing.1', 1, 1700121602000, 1, 0, 0, 'missed_exit', 1795838507660, 2, 1795838508124),
('crossing', 1700121600, 'enter', 'close > 100 [close 103.52]', '{"close": 103.52, "sma(4)": 103.39}', 'crossing.1', 1, 1700125200000, null, 0, 1, 'signal', 1795838507662, null, null),
('crossing', 1700125200, 'hold', 'close 104, sma(4) 103.203', '{"close": 104.0, "sma(4)": 103.2025}', 'crossing.1', 1, 1700128800000, null, 0, 1, 'holding', 1795838507663, null, null),
('crossing', 1700128800, 'exit', 'close < sma(4) [close 102.13, sma(4) 103.005]', '{"close": 102.13, "sma(4)": 103.005}', 'crossing.1', 1, 1700132400000, null, 0, 0, 'exit_signal', 1795838507663, null, null),
('crossing', 1700132400, 'hold', 'close 99.45, sma(4) 102.275', '{"close": 99.45, "sma(4)": 102.275}', 'crossing.1', 1, 1700136000000, null, 0, 0, 'no_entry', 1795838507664, null, null),
('crossing', 1700136000, 'hold', 'close 98.56, sma(4) 101.035', '{"close": 98.56, "sma(4)": 101.035}', 'crossing.2', 2, 1700139600000, null, 0, 0, 'no_entry', 1795838507667, null, null),
('crossing', 1700139600, 'hold', 'close 99.35, sma(4) 99.8725', '{"close": 99.35, "sma(4)": 99.8725}', 'crossing.2', 2, 1700143200000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('crossing', 1700143200, 'hold', 'close 99.3, sma(4) 99.165', '{"close": 99.3, "sma(4)": 99.165}', 'crossing.2', 2, 1700146800000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('crossing', 1700146800, 'hold', 'close 97.22, sma(4) 98.6075', '{"close": 97.22, "sma(4)": 98.6075}', 'crossing.2', 2, 1700150400000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('crossing', 1700150400, 'hold', 'close 95.09, sma(4) 97.74', '{"close": 95.09, "sma(4)": 97.74}', 'crossing.2', 2, 1700154000000, null, 0, 0, 'no_entry', 1795838507669, null, null),
('crossing', 1700154000, 'hold', 'close 95.21, sma(4) 96.705', '{"close": 95.21, "sma(4)": 96.705}', 'crossing.2', 2, 1700164802000, null, 1, 0, 'no_entry', 1795838507671, null, null),
('crossing', 1700157600, 'hold', 'close 96.91, sma(4) 96.1075', '{"close": 96.91, "sma(4)": 96.1075}', 'crossing.2', 2, 1700164802000, null, 1, 0, 'no_entry', 1795838507671, null, null),
('crossing', 1700161200, 'hold', 'close 97.52, sma(4) 96.1825', '{"close": 97.52, "sma(4)": 96.1825}', 'crossing.2', 2, 1700164802000, 1, 0, 0, 'no_entry', 1795838507671, 2, 1795838508349),
('crossing', 1700164800, 'hold', 'close 96.33, sma(4) 96.4925', '{"close": 96.33, "sma(4)": 96.4925}', 'crossing.2', 3, 1700168400000, null, 0, 0, 'no_entry', 1795838507673, null, null),
('crossing', 1700168400, 'hold', 'close 95.6, sma(4) 96.59', '{"close": 95.6, "sma(4)": 96.59}', 'crossing.2', 3, 1700172000000, null, 0, 0, 'no_entry', 1795838507674, null, null),
('crossing', 1700172000, 'hold', 'close 97.23, sma(4) 96.67', '{"close": 97.23, "sma(4)": 96.67}', 'crossing.2', 3, 1700175600000, null, 0, 0, 'no_entry', 1795838507674, null, null),
('crossing', 1700175600, 'hold', 'close 99.9, sma(4) 97.265', '{"close": 99.9, "sma(4)": 97.265}', 'crossing.2', 3, 1700179200000, null, 0, 0, 'no_entry', 1795838507674, null, null),
('crossing', 1700179200, 'enter', 'close > 100 [close 100.97]', '{"close": 100.97, "sma(4)": 98.425}', 'crossing.2', 3, 1700182800000, null, 0, 1, 'signal', 1795838507675, null, null),
('crossing', 1700182800, 'hold', 'close 100.25, sma(4) 99.5875', '{"close": 100.25, "sma(4)": 99.5875}', 'crossing.2', 3, 1700186400000, null, 0, 1, 'holding', 1795838507675, null, null),
('crossing', 1700186400, 'exit', 'close < sma(4) [close 100.18, sma(4) 100.325]', '{"close": 100.18, "sma(4)": 100.325}', 'crossing.2', 3, 1700190000000, null, 0, 0, 'exit_signal', 1795838507675, null, null),
('poor', 1699992000, 'blocked', 'cost 0.51245 USDT is below 6.5220909: after a stop it could not be sold again: close > 100 [close 102.43]', '{"close": 102.43}', 'poor.1', 1, 1700006400000, null, 0, 0, 'unsellable', 1795838507655, null, null),
('poor', 1700006400, 'blocked', 'cost 0.52090 USDT is below 6.2896159: after a stop it could not be sold again: close > 100 [close 104.12]', '{"close": 104.12}', 'poor.1', 1, 1700020800000, null, 0, 0, 'unsellable', 1795838507656, null, null),
('poor', 1700020800, 'blocked', 'cost 0.51015 USDT is below 6.3443977: after a stop it could not be sold again: close > 100 [close 101.97]', '{"close": 101.97}', 'poor.1', 1, 1700035200000, null, 0, 0, 'unsellable', 1795838507656, null, null),
('poor', 1700035200, 'hold', 'close 98.17', '{"close": 98.17}', 'poor.1', 1, 1700049600000, null, 0, 0, 'no_entry', 1795838507656, null, null),
('poor', 1700049600, 'hold', 'close 96.26', '{"close": 96.26}', 'poor.1', 1, 1700064000000, null, 0, 0, 'no_entry', 1795838507656, null, null),
('poor', 1700064000, 'hold', 'close 97.81', '{"close": 97.81}', 'poor.1', 1, 1700078400000, null, 0, 0, 'no_entry', 1795838507656, null, null),
('poor', 1700078400, 'blocked', 'cost 0.50625 USDT is below 6.4221638: after a stop it could not be sold again: close > 100 [close 101.19]', '{"close": 101.19}', 'poor.1', 1, 1700092800000, null, 0, 0, 'unsellable', 1795838507656, null, null),
('poor', 1700092800, 'blocked', 'cost 0.62010 USDT is below 6.2116485: after a stop it could not be sold again: close > 100 [close 103.29]', '{"close": 103.29}', 'poor.1', 1, 1700107200000, null, 0, 0, 'unsellable', 1795838507656, null, null),
('poor', 1700107200, 'blocked', 'cost 0.61458 USDT is below 6.2060877: after a stop it could not be sold again: close > 100 [close 102.37]', '{"close": 102.37}', 'poor.1', 1, 1700121600000, null, 0, 0, 'unsellable', 1795838507659, null, null),
('poor', 1700121600, 'hold', 'close 99.45', '{"close": 99.45}', 'poor.1', 1, 1700136000000, null, 0, 0, 'no_entry', 1795838507664, null, null),
('poor', 1700136000, 'hold', 'close 97.22', '{"close": 97.22}', 'poor.1', 2, 1700150400000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('poor', 1700150400, 'hold', 'close 97.52', '{"close": 97.52}', 'poor.1', 2, 1700164800000, null, 0, 0, 'no_entry', 1795838507670, null, null),
('poor', 1700164800, 'hold', 'close 99.9', '{"close": 99.9}', 'poor.1', 3, 1700179200000, null, 0, 0, 'no_entry', 1795838507674, null, null),
('renamed', 1699992000, 'enter', 'close > 90 [close 102.43]', '{"close": 102.43}', 'first-id.1', 1, 1700006400000, null, 0, 1, 'signal', 1795838507655, null, null),
('renamed', 1700006400, 'hold', 'close 104.12', '{"close": 104.12}', 'first-id.1', 1, 1700020800000, null, 0, 1, 'holding', 1795838507656, null, null),
('renamed', 1700020800, 'hold', 'close 101.97', '{"close": 101.97}', 'first-id.1', 1, 1700035200000, null, 0, 1, 'holding', 1795838507656, null, null),
('renamed', 1700035200, 'hold', 'close 98.17', '{"close": 98.17}', 'first-id.1', 1, 1700049600000, null, 0, 1, 'holding', 1795838507656, null, null),
('renamed', 1700049600, 'exit', 'close < 97 [close 96.26]', '{"close": 96.26}', 'first-id.1', 1, 1700064000000, null, 0, 0, 'exit_signal', 1795838507656, null, null),
('renamed', 1700064000, 'enter', 'close > 90 [close 97.81]', '{"close": 97.81}', 'first-id.1', 1, 1700078400000, null, 0, 1, 'signal', 1795838507656, null, null),
('renamed', 1700078400, 'hold', 'close 101.19', '{"close": 101.19}', 'first-id.1', 1, 1700092800000, null, 0, 1, 'holding', 1795838507656, null, null),
('renamed', 1700092800, 'hold', 'close 103.29', '{"close": 103.29}', 'first-id.1', 1, 1700107200000, null, 0, 1, 'holding', 1795838507656, null, null),
('renamed', 1700107200, 'hold', 'close 102.37', '{"close": 102.37}', 'first-id.1', 1, 1700121600000, null, 0, 1, 'holding', 1795838507659, null, null),
('renamed', 1700121600, 'hold', 'close 99.45', '{"close": 99.45}', 'first-id.1', 1, 1700136000000, null, 0, 1, 'holding', 1795838507664, null, null),
('renamed', 1700136000, 'enter', 'close > 90 [close 97.22]', '{"close": 97.22}', 'first-id.1', 2, 1700150400000, null, 0, 1, 'signal', 1795838507668, null, null),
('renamed', 1700150400, 'hold', 'close 97.52', '{"close": 97.52}', 'first-id.1', 2, 1700164800000, null, 0, 1, 'holding', 1795838507670, null, null),
('risking', 1699992000, 'enter', 'close > 97 [close 102.43]', '{"close": 102.43}', 'risking.1', 1, 1700006400000, null, 0, 1, 'signal', 1795838507655, null, null),
('risking', 1700006400, 'hold', 'close 104.12', '{"close": 104.12}', 'risking.1', 1, 1700020800000, null, 0, 1, 'holding', 1795838507656, null, null),
('risking', 1700020800, 'exit', 'held for 2 bars', '{"close": 101.97}', 'risking.1', 1, 1700035200000, null, 0, 0, 'time_limit', 1795838507656, null, null),
('risking', 1700035200, 'enter', 'close > 97 [close 98.17]', '{"close": 98.17}', 'risking.1', 1, 1700049600000, null, 0, 1, 'signal', 1795838507656, null, null),
('risking', 1700049600, 'hold', 'close 96.26', '{"close": 96.26}', 'risking.1', 1, 1700064000000, null, 0, 1, 'holding', 1795838507656, null, null),
('risking', 1700064000, 'exit', 'held for 2 bars', '{"close": 97.81}', 'risking.1', 1, 1700078400000, null, 0, 0, 'time_limit', 1795838507656, null, null),
('risking', 1700078400, 'enter', 'close > 97 [close 101.19]', '{"close": 101.19}', 'risking.1', 1, 1700092800000, null, 0, 1, 'signal', 1795838507656, null, null),
('risking', 1700092800, 'hold', 'close 103.29', '{"close": 103.29}', 'risking.1', 1, 1700107200000, null, 0, 1, 'holding', 1795838507656, null, null),
('risking', 1700107200, 'exit', 'held for 2 bars', '{"close": 102.37}', 'risking.1', 1, 1700121600000, null, 0, 0, 'time_limit', 1795838507659, null, null),
('risking', 1700121600, 'enter', 'close > 97 [close 99.45]', '{"close": 99.45}', 'risking.1', 1, 1700136000000, null, 0, 1, 'signal', 1795838507664, null, null),
('risking', 1700136000, 'hold', 'close 97.22', '{"close": 97.22}', 'risking.1', 2, 1700150400000, null, 0, 1, 'holding', 1795838507668, null, null),
('risking', 1700150400, 'exit', 'held for 2 bars', '{"close": 97.52}', 'risking.1', 2, 1700164800000, null, 0, 0, 'time_limit', 1795838507670, null, null),
('risking', 1700164800, 'enter', 'close > 97 [close 99.9]', '{"close": 99.9}', 'risking.1', 3, 1700179200000, null, 0, 1, 'signal', 1795838507674, null, null),
('trailing', 1700107200, 'enter', 'close > sma(5) [close 105.2, sma(5) 102.518]', '{"close": 105.2, "sma(5)": 102.518}', 'trailing.1', 1, 1700110800000, null, 0, 1, 'signal', 1795838507657, null, null),
('trailing', 1700110800, 'hold', 'close 104.75, sma(5) 103.09', '{"close": 104.75, "sma(5)": 103.09}', 'trailing.1', 1, 1700114400000, null, 0, 1, 'holding', 1795838507658, null, null),
('trailing', 1700114400, 'exit', 'low 102.51 reached the stop 103.99', '{"close": 102.92, "sma(5)": 103.468}', 'trailing.1', 1, 1700121602000, null, 1, 0, 'trailing_stop', 1795838507660, null, null),
('trailing', 1700118000, 'hold', 'close 102.37, sma(5) 103.706', '{"close": 102.37, "sma(5)": 103.706}', 'trailing.1', 1, 1700121602000, 1, 0, 0, 'no_entry', 1795838507660, 2, 1795838508124),
('trailing', 1700121600, 'hold', 'close 103.52, sma(5) 103.752', '{"close": 103.52, "sma(5)": 103.752}', 'trailing.1', 1, 1700125200000, null, 0, 0, 'no_entry', 1795838507662, null, null),
('trailing', 1700125200, 'enter', 'close > sma(5) [close 104, sma(5) 103.512]', '{"close": 104.0, "sma(5)": 103.512}', 'trailing.1', 1, 1700128800000, null, 0, 1, 'signal', 1795838507663, null, null),
('trailing', 1700128800, 'exit', 'low 101.72 reached the stop 102.49', '{"close": 102.13, "sma(5)": 102.988}', 'trailing.1', 1, 1700132400000, null, 0, 0, 'trailing_stop', 1795838507663, null, null),
('trailing', 1700132400, 'hold', 'close 99.45, sma(5) 102.294', '{"close": 99.45, "sma(5)": 102.294}', 'trailing.1', 1, 1700136000000, null, 0, 0, 'no_entry', 1795838507664, null, null),
('trailing', 1700136000, 'hold', 'close 98.56, sma(5) 101.532', '{"close": 98.56, "sma(5)": 101.532}', 'trailing.1', 2, 1700139600000, null, 0, 0, 'no_entry', 1795838507667, null, null),
('trailing', 1700139600, 'hold', 'close 99.35, sma(5) 100.698', '{"close": 99.35, "sma(5)": 100.698}', 'trailing.1', 2, 1700143200000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('trailing', 1700143200, 'hold', 'close 99.3, sma(5) 99.758', '{"close": 99.3, "sma(5)": 99.758}', 'trailing.1', 2, 1700146800000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('trailing', 1700146800, 'hold', 'close 97.22, sma(5) 98.776', '{"close": 97.22, "sma(5)": 98.776}', 'trailing.1', 2, 1700150400000, null, 0, 0, 'no_entry', 1795838507668, null, null),
('trailing', 1700150400, 'hold', 'close 95.09, sma(5) 97.904', '{"close": 95.09, "sma(5)": 97.904}', 'trailing.1', 2, 1700154000000, null, 0, 0, 'no_entry', 1795838507669, null, null),
('trailing', 1700154000, 'hold', 'close 95.21, sma(5) 97.234', '{"close": 95.21, "sma(5)": 97.234}', 'trailing.1', 2, 1700164802000, null, 1, 0, 'no_entry', 1795838507671, null, null),
('trailing', 1700157600, 'stale', 'decided 3602 s after the close, limit 300 s: close > sma(5) [close 96.91, sma(5) 96.746]', '{"close": 96.91, "sma(5)": 96.746}', 'trailing.1', 2, 1700164802000, null, 1, 0, 'stale', 1795838507671, null, null),
('trailing', 1700161200, 'enter', 'close > sma(5) [close 97.52, sma(5) 96.39]', '{"close": 97.52, "sma(5)": 96.39}', 'trailing.1', 2, 1700164802000, 1, 0, 1, 'signal', 1795838507671, 2, 1795838508349),
('trailing', 1700164800, 'exit', 'low 95.92 reached the stop 96.10', '{"close": 96.33, "sma(5)": 96.212}', 'trailing.1', 3, 1700168400000, null, 0, 0, 'trailing_stop', 1795838507673, null, null),
('trailing', 1700168400, 'hold', 'close 95.6, sma(5) 96.314', '{"close": 95.6, "sma(5)": 96.314}', 'trailing.1', 3, 1700172000000, null, 0, 0, 'no_entry', 1795838507674, null, null),
('trailing', 1700172000, 'enter', 'close > sma(5) [close 97.23, sma(5) 96.718]', '{"close": 97.23, "sma(5)": 96.718}', 'trailing.1', 3, 1700175600000, null, 0, 1, 'signal', 1795838507674, null, null),
('trailing', 1700175600, 'hold', 'close 99.9, sma(5) 97.316', '{"close": 99.9, "sma(5)": 97.316}', 'trailing.1', 3, 1700179200000, null, 0, 1, 'holding', 1795838507674, null, null),
('trailing', 1700179200, 'hold', 'close 100.97, sma(5) 98.006', '{"close": 100.97, "sma(5)": 98.006}', 'trailing.1', 3, 1700182800000, null, 0, 1, 'holding', 1795838507675, null, null),
('trailing', 1700182800, 'exit', 'low 99.84 reached the stop 99.88', '{"close": 100.25, "sma(5)": 98.79}', 'trailing.1', 3, 1700186400000, null, 0, 0, 'trailing_stop', 1795838507675, null, null),
('trailing', 1700186400, 'enter', 'close > sma(5) [close 100.18, sma(5) 99.706]', '{"close": 100.18, "sma(5)": 99.706}', 'trailing.1', 3, 1700190000000, null, 0, 1, 'signal', 1795838507675, null, null);
insert into controls (scope, level, reason, since_ms) values
('averages', 'pause', 'a person''s holiday', 1800000000000),
('poor', 'stop', 'no longer wanted', 1800000000000);
insert into budgets (exchange, next_ms, paused_until_ms, pause_reason, requests, paused_from_ms, reserved_ms) values
('binance', 1800000000100, 0, null, 1, 0, 1800000000000),
('kraken', 0, 1800000060000, 'told to wait', 0, 1800000000000, 0);
insert into freed_ids (strategy_id, decided_timestamp) values
('averages', 1700132400),
('first-id', 1700121600);
insert into configurations (digest, host, since_ms, files) values
('digest', 'here', 1800000000000, '{"fleet.yaml": "environment: real\n"}');
insert into exchanges (exchange, offset_ms, markets) values
('binance', 250, 0),
('kraken', 0, 700);
insert into positions (strategy_id, qty, cost, cash, realised_pnl, round_trip, entry_timestamp, entry_price, entry_run_id, stop, target, trailing_distance, high_water, due_code, due_reason) values
('averages', 0.0, 0.0, 1000.0, 0.0, 0, null, null, null, null, null, null, null, null, null),
('averages~1', 0.0, 0.0, 991.0488414, -8.9511586, 1, null, null, null, null, null, null, null, null, null),
('crossing', 0.00044, 0.04449779, 1220.11208137, -29.84342084, 3, null, null, null, null, null, null, null, null, null),
('poor', 0.0, 0.0, 1000.0, 0.0, 0, null, null, null, null, null, null, null, null, null),
('renamed', 2.435736, 237.16130488, 0.27938387, -12.55931125, 3, 1700136000, 97.27, 'first-id.1', null, null, 19.46, 97.89, null, null),
('risking', 2.378118, 237.93060089, 755.94341494, -6.12598417, 5, 1700164800, 99.95, 'risking.1', 91.6, null, null, 99.95, null, null),
('trailing', 2.986133, 299.62924004, 692.68896366, -7.6817963, 5, 1700186400, 100.24, 'trailing.1', null, 105.26, 1.51, 100.24, null, null);
insert into equity (strategy_id, timestamp, run_id, cash, qty, close, equity, profit) values
('averages', 1700136000, 'averages.2', 1000.0, 0.0, 102.07, 1000.0, 0.0),
('averages~1', 1700107200, 'averages.1', 1000.0, 0.0, 97.94, 1000.0, 0.0),
('averages~1', 1700128800, 'averages.1', 400.00000044, 5.85447119, 102.16, 998.09277721, -1.90722279),
('averages~1', 1700132400, 'averages.1', 991.0488414, 0.0, 101.28, 991.0488414, -8.9511586),
('crossing', 1700107200, 'crossing.1', 500.5413, 4.740255, 105.2, 999.216126, -0.783874),
('crossing', 1700110800, 'crossing.1', 500.5413, 4.740255, 104.75, 997.08301125, -2.91698875),
('crossing', 1700114400, 'crossing.1', 500.5413, 4.740255, 102.92, 988.4083446, -11.5916554),
('crossing', 1700118000, 'crossing.1', 985.0057506, 0.000255, 102.37, 985.03185495, -14.96814505),
('crossing', 1700121600, 'crossing.1', 493.0007506, 4.745505, 103.52, 984.2554282, -15.7445718),
('crossing', 1700125200, 'crossing.1', 493.0007506, 4.745505, 104.0, 986.5332706, -13.4667294),
('crossing', 1700128800, 'crossing.1', 976.83857845, 0.000505, 102.13, 976.8901541, -23.1098459),
('crossing', 1700132400, 'crossing.1', 976.83857845, 0.000505, 99.45, 976.8888007, -23.1111993),
('crossing', 1700136000, 'crossing.2', 1226.83857845, 0.000505, 98.56, 1226.88835125, -23.11164875),
('crossing', 1700139600, 'crossing.2', 1226.83857845, 0.000505, 99.35, 1226.8887502, -23.1112498),
('crossing', 1700143200, 'crossing.2', 1226.83857845, 0.000505, 99.3, 1226.88872495, -23.11127505),
('crossing', 1700146800, 'crossing.2', 1226.83857845, 0.000505, 97.22, 1226.88767455, -23.11232545),
('crossing', 1700150400, 'crossing.2', 1226.83857845, 0.000505, 95.09, 1226.8865989, -23.1134011),
('crossing', 1700154000, 'crossing.2', 1226.83857845, 0.000505, 95.21, 1226.8866595, -23.1133405),
('crossing', 1700157600, 'crossing.2', 1226.83857845, 0.000505, 96.91, 1226.887518, -23.112482),
('crossing', 1700161200, 'crossing.2', 1226.83857845, 0.000505, 97.52, 1226.88782605, -23.11217395),
('crossing', 1700164800, 'crossing.2', 1226.83857845, 0.000505, 96.33, 1226.8872251, -23.1127749),
('crossing', 1700168400, 'crossing.2', 1226.83857845, 0.000505, 95.6, 1226.88685645, -23.11314355),
('crossing', 1700172000, 'crossing.2', 1226.83857845, 0.000505, 97.23, 1226.8876796, -23.1123204),
('crossing', 1700175600, 'crossing.2', 1226.83857845, 0.000505, 99.9, 1226.88902795, -23.11097205),
('crossing', 1700179200, 'crossing.2', 614.09162845, 6.05944, 100.97, 1225.91328525, -24.08671475),
('crossing', 1700182800, 'crossing.2', 614.09162845, 6.05944, 100.25, 1221.55048845, -28.44951155),
('crossing', 1700186400, 'crossing.2', 1220.11208137, 0.00044, 100.18, 1220.15616057, -29.84383943),
('poor', 1699992000, 'poor.1', 1000.0, 0.0, 102.43, 1000.0, 0.0),
('renamed', 1699992000, 'first-id.1', 0.33436, 2.433564, 102.43, 249.60432052, -0.39567948),
('renamed', 1700006400, 'first-id.1', 0.33436, 2.433564, 104.12, 253.71704368, 3.71704368),
('renamed', 1700020800, 'first-id.1', 0.33436, 2.433564, 101.97, 248.48488108, -1.51511892),
('renamed', 1700035200, 'first-id.1', 0.33436, 2.433564, 98.17, 239.23733788, -10.76266212),
('renamed', 1700049600, 'first-id.1', 234.17921107, 0.000564, 96.26, 234.23350171, -15.76649829),
('renamed', 1700064000, 'first-id.1', 0.29381107, 2.388174, 97.81, 233.88111001, -16.11888999),
('renamed', 1700078400, 'first-id.1', 0.29381107, 2.388174, 101.19, 241.95313813, -8.04686187),
('renamed', 1700092800, 'first-id.1', 0.29381107, 2.388174, 103.29, 246.96830353, -3.03169647),
('renamed', 1700107200, 'first-id.1', 0.29381107, 2.388174, 102.37, 244.77118345, -5.22881655),
('renamed', 1700121600, 'first-id.1', 237.42364387, 0.000174, 99.45, 237.44094817, -12.55905183),
('renamed', 1700136000, 'first-id.1', 0.27938387, 2.435736, 97.22, 237.08163779, -12.91836221),
('renamed', 1700150400, 'first-id.1', 0.27938387, 2.435736, 97.52, 237.81235859, -12.18764141),
('risking', 1699992000, 'risking.1', 794.81502, 1.999998, 102.43, 999.67481514, -0.32518486),
('risking', 1700006400, 'risking.1', 794.81502, 1.999998, 104.12, 1003.05481176, 3.05481176),
('risking', 1700020800, 'risking.1', 998.32939191, 0.000998, 101.97, 998.43115797, -1.56884203),
('risking', 1700035200, 'risking.1', 794.32645191, 2.075921, 98.17, 998.11961648, -1.88038352),
('risking', 1700049600, 'risking.1', 794.32645191, 2.075921, 96.26, 994.15460737, -5.84539263),
('risking', 1700064000, 'risking.1', 996.97559991, 0.000921, 97.81, 997.06568292, -2.93431708),
('risking', 1700078400, 'risking.1', 778.47809991, 2.156763, 101.19, 996.72094788, -3.27905212),
('risking', 1700092800, 'risking.1', 778.47809991, 2.156763, 103.29, 1001.25015018, 1.25015018),
('risking', 1700107200, 'risking.1', 998.83787955, 0.000763, 102.37, 998.91598786, -1.08401214),
('risking', 1700121600, 'risking.1', 773.47037955, 2.263498, 99.45, 998.57525565, -1.42474435),
('risking', 1700136000, 'risking.1', 773.47037955, 2.263498, 97.22, 993.52765511, -6.47234489),
('risking', 1700150400, 'risking.1', 993.82441494, 0.000498, 97.52, 993.8729799, -6.1270201),
('risking', 1700164800, 'risking.1', 755.94341494, 2.378118, 99.9, 993.51740314, -6.48259686),
('trailing', 1700107200, 'trailing.1', 700.32478, 2.844153, 105.2, 999.5296756, -0.4703244),
('trailing', 1700110800, 'trailing.1', 700.32478, 2.844153, 104.75, 998.24980675, -1.75019325),
('trailing', 1700114400, 'trailing.1', 995.60612308, 0.000153, 102.92, 995.62186984, -4.37813016),
('trailing', 1700118000, 'trailing.1', 995.60612308, 0.000153, 102.37, 995.62178569, -4.37821431),
('trailing', 1700121600, 'trailing.1', 995.60612308, 0.000153, 103.52, 995.62196164, -4.37803836),
('trailing', 1700125200, 'trailing.1', 695.91332308, 2.877273, 104.0, 995.14971508, -4.85028492),
('trailing', 1700128800, 'trailing.1', 990.30974197, 0.000273, 102.13, 990.33762346, -9.66237654),
('trailing', 1700132400, 'trailing.1', 990.30974197, 0.000273, 99.45, 990.33689182, -9.66310818),
('trailing', 1700136000, 'trailing.1', 990.30974197, 0.000273, 98.56, 990.33664885, -9.66335115),
('trailing', 1700139600, 'trailing.1', 990.30974197, 0.000273, 99.35, 990.33686452, -9.66313548),
('trailing', 1700143200, 'trailing.1', 990.30974197, 0.000273, 99.3, 990.33685087, -9.66314913),
('trailing', 1700146800, 'trailing.1', 990.30974197, 0.000273, 97.22, 990.33628303, -9.66371697),
('trailing', 1700150400, 'trailing.1', 990.30974197, 0.000273, 95.09, 990.33570154, -9.66429846),
('trailing', 1700154000, 'trailing.1', 990.30974197, 0.000273, 95.21, 990.3357343, -9.6642657),
('trailing', 1700157600, 'trailing.1', 990.30974197, 0.000273, 96.91, 990.3361984, -9.6638016),
('trailing', 1700161200, 'trailing.1', 690.67227197, 3.068202, 97.52, 989.88333101, -10.11666899),
('trailing', 1700164800, 'trailing.1', 985.05899057, 0.000202, 96.33, 985.07844923, -14.92155077),
('trailing', 1700168400, 'trailing.1', 985.05899057, 0.000202, 95.6, 985.07830177, -14.92169823),
('trailing', 1700172000, 'trailing.1', 685.43659057, 3.077122, 97.23, 984.62516263, -15.37483737),
('trailing', 1700175600, 'trailing.1', 685.43659057, 3.077122, 99.9, 992.84107837, -7.15892163),
('trailing', 1700179200, 'trailing.1', 685.43659057, 3.077122, 100.97, 996.13359891, -3.86640109),
('trailing', 1700182800, 'trailing.1', 992.30632366, 0.000122, 100.25, 992.31855416, -7.68144584),
('trailing', 1700186400, 'trailing.1', 692.68896366, 2.986133, 100.18, 991.8397676, -8.1602324);
insert into outdated (exchange, symbol, timeframe, first_timestamp, last_timestamp, changes) values
('binance', 'BTC/USDT', '4h', 1700064000, 1700092800, 2);
insert into strategy_totals (strategy_id, decided_timestamp, decision_timestamp, action, code, reason, decided_ms, decision_run_id, equity, open_pnl, open_run_id, decided, held, started, start_profit, ended, highest, deepest_fall, midnight_profit, days, avg_change, change_squares, down_squares, point_closed, point_equity, point_capital, total_trades, total_pnl, fees, first_trade_ms, last_trade_ms, round_trips, wins, losses, gains, lost, best_pnl, worst_pnl, avg_pnl, pnl_squares, returns, bars, point_profit) values
('averages', 1700186400, 1700186400, 'blocked', 'not_traded', 'nobody traded in this bar: MACD(4, 9, 3) crossed above its signal: -1.99842 against -2.04123', 1700190000000, 'averages.2', 1000.0, 0.0, null, 14, 0, 1700136000, 0.0, 1700190000, 0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0, 1700139600, 1000.0, 1000.0, 0, 0.0, 0.0, null, null, 0, 0, 0, 0.0, 0.0, null, null, 0.0, 0.0, 0.0, 0, 0.0),
('averages~1', 1700132400, 1700132400, 'hold', 'holding', 'MACD(4, 9, 3) 1.47091 against 1.1423', 1700136000000, 'averages.1', 991.0488414, 0.0, 'averages.1', 8, 2, 1700107200, 0.0, 1700136000, 0.0, 0.00190722279, null, 0, 0.0, 0.0, 0.0, 1700136000, 991.0488414, 1000.0, 2, -8.9511586, 3.09668741, 1700132400000, 1700136001000, 1, 0, 1, 0.0, 8.9511586, null, -8.9511586, -8.9511586, 0.0, -0.014918597677606971, 1, -8.9511586),
('crossing', 1700186400, 1700186400, 'exit', 'exit_signal', 'close < sma(4) [close 100.18, sma(4) 100.325]', 1700190000000, 'crossing.2', 1220.15616057, -0.00041859, 'crossing.2', 23, 7, 1700107200, 0.0, 1700190000, 0.0, 0.0231111993, -23.11097205, 0, 0.0, 0.0, 0.0, 1700190000, 1220.15616057, 1250.0, 6, -29.84342084, 3.18010928, 1700110800000, 1700190000000, 3, 0, 3, 0.0, 29.843420840000004, null, -14.96738123, -9.947806946666667, 38.784464347053316, -0.05750560853705581, 7, -29.84383943),
('poor', 1700164800, 1700164800, 'hold', 'no_entry', 'close 99.9', 1700179200000, 'poor.1', 1000.0, 0.0, null, 13, 0, 1699992000, 0.0, 1700179200, 0.0, 0.0, 0.0, 1, 0.0, 0.0, 0.0, 1700006400, 1000.0, 1000.0, 0, 0.0, 0.0, null, null, 0, 0, 0, 0.0, 0.0, null, null, 0.0, 0.0, 0.0, 0, 0.0),
('renamed', 1700150400, 1700150400, 'hold', 'holding', 'close 97.52', 1700164800000, 'first-id.1', 237.81235859, 0.37166984, 'first-id.1', 12, 11, 1699992000, 0.0, 1700164800, 3.71704368, 0.07818132113748741, -8.04686187, 1, -0.030653245000167917, 0.0, 0.0009396214290403194, 1700164800, 237.81235859, 250.0, 5, -12.55931125, 1.19214143, 1700006400000, 1700150400000, 2, 1, 1, 3.20361546, 15.76292671, 3.20361546, -15.76292671, -6.279655625, 179.86486094319417, -0.04943877508993045, 8, -12.18764141),
('risking', 1700164800, 1700164800, 'enter', 'signal', 'close > 97 [close 99.9]', 1700179200000, 'risking.1', 993.51740314, -0.35661269, 'risking.1', 13, 9, 1699992000, 0.0, 1700179200, 3.05481176, 0.00949814161529545, -3.27905212, 1, -0.0029548281253702724, 0.0, 8.731009250479197e-06, 1700179200, 993.51740314, 1000.0, 9, -6.12598417, 1.93865898, 1700006400000, 1700179200000, 4, 1, 3, 1.84905667, 7.97504084, 1.84905667, -5.04119381, -1.5314960425000002, 23.774976515075146, -0.02824328217074728, 8, -6.48259686),
('trailing', 1700186400, 1700186400, 'enter', 'signal', 'close > sma(5) [close 100.18, sma(5) 99.706]', 1700190000000, 'trailing.1', 991.8397676, -0.4784361, 'trailing.1', 23, 8, 1700107200, 0.0, 1700190000, 0.0, 0.01537483737, -7.15892163, 0, 0.0, 0.0, 0.0, 1700190000, 991.8397676, 1000.0, 9, -7.6817963, 2.69037159, 1700110800000, 1700190000000, 4, 1, 3, 7.23948414, 14.921280439999999, 7.23948414, -5.28406518, -1.9204490749999996, 112.40563610899414, -0.02563065679635869, 7, -8.1602324);
insert into run_totals (run_id, strategy_id, decided, held, started, start_profit, ended, highest, deepest_fall, midnight_profit, days, avg_change, change_squares, down_squares, point_closed, point_equity, point_capital, total_trades, total_pnl, fees, first_trade_ms, last_trade_ms, round_trips, wins, losses, gains, lost, best_pnl, worst_pnl, avg_pnl, pnl_squares, returns, bars, day, day_equity, day_capital, day_close, day_high, day_low, day_deepest_fall, day_decided, day_held, day_points, day_codes, point_profit) values
('averages.1', 'averages~1', 8, 2, 1700107200, 0.0, 1700136000, 0.0, 0.00190722279, null, 0, 0.0, 0.0, 0.0, 1700136000, 991.0488414, 1000.0, 2, -8.9511586, 3.09668741, 1700132400000, 1700136001000, 1, 0, 1, 0.0, 8.9511586, null, -8.9511586, -8.9511586, 0.0, -0.014918597677606971, 1, 1700092800, 991.0488414, 1000.0, 101.28, 1000.0, 991.0488414, 0.0089511586, 8, 2, 3, '{"holding":1,"no_entry":6,"signal":1}', -8.9511586),
('averages.2', 'averages', 14, 0, 1700136000, 0.0, 1700190000, 0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0, 1700139600, 1000.0, 1000.0, 0, 0.0, 0.0, null, null, 0, 0, 0, 0.0, 0.0, null, null, 0.0, 0.0, 0.0, 0, 1700179200, 1000.0, 1000.0, 96.07, 1000.0, 1000.0, 0.0, 3, 0, 0, '{"gap":2,"not_traded":1}', 0.0),
('crossing.1', 'crossing', 8, 5, 1700107200, 0.0, 1700136000, 0.0, 0.0231098459, null, 0, 0.0, 0.0, 0.0, 1700136000, 976.8888007, 1000.0, 4, -23.10906124, 1.96073525, 1700110800000, 1700132400000, 2, 0, 2, 0.0, 23.109061240000003, null, -14.96738123, -11.554530620000001, 23.295098572354757, -0.04651516688736665, 5, 1700092800, 976.8888007, 1000.0, 99.45, 1000.0, 976.8888007, 0.0231111993, 8, 5, 8, '{"exit_signal":2,"holding":2,"missed_exit":1,"no_entry":1,"signal":2}', -23.1111993),
('crossing.2', 'crossing', 15, 2, 1700136000, -23.1111993, 1700190000, -23.11097205, 0.004351281475652388, -23.11097205, 0, 0.0, 0.0, 0.0, 1700190000, 1220.15616057, 1250.0, 2, -6.7343596, 1.21937403, 1700182800000, 1700190000000, 1, 0, 1, 0.0, 6.7343596, null, -6.7343596, -6.7343596, 0.0, -0.010990441649689158, 2, 1700179200, 1220.15616057, 1250.0, 100.18, 1226.88902795, 1220.15616057, 0.005487755800742549, 3, 2, 3, '{"exit_signal":1,"holding":1,"signal":1}', -29.84383943),
('first-id.1', 'renamed', 12, 11, 1699992000, 0.0, 1700164800, 3.71704368, 0.07818132113748741, -8.04686187, 1, -0.030653245000167917, 0.0, 0.0009396214290403194, 1700164800, 237.81235859, 250.0, 5, -12.55931125, 1.19214143, 1700006400000, 1700150400000, 2, 1, 1, 3.20361546, 15.76292671, 3.20361546, -15.76292671, -6.279655625, 179.86486094319417, -0.04943877508993045, 8, 1700092800, 237.81235859, 250.0, 97.52, 246.96830353, 237.08163779, 0.04003212395553034, 5, 5, 5, '{"holding":4,"signal":1}', -12.18764141),
('poor.1', 'poor', 13, 0, 1699992000, 0.0, 1700179200, 0.0, 0.0, 0.0, 1, 0.0, 0.0, 0.0, 1700006400, 1000.0, 1000.0, 0, 0.0, 0.0, null, null, 0, 0, 0, 0.0, 0.0, null, null, 0.0, 0.0, 0.0, 0, 1700092800, 1000.0, 1000.0, 99.9, 1000.0, 1000.0, 0.0, 6, 0, 0, '{"no_entry":4,"unsellable":2}', 0.0),
('risking.1', 'risking', 13, 9, 1699992000, 0.0, 1700179200, 3.05481176, 0.00949814161529545, -3.27905212, 1, -0.0029548281253702724, 0.0, 8.731009250479197e-06, 1700179200, 993.51740314, 1000.0, 9, -6.12598417, 1.93865898, 1700006400000, 1700179200000, 4, 1, 3, 1.84905667, 7.97504084, 1.84905667, -5.04119381, -1.5314960425000002, 23.774976515075146, -0.02824328217074728, 8, 1700092800, 993.51740314, 1000.0, 99.9, 1001.25015018, 993.51740314, 0.007723092015127132, 6, 4, 6, '{"holding":2,"signal":2,"time_limit":2}', -6.48259686),
('trailing.1', 'trailing', 23, 8, 1700107200, 0.0, 1700190000, 0.0, 0.01537483737, -7.15892163, 0, 0.0, 0.0, 0.0, 1700190000, 991.8397676, 1000.0, 9, -7.6817963, 2.69037159, 1700110800000, 1700190000000, 4, 1, 3, 7.23948414, 14.921280439999999, 7.23948414, -5.28406518, -1.9204490749999996, 112.40563610899414, -0.02563065679635869, 7, 1700179200, 991.8397676, 1000.0, 100.18, 996.13359891, 991.8397676, 0.004310497421930595, 3, 2, 3, '{"holding":1,"signal":1,"trailing_stop":1}', -8.1602324);
insert into daily_totals (strategy_id, timestamp, run_id, equity, capital, close, high, low, deepest_fall, decided, held, points, codes) values
('averages', 1700092800, 'averages.2', 1000.0, 1000.0, 99.08, 1000.0, 1000.0, 0.0, 11, 0, 1, '{"gap":9,"no_entry":2}'),
('crossing', 1700092800, 'crossing.2', 1226.88902795, 1250.0, 99.9, 1226.88902795, 1226.8865989, 1.7946206687547931e-06, 12, 0, 12, '{"no_entry":12}'),
('poor', 1699920000, 'poor.1', 1000.0, 1000.0, 102.43, 1000.0, 1000.0, 0.0, 1, 0, 1, '{"unsellable":1}'),
('poor', 1700006400, 'poor.1', 1000.0, 1000.0, 101.19, 1000.0, 1000.0, 0.0, 6, 0, 0, '{"no_entry":3,"unsellable":3}'),
('renamed', 1699920000, 'first-id.1', 249.60432052, 250.0, 102.43, 250.0, 249.60432052, 0.00158271792, 1, 1, 1, '{"signal":1}'),
('renamed', 1700006400, 'first-id.1', 241.95313813, 250.0, 101.19, 253.71704368, 233.88111001, 0.07818132113748741, 6, 5, 6, '{"exit_signal":1,"holding":4,"signal":1}'),
('risking', 1699920000, 'risking.1', 999.67481514, 1000.0, 102.43, 1000.0, 999.67481514, 0.00032518486, 1, 1, 1, '{"signal":1}'),
('risking', 1700006400, 'risking.1', 996.72094788, 1000.0, 101.19, 1003.05481176, 994.15460737, 0.008873098743610378, 6, 4, 6, '{"holding":2,"signal":2,"time_limit":2}'),
('trailing', 1700092800, 'trailing.1', 992.84107837, 1000.0, 99.9, 1000.0, 984.62516263, 0.01537483737, 20, 6, 20, '{"holding":2,"no_entry":10,"signal":4,"stale":1,"trailing_stop":3}');
insert into holders (holder, room, host, pid, place, container, birth, started_ms, beat_ms, expires_ms, detail) values
('first', 'trader', 'vm', 4034, '49fea132-f9d8-4184-ac59-ad546add021f mnt:[4026531832] pid:[4026531836]', null, 435547, 1795838508418, 1795838508432, 1795839108432, '{"shares": false}');
insert into claims (kind, claim, holder, epoch) values
('strategy', 'averages', 'first', 3),
('strategy', 'crossing', 'first', 3),
('strategy', 'poor', 'first', 3),
('strategy', 'renamed', null, 2),
('strategy', 'risking', 'first', 3),
('strategy', 'trailing', 'first', 3);
insert into orders (client_order_id, strategy_id, run_id, epoch, mode, exchange, symbol, timestamp, purpose, attempt, side, price, qty, status, reason, created_ms, sent_ms, filled_ms, code) values
('t23jsj6ew7rujrq7az', 'trailing', 'trailing.1', 3, 'paper', 'binance', 'BTC/USDT', 1700164800, 'exit', 1, 'sell', 96.05, 3.068, 'filled', 'low 95.92 reached the stop 96.10', 1700168400000, null, 1700168400000, 'trailing_stop'),
('t4f7or6ptbxw3jgtle', 'trailing', 'trailing.1', 3, 'paper', 'binance', 'BTC/USDT', 1700186400, 'entry', 1, 'buy', 100.24, 2.989, 'filled', 'close > sma(5) [close 100.18, sma(5) 99.706]', 1700190000000, null, 1700190000000, 'signal'),
('t5m7ljnlurlhmb3gvu', 'renamed', 'first-id.1', 1, 'paper', 'binance', 'BTC/USDT', 1700121600, 'manual', 1, 'sell', 99.4, 2.388, 'filled', 'a person''s order', 1700136001000, null, 1700136001000, 'manual'),
('t5nvglp54pae5gwhpn', 'risking', 'risking.1', 2, 'paper', 'binance', 'BTC/USDT', 1700150400, 'exit', 1, 'sell', 97.47, 2.263, 'filled', 'held for 2 bars', 1700164800000, null, 1700164800000, 'time_limit'),
('t5yldxl5xpcxurtydl', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1699992000, 'entry', 1, 'buy', 102.49, 2.002, 'filled', 'close > 97 [close 102.43]', 1700006400000, null, 1700006400000, 'signal'),
('t6awujlm4auefcoqwa', 'crossing', 'crossing.2', 3, 'paper', 'binance', 'BTC/USDT', 1700179200, 'entry', 1, 'buy', 101.03, 6.065, 'filled', 'close > 100 [close 100.97]', 1700182800000, null, 1700182800000, 'signal'),
('tae5nqhcciv4tggsfw', 'crossing', 'crossing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700118000, 'exit', 1, 'sell', 102.31, 4.74, 'filled', 'close < sma(4) [close 102.92, sma(4) 104.04]', 1700121602000, null, 1700121602000, 'exit_signal'),
('tcer65rak2mmxi54sf', 'crossing', 'crossing.2', 3, 'paper', 'binance', 'BTC/USDT', 1700186400, 'exit', 1, 'sell', 100.12, 6.059, 'filled', 'close < sma(4) [close 100.18, sma(4) 100.325]', 1700190000000, null, 1700190000000, 'exit_signal'),
('tcn7p46wdsh6f3ph5c', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1700020800, 'exit', 1, 'sell', 101.91, 1.999, 'filled', 'held for 2 bars', 1700035200000, null, 1700035200000, 'time_limit'),
('tcnefcj3jhrneurctm', 'averages~1', 'averages.1', 1, 'paper', 'kraken', 'ETH/USD', 1700128800, 'entry', 1, 'buy', 102.22, 5.85447119, 'filled', 'MACD(4, 9, 3) crossed above its signal: 1.24144 against 0.868173', 1700132400000, null, 1700132400000, 'signal'),
('tdv3al4dfnaedbxg7x', 'crossing', 'crossing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700121600, 'entry', 1, 'buy', 103.58, 4.75, 'filled', 'close > 100 [close 103.52]', 1700125200000, null, 1700125200000, 'signal'),
('tgalnlgp7yampvy5ih', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1700078400, 'entry', 1, 'buy', 101.25, 2.158, 'filled', 'close > 97 [close 101.19]', 1700092800000, null, 1700092800000, 'signal'),
('thnkon42kjydyaincd', 'trailing', 'trailing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700125200, 'entry', 1, 'buy', 104.06, 2.88, 'filled', 'close > sma(5) [close 104, sma(5) 103.512]', 1700128800000, null, 1700128800000, 'signal'),
('tiytd3oodqceb4jybm', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1700107200, 'exit', 1, 'sell', 102.31, 2.156, 'filled', 'held for 2 bars', 1700121600000, null, 1700121600000, 'time_limit'),
('tjjivihe2x67cbfc27', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1700064000, 'exit', 1, 'sell', 97.76, 2.075, 'filled', 'held for 2 bars', 1700078400000, null, 1700078400000, 'time_limit'),
('tjpe2m2fgebybdqdwo', 'trailing', 'trailing.1', 2, 'paper', 'binance', 'BTC/USDT', 1700161200, 'entry', 1, 'buy', 97.57, 3.071, 'filled', 'close > sma(5) [close 97.52, sma(5) 96.39]', 1700164802000, null, 1700164802000, 'signal'),
('tjqmbxnh2j34vkvk2l', 'trailing', 'trailing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700107200, 'entry', 1, 'buy', 105.26, 2.847, 'filled', 'close > sma(5) [close 105.2, sma(5) 102.518]', 1700110800000, null, 1700110800000, 'signal'),
('tkcj25mfbfzwvj3km6', 'trailing', 'trailing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700114400, 'exit', 1, 'sell', 103.93, 2.844, 'filled', 'low 102.51 reached the stop 103.99', 1700121602000, null, 1700118000000, 'trailing_stop'),
('tme7p5mczr2p6ntcbx', 'averages~1', 'averages.1', 1, 'paper', 'kraken', 'ETH/USD', 1700132400, 'manual', 1, 'sell', 101.22, 5.85447119, 'filled', 'a person''s order', 1700136001000, null, 1700136001000, 'manual'),
('tmn4dcnhy3l7wcriip', 'crossing', 'crossing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700128800, 'exit', 1, 'sell', 102.07, 4.745, 'filled', 'close < sma(4) [close 102.13, sma(4) 103.005]', 1700132400000, null, 1700132400000, 'exit_signal'),
('tmyuu3g475rw4yxwxa', 'renamed', 'first-id.1', 1, 'paper', 'binance', 'BTC/USDT', 1699992000, 'entry', 1, 'buy', 102.49, 2.436, 'filled', 'close > 90 [close 102.43]', 1700006400000, null, 1700006400000, 'signal'),
('tmz6ln2sxy4lr6mcpc', 'renamed', 'first-id.1', 2, 'paper', 'binance', 'BTC/USDT', 1700136000, 'entry', 1, 'buy', 97.27, 2.438, 'filled', 'close > 90 [close 97.22]', 1700150400000, null, 1700150400000, 'signal'),
('tophapdsmsjo527cn5', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1700035200, 'entry', 1, 'buy', 98.22, 2.077, 'filled', 'close > 97 [close 98.17]', 1700049600000, null, 1700049600000, 'signal'),
('trq3tojczhwfmimbpo', 'trailing', 'trailing.1', 3, 'paper', 'binance', 'BTC/USDT', 1700182800, 'exit', 1, 'sell', 99.83, 3.077, 'filled', 'low 99.84 reached the stop 99.88', 1700186400000, null, 1700186400000, 'trailing_stop'),
('ttejk7gsrxwhhgclke', 'trailing', 'trailing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700128800, 'exit', 1, 'sell', 102.43, 2.877, 'filled', 'low 101.72 reached the stop 102.49', 1700132400000, null, 1700132400000, 'trailing_stop'),
('tu7op5zj2hyh52zghx', 'risking', 'risking.1', 3, 'paper', 'binance', 'BTC/USDT', 1700164800, 'entry', 1, 'buy', 99.95, 2.38, 'filled', 'close > 97 [close 99.9]', 1700179200000, null, 1700179200000, 'signal'),
('twe2jkheqpom3s65s7', 'risking', 'risking.1', 1, 'paper', 'binance', 'BTC/USDT', 1700121600, 'entry', 1, 'buy', 99.5, 2.265, 'filled', 'close > 97 [close 99.45]', 1700136000000, null, 1700136000000, 'signal'),
('txdnq6xi42cvpv3fd3', 'renamed', 'first-id.1', 1, 'paper', 'binance', 'BTC/USDT', 1700064000, 'entry', 1, 'buy', 97.86, 2.39, 'filled', 'close > 90 [close 97.81]', 1700078400000, null, 1700078400000, 'signal'),
('tycg73ylefjxngzn76', 'renamed', 'first-id.1', 1, 'paper', 'binance', 'BTC/USDT', 1700049600, 'exit', 1, 'sell', 96.21, 2.433, 'filled', 'close < 97 [close 96.26]', 1700064000000, null, 1700064000000, 'exit_signal'),
('tygw3hlkahpukt5tyt', 'trailing', 'trailing.1', 3, 'paper', 'binance', 'BTC/USDT', 1700172000, 'entry', 1, 'buy', 97.28, 3.08, 'filled', 'close > sma(5) [close 97.23, sma(5) 96.718]', 1700175600000, null, 1700175600000, 'signal'),
('tyvykh3marro2oniph', 'crossing', 'crossing.1', 1, 'paper', 'binance', 'BTC/USDT', 1700107200, 'entry', 1, 'buy', 105.26, 4.745, 'filled', 'close > 100 [close 105.2]', 1700110800000, null, 1700110800000, 'signal');
insert into trades (trade_id, strategy_id, mode, run_id, client_order_id, exchange, symbol, side, price, qty, fee, fee_currency, fee_quote, pnl, pnl_percent, timestamp, filled_ms, round_trip, entry_run_id, slippage, epoch, late, exchange_trade_id, stop, target, trailing_distance, cost, transaction_id) values
(1, 'renamed', 'paper', 'first-id.1', 'tmyuu3g475rw4yxwxa', 'binance', 'BTC/USDT', 'buy', 102.49, 2.436, 0.002436, 'BTC', 0.24966564, null, null, 1699992000, 1700006400000, 1, 'first-id.1', 0.14616, 1, 0, '1', null, null, 20.5, 249.66564, 1795838507655),
(2, 'risking', 'paper', 'risking.1', 't5yldxl5xpcxurtydl', 'binance', 'BTC/USDT', 'buy', 102.49, 2.002, 0.002002, 'BTC', 0.20518498, null, null, 1699992000, 1700006400000, 1, 'risking.1', 0.12012, 1, 0, '1', 92.5, null, null, 205.18498, 1795838507655),
(3, 'renamed', 'paper', 'first-id.1', 'tycg73ylefjxngzn76', 'binance', 'BTC/USDT', 'sell', 96.21, 2.433, 0.23407893, 'USDT', 0.23407893, -15.76292671, -6.31507834, 1700049600, 1700064000000, 1, 'first-id.1', 0.12165, 1, 0, '1', null, null, null, 249.60777778, 1795838507656),
(4, 'renamed', 'paper', 'first-id.1', 'txdnq6xi42cvpv3fd3', 'binance', 'BTC/USDT', 'buy', 97.86, 2.39, 0.00239, 'BTC', 0.2338854, null, null, 1700064000, 1700078400000, 2, 'first-id.1', 0.1195, 1, 0, '1', null, null, 19.58, 233.8854, 1795838507656),
(5, 'risking', 'paper', 'risking.1', 'tcn7p46wdsh6f3ph5c', 'binance', 'BTC/USDT', 'sell', 101.91, 1.999, 0.20371809, 'USDT', 0.20371809, -1.56822068, -0.76467762, 1700020800, 1700035200000, 1, 'risking.1', 0.11994, 1, 0, '1', null, null, null, 205.08259259, 1795838507656),
(6, 'risking', 'paper', 'risking.1', 'tophapdsmsjo527cn5', 'binance', 'BTC/USDT', 'buy', 98.22, 2.077, 0.002077, 'BTC', 0.20400294, null, null, 1700035200, 1700049600000, 2, 'risking.1', 0.10385, 1, 0, '1', 88.61, null, null, 204.00294, 1795838507656),
(7, 'risking', 'paper', 'risking.1', 'tjjivihe2x67cbfc27', 'binance', 'BTC/USDT', 'sell', 97.76, 2.075, 0.202852, 'USDT', 0.202852, -1.36562635, -0.6693762, 1700064000, 1700078400000, 2, 'risking.1', 0.10375, 1, 0, '1', null, null, null, 204.01477435, 1795838507656),
(8, 'risking', 'paper', 'risking.1', 'tgalnlgp7yampvy5ih', 'binance', 'BTC/USDT', 'buy', 101.25, 2.158, 0.002158, 'BTC', 0.2184975, null, null, 1700078400, 1700092800000, 3, 'risking.1', 0.12948, 1, 0, '1', 92.01, null, null, 218.4975, 1795838507656),
(9, 'crossing', 'paper', 'crossing.1', 'tyvykh3marro2oniph', 'binance', 'BTC/USDT', 'buy', 105.26, 4.745, 0.004745, 'BTC', 0.4994587, null, null, 1700107200, 1700110800000, 1, 'crossing.1', 0.2847, 1, 0, '1', null, null, null, 499.4587, 1795838507657),
(10, 'trailing', 'paper', 'trailing.1', 'tjqmbxnh2j34vkvk2l', 'binance', 'BTC/USDT', 'buy', 105.26, 2.847, 0.002847, 'BTC', 0.29967522, null, null, 1700107200, 1700110800000, 1, 'trailing.1', 0.17082, 1, 0, '1', null, 110.53, 1.58, 299.67522, 1795838507657),
(11, 'risking', 'paper', 'risking.1', 'tiytd3oodqceb4jybm', 'binance', 'BTC/USDT', 'sell', 102.31, 2.156, 0.22058036, 'USDT', 0.22058036, 1.84905667, 0.84620866, 1700107200, 1700121600000, 3, 'risking.1', 0.12936, 1, 0, '1', null, null, null, 218.51072297, 1795838507659),
(12, 'crossing', 'paper', 'crossing.1', 'tae5nqhcciv4tggsfw', 'binance', 'BTC/USDT', 'sell', 102.31, 4.74, 0.4849494, 'USDT', 0.4849494, -14.96738123, -2.99688171, 1700118000, 1700121602000, 1, 'crossing.1', 0.2844, 1, 1, '1', null, null, null, 499.43183183, 1795838507660),
(13, 'trailing', 'paper', 'trailing.1', 'tkcj25mfbfzwvj3km6', 'binance', 'BTC/USDT', 'sell', 103.93, 2.844, 0.29557692, 'USDT', 0.29557692, -4.37775602, -1.46091209, 1700114400, 1700118000000, 1, 'trailing.1', 0.17064, 1, 1, '1', null, null, null, 299.6590991, 1795838507660),
(14, 'crossing', 'paper', 'crossing.1', 'tdv3al4dfnaedbxg7x', 'binance', 'BTC/USDT', 'buy', 103.58, 4.75, 0.00475, 'BTC', 0.492005, null, null, 1700121600, 1700125200000, 2, 'crossing.1', 0.285, 1, 0, '1', null, null, null, 492.005, 1795838507662),
(15, 'averages~1', 'paper', 'averages.1', 'tcnefcj3jhrneurctm', 'kraken', 'ETH/USD', 'buy', 102.22, 5.85447119, 1.55595452, 'USD', 1.55595452, null, null, 1700128800, 1700132400000, 1, 'averages.1', 0.35126827, 1, 0, '1', null, null, null, 599.99999956, 1795838507663),
(16, 'crossing', 'paper', 'crossing.1', 'tmn4dcnhy3l7wcriip', 'binance', 'BTC/USDT', 'sell', 102.07, 4.745, 0.48432215, 'USDT', 0.48432215, -8.14168001, -1.65488194, 1700128800, 1700132400000, 2, 'crossing.1', 0.2847, 1, 0, '1', null, null, null, 491.97950786, 1795838507663),
(17, 'trailing', 'paper', 'trailing.1', 'thnkon42kjydyaincd', 'binance', 'BTC/USDT', 'buy', 104.06, 2.88, 0.00288, 'BTC', 0.2996928, null, null, 1700125200, 1700128800000, 2, 'trailing.1', 0.1728, 1, 0, '1', null, 109.27, 1.57, 299.6928, 1795838507663),
(18, 'trailing', 'paper', 'trailing.1', 'ttejk7gsrxwhhgclke', 'binance', 'BTC/USDT', 'sell', 102.43, 2.877, 0.29469111, 'USDT', 0.29469111, -5.28406518, -1.763233, 1700128800, 1700132400000, 2, 'trailing.1', 0.17262, 1, 0, '1', null, null, null, 299.68048407, 1795838507663),
(19, 'risking', 'paper', 'risking.1', 'twe2jkheqpom3s65s7', 'binance', 'BTC/USDT', 'buy', 99.5, 2.265, 0.002265, 'BTC', 0.2253675, null, null, 1700121600, 1700136000000, 4, 'risking.1', 0.11325, 1, 0, '1', 90.68, null, null, 225.3675, 1795838507664),
(20, 'averages~1', 'paper', 'averages.1', 'tme7p5mczr2p6ntcbx', 'kraken', 'ETH/USD', 'sell', 101.22, 5.85447119, 1.54073289, 'USD', 1.54073289, -8.9511586, -1.49185977, 1700132400, 1700136001000, 1, 'averages.1', 0.35126827, 1, 0, '1', null, null, null, 599.99999956, 1795838507665),
(21, 'renamed', 'paper', 'first-id.1', 't5m7ljnlurlhmb3gvu', 'binance', 'BTC/USDT', 'sell', 99.4, 2.388, 0.2373672, 'USDT', 0.2373672, 3.20361546, 1.36949825, 1700121600, 1700136001000, 2, 'first-id.1', 0.1194, 1, 0, '1', null, null, null, 233.92621734, 1795838507666),
(22, 'renamed', 'paper', 'first-id.1', 'tmz6ln2sxy4lr6mcpc', 'binance', 'BTC/USDT', 'buy', 97.27, 2.438, 0.002438, 'BTC', 0.23714426, null, null, 1700136000, 1700150400000, 3, 'first-id.1', 0.1219, 2, 0, '1', null, null, 19.46, 237.14426, 1795838507668),
(23, 'risking', 'paper', 'risking.1', 't5nvglp54pae5gwhpn', 'binance', 'BTC/USDT', 'sell', 97.47, 2.263, 0.22057461, 'USDT', 0.22057461, -5.04119381, -2.23660183, 1700150400, 1700164800000, 4, 'risking.1', 0.11315, 2, 0, '1', null, null, null, 225.3952292, 1795838507670),
(24, 'trailing', 'paper', 'trailing.1', 'tjpe2m2fgebybdqdwo', 'binance', 'BTC/USDT', 'buy', 97.57, 3.071, 0.003071, 'BTC', 0.29963747, null, null, 1700161200, 1700164802000, 3, 'trailing.1', 0.15355, 2, 0, '1', null, 102.45, 1.47, 299.63747, 1795838507671),
(25, 'trailing', 'paper', 'trailing.1', 't23jsj6ew7rujrq7az', 'binance', 'BTC/USDT', 'sell', 96.05, 3.068, 0.2946814, 'USDT', 0.2946814, -5.25945924, -1.7552232, 1700164800, 1700168400000, 3, 'trailing.1', 0.1534, 3, 0, '1', null, null, null, 299.64617784, 1795838507673),
(26, 'risking', 'paper', 'risking.1', 'tu7op5zj2hyh52zghx', 'binance', 'BTC/USDT', 'buy', 99.95, 2.38, 0.00238, 'BTC', 0.237881, null, null, 1700164800, 1700179200000, 5, 'risking.1', 0.119, 3, 0, '1', 91.6, null, null, 237.881, 1795838507674),
(27, 'trailing', 'paper', 'trailing.1', 'tygw3hlkahpukt5tyt', 'binance', 'BTC/USDT', 'buy', 97.28, 3.08, 0.00308, 'BTC', 0.2996224, null, null, 1700172000, 1700175600000, 4, 'trailing.1', 0.154, 3, 0, '1', null, 102.15, 1.46, 299.6224, 1795838507674),
(28, 'crossing', 'paper', 'crossing.2', 't6awujlm4auefcoqwa', 'binance', 'BTC/USDT', 'buy', 101.03, 6.065, 0.006065, 'BTC', 0.61274695, null, null, 1700179200, 1700182800000, 3, 'crossing.2', 0.3639, 3, 0, '1', null, null, null, 612.74695, 1795838507675),
(29, 'crossing', 'paper', 'crossing.2', 'tcer65rak2mmxi54sf', 'binance', 'BTC/USDT', 'sell', 100.12, 6.059, 0.60662708, 'USDT', 0.60662708, -6.7343596, -1.09903006, 1700186400, 1700190000000, 3, 'crossing.2', 0.36354, 3, 0, '1', null, null, null, 612.75481252, 1795838507675),
(30, 'trailing', 'paper', 'trailing.1', 'trq3tojczhwfmimbpo', 'binance', 'BTC/USDT', 'sell', 99.83, 3.077, 0.30717691, 'USDT', 0.30717691, 7.23948414, 2.41613928, 1700182800, 1700186400000, 4, 'trailing.1', 0.15385, 3, 0, '1', null, null, null, 299.63024895, 1795838507675),
(31, 'trailing', 'paper', 'trailing.1', 't4f7or6ptbxw3jgtle', 'binance', 'BTC/USDT', 'buy', 100.24, 2.989, 0.002989, 'BTC', 0.29961736, null, null, 1700186400, 1700190000000, 5, 'trailing.1', 0.17934, 3, 0, '1', null, 105.26, 1.51, 299.61736, 1795838507675);
insert into plugin_kinds (digest, name, description, stored_ms) values
('digest', 'own', '{"name": "own"}', 1800000000000);
insert into plugin_warmups (digest, params, warmup) values
('digest', '{}', 3);
insert into backfill_requests (exchange, symbol, timeframe, first_timestamp, recheck, asked_ms, done_ms, reason) values
('binance', 'BTC/USDT', '1h', null, 1, 1800000000000, null, null);
insert into exit_orders (strategy_id, reason, since_ms) values
('risking', 'sold before the weekend', 1800000000000);
commit;
