-- The whole schema of version 1.

-- Facts about this file: schema_version, environment (real or simulated), fleet_id, clock (JSON {start, speed}).
create table meta (
    key text primary key,
    value text not null
) strict, without rowid;

-- Market data: written once by the backfiller and by imports, read by everybody.
create table ohlcv_data (
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

-- Values of a candle that a better or newer source has replaced.
create table ohlcv_revisions (
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

-- The newest candle of every series and when it came in; how a trader sees that a series has advanced.
create table series_heads (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    stored_ms integer not null,
    candles integer not null default 0 check (candles >= 0),
    state text, -- why the series does not advance, NULL while it does
    primary key (exchange, symbol, timeframe)
) strict, without rowid;

-- Ranges of missing bars; both ends are opens of missing bars.
create table gaps (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    cause text not null check (cause in
        ('not_fetched', 'no_trades', 'outage', 'not_offered', 'before_listing', 'delisted', 'rejected')),
    primary key (exchange, symbol, timeframe, first_timestamp)
) strict, without rowid;

-- Rows of exchanges that are not candles, kept as they came.
create table quarantine (
    quarantine_id integer primary key,
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    received_ms integer not null,
    payload text not null,
    reason text not null,
    unique (exchange, symbol, timeframe, payload)
) strict;

-- What may be traded and how; the backfiller fills it, traders read it and never load ccxt.
create table markets (
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
    updated_ms integer not null,
    primary key (exchange, symbol)
) strict, without rowid;

-- Trade data: isolated by strategy_id.
create table strategies (
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
    run_id text,
    decided_timestamp integer -- high-water mark: this candle and all before are decided, for ever
) strict, without rowid;

create table runs (
    run_id text primary key,
    strategy_id text not null references strategies on update cascade,
    started_ms integer not null,
    capital real not null check (capital > 0 and capital < 1e15),
    configuration text not null
) strict, without rowid;
create index idx_runs_strategy on runs (strategy_id, started_ms);

create table decisions (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    action text not null check (action in ('enter', 'exit', 'hold', 'blocked', 'stale', 'failed')),
    reason text not null,
    indicators text not null,
    run_id text not null references runs,
    epoch integer not null,
    decided_ms integer not null,
    stored_ms integer, -- when the candle came in
    late integer not null default 0 check (late in (0, 1)),
    primary key (strategy_id, timestamp)
) strict, without rowid;

create table orders (
    client_order_id text primary key,
    strategy_id text not null references strategies on update cascade,
    run_id text not null references runs,
    epoch integer not null,
    mode text not null,
    exchange text not null,
    symbol text not null,
    timestamp integer not null, -- open of the candle that was decided
    purpose text not null check (purpose in ('entry', 'exit')),
    attempt integer not null default 1,
    side text not null check (side in ('buy', 'sell')),
    price real not null check (price > 0 and price < 1e15),
    qty real not null check (qty > 0 and qty < 1e15),
    status text not null check (status in ('new', 'sending', 'open', 'filled', 'cancelled', 'rejected', 'unknown')),
    reason text not null,
    created_ms integer not null,
    sent_ms integer,
    filled_ms integer
) strict, without rowid;
create index idx_orders_strategy on orders (strategy_id, timestamp);

create table trades (
    trade_id integer primary key,
    strategy_id text not null references strategies on update cascade,
    mode text not null,
    run_id text not null references runs,
    client_order_id text not null references orders,
    exchange text not null,
    symbol text not null,
    side text not null check (side in ('buy', 'sell')),
    price real not null check (price > 0 and price < 1e15),
    qty real not null check (qty > 0 and qty < 1e15),
    fee real not null check (fee >= 0 and fee < 1e15),
    fee_currency text not null,
    fee_quote real not null check (fee_quote >= 0 and fee_quote < 1e15),
    pnl real check (abs(pnl) < 1e15), -- NULL on fills that open
    pnl_percent real check (abs(pnl_percent) < 1e15), -- 100 * pnl / the cost that was released
    timestamp integer not null, -- open of the candle at whose close or within which it filled
    filled_ms integer not null,
    round_trip integer not null, -- 1, 2, 3… within the strategy
    entry_run_id text not null references runs, -- the run that opened the round trip owns its pnl
    slippage real not null default 0 check (abs(slippage) < 1e15), -- quote currency lost against the decided price
    epoch integer not null,
    late integer not null default 0 check (late in (0, 1)),
    exchange_trade_id text not null, -- paper: 1
    unique (client_order_id, exchange_trade_id)
) strict;
create index idx_trades_strategy on trades (strategy_id, timestamp);

-- The fold of trades. `cost` is the cash that the held quantity cost, fees included: cash + cost = capital + realised_pnl.
create table positions (
    strategy_id text primary key references strategies on update cascade,
    qty real not null check (qty >= 0 and qty < 1e15),
    cost real not null check (cost >= 0 and cost < 1e15),
    cash real not null check (abs(cash) < 1e15),
    realised_pnl real not null check (abs(realised_pnl) < 1e15),
    round_trip integer not null default 0,
    entry_timestamp integer, -- the rest is NULL while flat; it can be rebuilt from candles and trades
    entry_price real,
    entry_run_id text,
    stop real,
    target real,
    trailing real, -- distance in quote currency, fixed at entry
    high_water real
) strict, without rowid;

create table equity (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    run_id text not null references runs,
    cash real not null check (abs(cash) < 1e15),
    qty real not null check (qty >= 0 and qty < 1e15),
    close real not null check (close > 0 and close < 1e15),
    equity real not null check (abs(equity) < 1e15),
    primary key (strategy_id, timestamp)
) strict, without rowid;

-- Candles decided, and held while decided, per run: what `exposure` needs after old decisions are pruned.
create table decided (
    run_id text primary key references runs,
    strategy_id text not null references strategies on update cascade,
    candles integer not null,
    held integer not null
) strict, without rowid;

-- The fleet.
create table leases (
    strategy_id text primary key references strategies on update cascade,
    holder text not null,
    epoch integer not null,
    expires_ms integer not null
) strict, without rowid;

create table workers (
    worker_id text primary key,
    room text not null, -- backfiller, trader, ...
    host text not null,
    pid integer not null,
    started_ms integer not null,
    beat_ms integer not null,
    detail text not null -- JSON
) strict, without rowid;

create table controls (
    scope text primary key, -- fleet, or a strategy_id
    level text not null,
    reason text not null,
    since_ms integer not null
) strict, without rowid;

-- One request budget per exchange, whoever asks: the moment at which the next request may be sent.
create table budgets (
    exchange text primary key,
    next_ms integer not null,
    paused_until_ms integer not null default 0,
    pause_reason text,
    requests integer not null default 0
) strict, without rowid;
