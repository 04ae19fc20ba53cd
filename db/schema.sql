-- The present truth of the shared database. Migrations lead here; a test proves that both meet.
-- Times: `timestamp` is a bar's open in whole Unix seconds UTC, `*_ms` are Unix milliseconds.
-- Money: REAL of at most 15 significant digits, quote currency unless a name says otherwise.
-- Views: reading/reports.sql, fleet/views.sql.

-- Facts about this file: schema_version, writable_from (the oldest schema whose programs may write here), environment
-- (real or simulated), fleet_id, clock (JSON {start, speed}), replayed where a replay decided what is here.
create table meta (
    key text primary key,
    value text not null
) strict, without rowid;

-- Market data: written once by the backfiller and by imports, read by everybody.

-- The candles of every series, closed bars only; timestamp is the bar's open; source 0 exchange, 1 import, 2 derived.
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
    state_code text, -- the same for programs: domain.candles.SeriesState
    finer text, -- the timeframe it is made from, NULL where it is not
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

-- Ranges of derived bars whose finer bars have changed or come in since: they are to be made again.
create table outdated (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer not null,
    last_timestamp integer not null check (last_timestamp >= first_timestamp),
    changes integer not null, -- so many were noted: what is made again meanwhile is not forgotten
    primary key (exchange, symbol, timeframe, first_timestamp)
) strict, without rowid;

-- Series that somebody waits for (`fleet backfill --once` or `--recheck` beside a backfiller that acts): done next.
create table backfill_requests (
    exchange text not null,
    symbol text not null,
    timeframe text not null,
    first_timestamp integer, -- how deep: open of the oldest bar; NULL: as deep as whoever acts keeps it
    recheck integer not null default 0 check (recheck in (0, 1)), -- every cause of a missing bar is found out again
    asked_ms integer not null,
    done_ms integer, -- NULL while it is to be done
    reason text, -- why it could not be filled, NULL where it was
    primary key (exchange, symbol, timeframe)
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
    active integer not null default 1 check (active in (0, 1)), -- 0: halted, which is not gone
    updated_ms integer not null,
    missing_since_ms integer, -- candle time at which it was first not listed, NULL while it is
    missing_looks integer not null default 0, -- looks in a row that found it not listed
    primary key (exchange, symbol)
) strict, without rowid;

-- Trade data: isolated by strategy_id.

-- Every strategy that ever was, with what it is bound to; `enabled` is 0 where its file is gone.
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
    state_reason text, -- why it is disabled, or why an active one may only exit
    failures integer not null default 0, -- in a row
    last_error text,
    run_id text
) strict, without rowid;

-- The users' own kinds, as traders have loaded them: what others know of a kind without running its file.
create table plugin_kinds (
    digest text primary key, -- SHA-256 of the file that defines it
    name text not null,
    description text not null, -- JSON: name, doc, params, exits
    stored_ms integer not null
) strict, without rowid;

-- The bars that strategies of such kinds need before their first decision, by their parameters; those were checked.
create table plugin_warmups (
    digest text not null references plugin_kinds (digest) on delete cascade,
    params text not null, -- JSON
    warmup integer not null check (warmup >= 0),
    primary key (digest, params)
) strict, without rowid;

-- Ids that were freed by a rename: whoever has one next decides no candle that was decided under it.
create table freed_ids (
    strategy_id text primary key,
    decided_timestamp integer -- high-water mark at that time
) strict, without rowid;

-- The newest configuration that was good, as YAML: what workers start on when a file is broken. One row.
create table configurations (
    digest text primary key, -- SHA-256 of the files, comments included
    host text not null,
    since_ms integer not null,
    files text not null -- JSON: {file: text}, without values of the environment or passwords
) strict, without rowid;

-- Every configuration of a strategy while it traded, with its capital.
create table runs (
    run_id text primary key, -- never used again
    strategy_id text not null references strategies on update cascade,
    started_ms integer not null,
    capital real not null check (capital > 0 and capital < 1e15),
    configuration text not null
) strict, without rowid;
create index idx_runs_strategy on runs (strategy_id, started_ms);

-- What every strategy decided on every candle, and why: reason for people, code for programs, what it saw in indicators.
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
    held integer not null default 0 check (held in (0, 1)), -- whether something is held after it
    code text not null default '', -- why, for programs: domain.codes.Code
    transaction_id integer not null default 0, -- that wrote it; 0 where the release gave no numbers
    seen_ms integer, -- when the trader saw the candle, and when it wrote the decision, right before its commit: real
    recorded_ms integer, -- time, as stored_ms; NULL where nobody waited for the candle (missed, the first one, a replay)
    primary key (strategy_id, timestamp)
) strict, without rowid;
create index idx_decisions_transaction on decisions (transaction_id);

