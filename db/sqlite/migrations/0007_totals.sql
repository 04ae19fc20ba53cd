-- The turn keeps totals, so that a report costs the same after ten years. What rows alone cannot tell any more (bars that
-- were decided, the high-water mark) is taken over here; the rest is folded from the rows once the schema is whole
-- (db/filling.py).

-- One row a strategy: its high-water mark, its newest decision with its why, where it stands, and running sums. The turn
-- that adds to them writes them in its transaction (domain/totals.py); the reports read them.
create table strategy_totals (
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
) strict, without rowid;

-- The same sums of a run, over the bars decided under it and the round trips that it opened; and its newest day.
create table run_totals (
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
) strict, without rowid;
create index idx_run_totals_strategy on run_totals (strategy_id);

-- The days of a run before its newest; a bar that closes at midnight belongs to the day before.
create table daily_totals (
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
insert into strategy_totals (strategy_id, decided_timestamp, equity, open_pnl)
select s.strategy_id, s.decided_timestamp, p.cash + p.cost, 0
from strategies s
join positions p on p.strategy_id = s.strategy_id;

insert into run_totals (run_id, strategy_id, decided, held)
select r.run_id, r.strategy_id, coalesce(d.candles, 0), coalesce(d.held, 0)
from runs r
left join decided d on d.run_id = r.run_id;

drop table decided;
alter table strategies drop column decided_timestamp;

create index idx_trades_filled on trades (strategy_id, filled_ms);
create index idx_trades_round_trip on trades (strategy_id, round_trip);
