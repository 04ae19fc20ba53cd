"""The columns of a strategy's or a run's performance, from its whole life; money in Decimal, ratios in float."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from tests.witness.records import Decision, Fill, Point, Records, Trip

DAY = 86400
Columns = dict[str, object]


class Stretch(NamedTuple):
    """A part of a life: from its start on, with the profit and capital found there; bars, fills and trips in it."""

    start: int
    found: Decimal
    capital: Decimal
    points: Sequence[Point]
    decisions: Sequence[Decision]
    fills: Sequence[Fill]
    trips: Sequence[Trip]


def stretch(records: Records, step: int, capital: Decimal, since: int, run: int | None = None) -> Stretch | None:
    """What counts since a moment, of one run or of the strategy; None where nothing was decided."""
    points = [point for point in records.points if run in (None, point.run)]
    if not points:
        return None
    start = max(points[0].closed - step, since)
    before = [point for point in records.points if point.closed <= start]
    begin = before[-1].equity - before[-1].capital if before else Decimal(0)
    fills = [fill for fill in records.fills if run in (None, fill.entry_run) and fill.filled_ms >= 1000 * since]
    trips = [trip for trip in records.trips if run in (None, trip.entry.run) and trip.exit.filled_ms >= 1000 * since]
    return Stretch(
        start, begin, before[-1].capital if before else capital,
        [point for point in points if point.closed > start],
        [each for each in records.decisions if run in (None, each.run) and each.closed > start],
        fills, trips,
    )  # fmt: skip


def columns(part: Stretch, step: int, capital: Decimal) -> Columns:
    """All columns but those of the position at the end."""
    return traded(part, step, capital) | curved(part)


def traded(part: Stretch, step: int, capital: Decimal) -> Columns:
    """What fills and round trips say."""
    profits = [trip.pnl for trip in part.trips]
    gains = [pnl for pnl in profits if pnl > 0]
    losses = [pnl for pnl in profits if pnl < 0]
    count, total = len(profits), sum((fill.pnl or Decimal(0) for fill in part.fills), Decimal(0))
    bars = [(trip.exit.timestamp - trip.entry.timestamp) // step for trip in part.trips]
    returns = [float(trip.pnl / trip.entry.cost) for trip in part.trips]
    return {
        "total_trades": len(part.fills),
        "round_trips": count,
        "wins": len(gains),
        "losses": len(losses),
        "win_rate": len(gains) / count if count else None,
        "total_pnl": total,
        "total_return": float(total / capital),
        "avg_pnl": float(sum(profits) / count) if count else None,
        "avg_return": math.fsum(returns) / count if count else None,
        "profit_factor": float(sum(gains, Decimal(0)) / -sum(losses)) if losses else None,
        "best_pnl": max(gains, default=None),
        "worst_pnl": min(losses, default=None),
        "avg_bars": sum(bars) / count if count else None,
        "avg_hours": sum(bars) * step / 3600 / count if count else None,
        "fees": sum((fill.fee_quote for fill in part.fills), Decimal(0)),
        "sqn": quality([float(pnl) for pnl in profits]),
        "first_trade_ms": min((fill.filled_ms for fill in part.fills), default=None),
        "last_trade_ms": max((fill.filled_ms for fill in part.fills), default=None),
    }


def quality(profits: Sequence[float]) -> float | None:
    """The system quality number: the root of n times mean over deviation."""
    spread = deviation(profits)
    return math.sqrt(len(profits)) * math.fsum(profits) / len(profits) / spread if spread else None


def deviation(values: Sequence[float]) -> float | None:
    """The standard deviation of a sample, None below two values."""
    if len(values) < 2:
        return None
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def curved(part: Stretch) -> Columns:
    """What the equity at every candle says."""
    fall = deepest(part)
    days = daily(part)
    spread = deviation(days)
    mean = math.fsum(days) / len(days) if days else 0.0
    down = math.sqrt(math.fsum(min(day, 0.0) ** 2 for day in days) / len(days)) if days else 0.0
    held = sum(each.held for each in part.decisions)
    return {
        "max_drawdown": fall,
        "exposure": held / len(part.decisions) if part.decisions else None,
        "sharpe": mean / spread * math.sqrt(365) if spread else None,
        "sortino": mean / down * math.sqrt(365) if down else None,
        "calmar": calmar(part, fall),
    }


def deepest(part: Stretch) -> float:
    """The largest fall below the running maximum, as a fraction; deposits move neither."""
    highest, worst = part.found, 0.0
    for point in part.points:
        profit = point.equity - point.capital
        highest = max(highest, profit)
        worst = max(worst, float((highest - profit) / (point.capital + highest)))
    return worst


def daily(part: Stretch) -> list[float]:
    """Returns between midnights, from the first one at or after the start to the last one before the newest close."""
    if not part.points:
        return []
    found, place, returns = (part.found, part.capital), 0, []
    before: Decimal | None = None
    for midnight in range(-(-part.start // DAY) * DAY, part.points[-1].closed, DAY):
        while part.points[place].closed <= midnight:
            found = (part.points[place].equity - part.points[place].capital, part.points[place].capital)
            place += 1
        profit, capital = found
        if before is not None:
            returns.append(float((profit - before) / (capital + before)))
        before = profit
    return returns


def calmar(part: Stretch, fall: float) -> float | None:
    """Growth a year over the deepest fall; None below 30 days or without one."""
    if not part.points or not fall:
        return None
    newest = part.points[-1]
    days = (newest.closed - part.start) / DAY
    growth = float(newest.equity / (newest.capital + part.found))
    return (growth ** (365 / days) - 1) / fall if days >= 30 else None