-- Orders, written down before anybody fills them.
create table orders (
    client_order_id text primary key,
    strategy_id text not null references strategies on update cascade,
    run_id text not null references runs,
    epoch integer not null,
    mode text not null,
    exchange text not null,
    symbol text not null,
    timestamp integer not null, -- open of the candle that was decided
    purpose text not null check (purpose in ('entry', 'exit', 'manual')), -- manual: ordered by a person; exit: of a decision, or its market is gone
    attempt integer not null default 1,
    side text not null check (side in ('buy', 'sell')),
    price real not null check (price > 0 and price < 1e15),
    qty real not null check (qty > 0 and qty < 1e21),
    status text not null check (
        status in ('new', 'sending', 'open', 'unknown', 'filled', 'cancelled', 'rejected', 'expired')), -- domain.orders.OrderState
    reason text not null,
    created_ms integer not null,
    sent_ms integer,
    filled_ms integer,
    code text not null default '' -- why, for programs: domain.codes.Code
) strict, without rowid;
create index idx_orders_strategy on orders (strategy_id, timestamp);

-- Every buy and sale with price, quantity, fee, and the profit of a sale.
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
    qty real not null check (qty > 0 and qty < 1e21),
    fee real not null check (abs(fee) < 1e21), -- negative where the exchange pays it
    fee_currency text not null,
    fee_quote real not null check (abs(fee_quote) < 1e15),
    pnl real check (abs(pnl) < 1e15), -- NULL on fills that open
    pnl_percent real check (abs(pnl_percent) < 1e15), -- 100 * pnl / the cost that was released
    timestamp integer not null, -- open of the candle at whose close or within which it filled
    filled_ms integer not null,
    round_trip integer not null, -- 1, 2, 3… within the strategy
    entry_run_id text not null references runs, -- the run that opened the round trip owns its pnl
    slippage real not null default 0 check (abs(slippage) < 1e15), -- quote currency lost against the decided price
    epoch integer not null,
    late integer not null default 0 check (late in (0, 1)),
    exchange_trade_id text not null, -- of the executions of an order; paper: 1
    stop real, -- where the entry has put it, NULL on other fills and without one
    target real,
    trailing_distance real, -- of the trailing stop below the highest price
    cost real, -- cash that a buy has paid, fee included; of a sale what was released of it
    transaction_id integer not null default 0,
    unique (client_order_id, exchange_trade_id)
) strict;
create index idx_trades_transaction on trades (transaction_id);
create index idx_trades_strategy on trades (strategy_id, timestamp);
create index idx_trades_filled on trades (strategy_id, filled_ms);
create index idx_trades_round_trip on trades (strategy_id, round_trip);

-- The fold of trades. `cost` is the cash that the held quantity cost, fees included: cash + cost = capital + realised_pnl.
create table positions (
    strategy_id text primary key references strategies on update cascade,
    qty real not null check (qty >= 0 and qty < 1e21),
    cost real not null check (cost >= 0 and cost < 1e15),
    cash real not null check (abs(cash) < 1e15),
    realised_pnl real not null check (abs(realised_pnl) < 1e15),
    round_trip integer not null default 0,
    entry_timestamp integer, -- the rest is NULL while flat; it can be rebuilt from candles and trades
    entry_price real,
    entry_run_id text,
    stop real,
    target real,
    trailing_distance real, -- of the trailing stop in quote currency, fixed at entry
    high_water real,
    due_code text, -- why it is sold as soon as somebody trades, where nobody has since that was decided
    due_reason text
) strict, without rowid;

-- What a strategy was worth at the closes at which that changed.
create table equity (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    run_id text not null references runs,
    cash real not null check (abs(cash) < 1e15),
    qty real not null check (qty >= 0 and qty < 1e21),
    close real not null check (close > 0 and close < 1e15),
    equity real not null check (abs(equity) < 1e15),
    profit real, -- equity less the capital of its run
    primary key (strategy_id, timestamp)
) strict, without rowid;

-- One row a strategy: its high-water mark, its newest decision with its why, where it stands, and running sums. The turn
-- that adds to them writes them in its transaction (domain/totals.py); the reports read them.
create table strategy_totals (
    strategy_id text primary key references strategies on update cascade,
    decided_timestamp integer, -- high-water mark: this candle and all before are decided, for ever
    decision_timestamp integer, -- newest decision
    action text,
    code text,
    reason text,
    decided_ms integer,
    decision_run_id text,
    equity real not null, -- marked at the close of the newest bar, before the fee of selling
    open_pnl real not null,
    open_run_id text, -- the run that bought last: what is held is its
    decided integer not null default 0, -- bars, and those after which something was held
    held integer not null default 0,
    started integer, -- open of the first bar; of the curve all is NULL before it
    start_profit real, -- equity less capital that was found there
    ended integer, -- close of the newest bar
    highest real, -- of the profits before the newest point
    deepest_fall real, -- 1 - equity / running maximum, the same
    midnight_profit real, -- at the last midnight that counts
    days integer, -- returns between midnights
    avg_change real, -- their mean, the sum of squared deviations from it, and of the squares of the negative
    change_squares real,
    down_squares real,
    point_closed integer, -- newest point
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
    gains real not null default 0, -- sum of what was won, and of what was lost
    lost real not null default 0,
    best_pnl real,
    worst_pnl real,
    avg_pnl real not null default 0, -- with the sum of squared deviations from it
    pnl_squares real not null default 0,
    returns real not null default 0, -- sums over round trips
    bars integer not null default 0,
    point_profit real -- of the newest point: equity less capital
) strict, without rowid;

