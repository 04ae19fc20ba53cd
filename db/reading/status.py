"""The state of the fleet, from the database alone: what `fleet status` and `fleet gaps` show."""

import math
from collections import Counter
from typing import Any, NamedTuple

from db.database import Database, Row
from db.fleet import workers
from db.fleet.workers import Worker
from db.market_data import candles, exchanges, gaps
from domain.candles import Series, SeriesState
from domain.decide import stale_after

NEWEST = 10_000  # decisions
WEEK_MS = 7 * 86_400_000


class Latency(NamedTuple):
    """From stored to recorded, real milliseconds: the median, and what one decision in a hundred exceeds."""

    p50_ms: int
    p99_ms: int


class SeriesStatus(NamedTuple):
    """One series. `behind`: bars that must have closed since the newest stored one. `missing`: bars by cause."""

    series: Series
    candles: int
    last_timestamp: int
    stored_ms: int
    behind: int
    missing: dict[str, int]
    state: str | None
    state_code: SeriesState | None

    @property
    def stale(self) -> bool:
        """Whether it does not advance: it says so itself, or two bars are overdue."""
        return self.state is not None or self.behind > 1

    @property
    def wanted(self) -> bool:
        """Whether anybody is on it, as far as the backfiller has said."""
        return self.state_code is not SeriesState.UNWANTED

    @property
    def empty(self) -> bool:
        """Whether no candle of it was ever stored."""
        return not self.candles


class Status(NamedTuple):
    """The fleet at one moment. `series`: those with a head, and those that are traded and wait for their first candle.

    `strategies` are rows as the statement `status_strategies` names them.
    """

    workers: list[Worker]
    series: list[SeriesStatus]
    strategies: list[dict[str, Any]]


def status(db: Database, now_ms: int) -> Status:
    """Everything of one snapshot; `now_ms` is candle time on this machine, which may be behind an exchange's clock."""
    with db.snapshot():
        found, missing, traded = candles.heads(db), _missing(db), strategies(db)
        offsets = exchanges.offsets(db)
        awaited = {Series(row["exchange"], row["symbol"], row["timeframe"]) for row in traded} - found.keys()
        series = [
            SeriesStatus(
                each,
                head.candles,
                head.last_timestamp,
                head.stored_ms,
                behind,
                missing.get(each, {}),
                head.state,
                head.state_code,
            )
            for each, head in sorted((found | dict.fromkeys(awaited, candles.NO_HEAD)).items())
            for behind in (_behind(each, head.last_timestamp, now_ms + offsets.get(each.exchange, 0)),)
        ]
        return Status(workers.workers(db), series, traded)


def latencies(db: Database) -> dict[Series, Latency]:
    """How long the newest decisions took, by series: 10,000 of the whole fleet, none of them a week older than the
    newest; without series on which nobody has waited for a candle. It reads all of them: nothing for every second.
    """
    rows = db.read("status_latency", newest=NEWEST, within_ms=WEEK_MS)
    return {Series(*row[:3]): Latency(*row[3:]) for row in rows}


def strategies(db: Database) -> list[dict[str, Any]]:
    """Where every enabled strategy stands."""
    return [dict(row) for row in db.read("status_strategies")]


def decided(db: Database) -> dict[str, float]:
    """The newest candle (its open) that each strategy has decided, -1 for none; infinity for one that is disabled."""
    rows = db.read("status_decided")
    return {row["strategy_id"]: math.inf if row["state"] == "disabled" else _mark(row) for row in rows}


def _mark(row: Row) -> float:
    return -1 if row["decided_timestamp"] is None else float(row["decided_timestamp"])


def failures(db: Database) -> list[dict[str, Any]]:
    """The strategies that failed: on how many bars, why the last time, and why one is `disabled` (None: it is not)."""
    return [dict(row) for row in db.read("status_failures")]


def _behind(series: Series, last_timestamp: int, now_ms: int) -> int:
    """Bars that closed since the newest stored one, each counted only once an entry on it would be stale."""
    late = now_ms / 1000 - stale_after(series.seconds) - last_timestamp - series.seconds
    return max(0, int(late // series.seconds)) if last_timestamp else 0


def _missing(db: Database) -> dict[Series, dict[str, int]]:
    """Missing bars of every series, by cause."""
    counts: dict[Series, Counter[str]] = {series: Counter() for series in candles.heads(db)}
    for series, gap in gaps.all_gaps(db):
        counts.setdefault(series, Counter())[gap.cause.value] += gap.bars(series.seconds)
    return {series: dict(count) for series, count in counts.items()}


def missing_ranges(db: Database) -> list[dict[str, Any]]:
    """Every range of missing bars: exchange, symbol, timeframe, first_timestamp, last_timestamp, cause."""
    return [dict(row) for row in db.read("status_gaps")]


def newest_trade(db: Database) -> int:
    """The id of the newest trade, 0 before the first."""
    return int(db.read("status_newest_trade")[0]["trade_id"])


def trades_after(db: Database, trade_id: int) -> list[dict[str, Any]]:
    """The trades that were written after this one, oldest first."""
    return [dict(row) for row in db.read("status_trades", after=trade_id)]
