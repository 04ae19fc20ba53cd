"""Which columns of each listing people need most, and the unit that a column's name stands for.

On a narrow terminal the least important columns go first; every other format always has all of them.
"""

from collections.abc import Collection, Sequence

# A line of columns for each listing, most important first; what is not named follows in the order of the listing.
ORDERS = """
strategy_performance: strategy_id total_pnl quote total_return round_trips win_rate max_drawdown open_pnl equity
    profit_factor sharpe fees total_trades exposure mode
run_performance: strategy_id run_id total_pnl quote total_return round_trips win_rate max_drawdown open_pnl equity
    profit_factor started_ms sharpe capital fees symbol timeframe exchange total_trades exposure mode
round_trips: strategy_id exit_timestamp pnl return exit_code entry_price exit_price quote symbol entry_timestamp qty
    hours fees bars entry_cost stop target trailing_distance timeframe exchange mode late round_trip run_id
equity_curve: strategy_id closed equity quote profit qty close cash timestamp capital mode run_id
leaderboard: place strategy_id total_return total_pnl quote round_trips win_rate max_drawdown equity symbol timeframe
    sharpe profit_factor kind mode enabled
daily_pnl: day strategy_id pnl quote total_trades fees mode
daily_summaries: strategy_id timestamp equity capital deepest_fall decided held close high low points run_id codes
latency: strategy_id timestamp recorded_after_ms seen_after_ms symbol timeframe exchange stored_ms seen_ms recorded_ms
indicator_values: strategy_id timestamp name value symbol timeframe exchange
monthly_returns: strategy_id month return profit quote equity mode
drawdowns: strategy_id depth high_timestamp lowest_timestamp recovered_timestamp quote mode
exit_reasons: strategy_id exit_code round_trips total_pnl quote wins avg_return avg_bars mode
buy_and_hold: strategy_id strategy_return hold_return ahead start_timestamp end_timestamp symbol first_price last_price
    timeframe exchange quote mode
exposure: scope name value quote share holding strategies open_pnl equity mode
overlap: coin strategy_id trading holding value quote open_qty symbol exchange timeframe mode
totals: quote total_pnl open_pnl equity strategies round_trips fees capital total_trades removed
workers: worker_id state beat_ms host pid started_ms why
series: series state behind last_timestamp candles missing latency_p50_ms latency_p99_ms why
strategies: strategy_id state open_qty open_pnl realised_pnl quote equity why decision trades decision_timestamp series
    trader failures
controls: scope level reason since_ms
gaps: symbol timeframe cause first_timestamp last_timestamp exchange bars
containers: container status strategies heartbeat memory_mb restarts replica service why
validate: strategy_id trades remarks series kind warmup candles entries exits
budgets: exchange timeframe configured in_time late seconds rate
live: strategy pnl position decision trades equity market close candle
"""
# What people see of a listing that has more columns, in this order, unless they ask for all.
BRIEF = """
strategy_performance: strategy_id mode quote total_trades round_trips win_rate total_pnl total_return profit_factor
    max_drawdown sharpe exposure fees open_pnl equity
"""
RATIOS = """win_rate total_return avg_return return max_drawdown exposure share depth deepest_fall strategy_return
    hold_return ahead fee_share"""
MONEY = """cash equity capital fees pnl total_pnl avg_pnl best_pnl worst_pnl open_pnl realised_pnl profit value cost
    entry_cost fee fee_quote before_fees"""
DURATIONS = "latency_p50_ms latency_p99_ms seen_after_ms recorded_after_ms"  # other milliseconds are moments
DAYS = "high_timestamp lowest_timestamp recovered_timestamp"  # midnights, of which only the day is meant
STATISTICS = "profit_factor sharpe sortino calmar sqn avg_bars avg_hours hours memory_mb"  # two decimals are enough
CENTS = "USD USDT USDC BUSD FDUSD TUSD USDE DAI EUR EURC GBP CHF AUD CAD"  # currencies whose amounts have two decimals


def _listings(text: str) -> dict[str, list[str]]:
    """The columns of every listing."""
    lines = text.replace("\n    ", " ").strip().splitlines()
    return {name: names.split() for name, _, names in (line.partition(":") for line in lines)}


_ORDERS, _BRIEF = _listings(ORDERS), _listings(BRIEF)
_UNITS = {unit: frozenset(unit.split()) for unit in (RATIOS, MONEY, STATISTICS, CENTS, DAYS, DURATIONS)}


def among(name: object, unit: str) -> bool:
    """Whether a column is of a unit (`RATIOS`, `MONEY`, `DURATIONS`…), or a currency has `CENTS`."""
    return name in _UNITS[unit]


def brief(names: Collection[str], listing: str) -> list[str]:
    """The columns of a listing that people see."""
    return [name for name in _BRIEF.get(listing, ()) if name in names] or list(names)


def ranked(names: Sequence[str], listing: str) -> list[str]:
    """The columns of a listing, most important first."""
    order = [name for name in _ORDERS.get(listing, ()) if name in names]
    return [*order, *(name for name in names if name not in order)]