-- The same sums of a run, over the bars decided under it and the round trips that it opened; and its newest day.
create table run_totals (
    run_id text primary key references runs,
    strategy_id text not null references strategies on update cascade,
    decided integer not null default 0, -- bars, and those after which something was held
    held integer not null default 0,
    started integer, -- open of the first bar; of the curve all is NULL before it
    start_profit real, -- equity less capital that was found there
    ended integer, -- close of the newest bar
    highest real, -- of the profits before the newest point
    deepest_fall real, -- 1 - equity / running maximum, the same
    midnight_profit real, -- at the last midnight that counts
    days integer, -- returns between midnights
    avg_change real, -- their mean, the sum of squared deviations from it, and of the squares of the negative
    change_squares real,
    down_squares real,
    point_closed integer, -- newest point
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
    gains real not null default 0, -- sum of what was won, and of what was lost
    lost real not null default 0,
    best_pnl real,
    worst_pnl real,
    avg_pnl real not null default 0, -- with the sum of squared deviations from it
    pnl_squares real not null default 0,
    returns real not null default 0, -- sums over round trips
    bars integer not null default 0,
    day integer, -- midnight after which its bars closed
    day_equity real,
    day_capital real,
    day_close real,
    day_high real,
    day_low real,
    day_deepest_fall real,
    day_decided integer,
    day_held integer,
    day_points integer, -- how often the equity changed
    day_codes text, -- JSON: {code: decisions}
    point_profit real
) strict, without rowid;
create index idx_run_totals_strategy on run_totals (strategy_id);

-- The days of a run before its newest; a bar that closes at midnight belongs to the day before.
create table daily_totals (
    strategy_id text not null references strategies on update cascade,
    timestamp integer not null,
    run_id text not null references runs,
    equity real not null, -- the last of the day; the rest as in `run_totals`
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

-- How far old rows of a strategy are thinned: nothing before these moments (Unix seconds) is looked at again.
create table retention_marks (
    strategy_id text primary key references strategies on update cascade,
    decisions_before integer not null default 0,
    equity_before integer not null default 0
) strict, without rowid;

-- The fleet.

-- The life of each process of the fleet: one row, renewed with its heartbeat until it ends. One that ran out is never
-- renewed: the process goes on under another name, and all that it held is lost to it.
create table holders (
    holder text primary key,
    room text not null, -- backfiller, trader, ...
    host text not null,
    pid integer not null,
    place text, -- boot, mount and process namespace in which the pid means something, NULL where there are none
    container text, -- its id, NULL outside of one
    birth integer, -- when the process began, in ticks since the boot: a pid is used again
    started_ms integer not null,
    beat_ms integer not null,
    expires_ms integer not null,
    detail text not null -- JSON
) strict, without rowid;

-- Who holds what: a row changes only when something changes hands.
create table claims (
    kind text not null check (kind in ('strategy', 'duty')),
    claim text not null, -- a strategy_id, or the name of a duty such as backfill:kraken
    holder text, -- NULL: given back; whose life has ended stands here until somebody takes over
    epoch integer not null, -- grows whenever somebody else may act
    primary key (kind, claim)
) strict, without rowid;
create index idx_claims_holder on claims (holder);

-- What happened to the rights of workers and to the data: fenced, taken_over, lost, refused, halted, gap_repaired.
create table events (
    event_id integer primary key,
    at_ms integer not null, -- real time
    code text not null, -- for programs: db.fleet.events.Code
    holder text,
    subject text not null, -- a strategy_id, a duty, a series such as binance:BTC/USDT:1h, or fleet
    epoch integer,
    first_timestamp integer, -- opens of the first and last bar of a gap, and what it was explained by
    last_timestamp integer,
    cause text,
    text text not null, -- for people
    transaction_id integer not null default 0
) strict;
create index idx_events_transaction on events (transaction_id);
create index idx_events_at on events (at_ms);
create index idx_events_subject on events (subject, event_id);

-- What people have ordered to be sold now; gone once it is carried out.
create table exit_orders (
    strategy_id text primary key references strategies on update cascade,
    reason text not null,
    since_ms integer not null
) strict, without rowid;

-- What people have ordered: pauses, stops, the kill switch.
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
    requests integer not null default 0,
    paused_from_ms integer not null default 0, -- when the pause was told: under a clock that is behind it, it is void
    reserved_ms integer not null default 0 -- when next_ms was reserved; the same holds
) strict, without rowid;

-- Each exchange as a whole, as the backfiller knows it; written when it changes.
create table exchanges (
    exchange text primary key,
    offset_ms integer not null default 0, -- what its clock is ahead of candle time on this machine
    markets integer not null default 0 -- how many it lists: an answer with far fewer is silence about the others
) strict, without rowid;
