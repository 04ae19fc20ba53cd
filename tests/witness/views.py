"""The rows of every report, from the witness's lives."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.witness import portfolio
from tests.witness.case import Case
from tests.witness.life import Life
from tests.witness.measures import DAY, Stretch, columns, deepest, stretch
from tests.witness.records import Decision, Point, Trip

Row = dict[str, Any]
RANKED = (
    "quote",
    "mode",
    "symbol",
    "timeframe",
    "kind",
    "enabled",
    "round_trips",
    "win_rate",
    "total_pnl",
    "total_return",
    "max_drawdown",
    "sharpe",
    "profit_factor",
    "equity",
)


def strategy_performance(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each strategy."""
    found = []
    for name, life in sorted(lives.items()):
        part = stretch(life.records, case.step, life.first_capital, since)
        assert part is not None
        newest, ledger = life.records.points[-1], life.ledger
        found.append(
            case.named(name)
            | {"kind": life.terms.kind, "capital": life.capital}
            | columns(part, case.step, life.capital)
            | {
                "enabled": int(life.enabled),
                "open_qty": ledger.qty,
                "open_pnl": life.open_pnl(),
                "equity": newest.equity,
            }
        )
    return found


def run_performance(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each run in which a bar was decided."""
    found = []
    for name, life in sorted(lives.items()):
        for run, capital in enumerate(life.capitals, 1):
            part = stretch(life.records, case.step, capital, since, run)
            if part is not None:
                newest = [point for point in life.records.points if point.run == run][-1]
                bought = [fill.run for fill in life.records.fills if fill.side == "buy"]
                holds = bool(bought) and bought[-1] == run  # what is held stands with the run that bought last
                found.append(
                    case.named(name)
                    | {"run_id": f"{name}.{run}", "capital": capital}
                    | columns(part, case.step, capital)
                    | {"open_qty": life.ledger.qty if holds else Decimal(0), "equity": newest.equity}
                    | {"open_pnl": life.open_pnl() if holds else Decimal(0)}
                )
    return found


def round_trips(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each closed round trip."""
    found = []
    for name, life in sorted(lives.items()):
        for trip in life.records.trips:
            bars = (trip.exit.timestamp - trip.entry.timestamp) // case.step
            row = case.named(name) | {
                "run_id": f"{name}.{trip.entry.run}", "round_trip": trip.entry.trip,
                "entry_timestamp": trip.entry.timestamp, "exit_timestamp": trip.exit.timestamp,
                "entry_price": trip.entry.price, "exit_price": sold_at(trip),
                "qty": sum(sale.qty for sale in trip.sales), "entry_cost": trip.entry.cost, "pnl": trip.pnl,
                "return": float(trip.pnl / trip.entry.cost),
                "fees": trip.entry.fee_quote + sum(sale.fee_quote for sale in trip.sales), "bars": bars,
                "hours": bars * case.step / 3600, "late": int(any(sale.late for sale in trip.sales)),
                "exit_code": trip.exit.code, "exit_ms": trip.exit.filled_ms, **trip.entry.levels._asdict(),
            }  # fmt: skip
            found += [row] if trip.exit.filled_ms >= 1000 * since else []
    return found


def sold_at(trip: Trip) -> Decimal | float:
    """The price of its only sale, or the mean price of all."""
    if len(trip.sales) == 1:
        return trip.exit.price
    return float(sum(sale.price * sale.qty for sale in trip.sales) / sum(sale.qty for sale in trip.sales))


def equity_curve(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each bar at whose close the equity changed."""
    return [
        {
            "strategy_id": name, "mode": "paper", "quote": case.quote, "timestamp": point.timestamp,
            "closed": point.closed, "run_id": f"{name}.{point.run}",
            "cash": point.cash, "qty": point.qty, "close": point.close, "equity": point.equity,
            "capital": point.capital, "profit": point.equity - point.capital,
        }
        for name, life in sorted(lives.items()) for point in life.records.points
        if point.written and point.closed >= since
    ]  # fmt: skip


def daily_pnl(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each strategy and UTC day with a fill."""
    days: dict[tuple[str, str], Row] = {}
    for name, life in lives.items():
        for fill in life.records.fills:
            if fill.filled_ms < 1000 * since:
                continue
            day = datetime.fromtimestamp(fill.filled_ms // 1000, UTC).date().isoformat()
            row = days.setdefault((name, day), {
                "strategy_id": name, "day": day, "mode": "paper", "quote": case.quote, "total_trades": 0,
                "pnl": Decimal(0), "fees": Decimal(0),
            })  # fmt: skip
            row["total_trades"] += 1
            row["pnl"] += fill.pnl or 0
            row["fees"] += fill.fee_quote
    return [row for _, row in sorted(days.items())]


def leaderboard(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """Strategies with their place by total return; equals share one."""
    rows = strategy_performance(case, lives, since)
    returns = [row["total_return"] for row in rows]
    return [
        {"place": 1 + sum(other > row["total_return"] for other in returns), "strategy_id": row["strategy_id"]}
        | {name: row[name] for name in RANKED}
        for row in rows
    ]


def daily_summaries(lives: Mapping[str, Life]) -> list[Row]:
    """One row for each run and UTC day of its closes; midnight belongs to the day before.

    Its equity begins with that of the midnight before, on the first day with what the run has found.
    """
    days: dict[tuple[str, int], list[tuple[Point, Decision]]] = {}
    begun: dict[tuple[str, int], Decimal] = {}  # with what profit
    for name, life in lives.items():
        before = Decimal(0)
        for point, decision in zip(life.records.points, life.records.decisions, strict=True):
            key = (f"{name}.{point.run}", (point.closed - 1) // DAY * DAY)
            days.setdefault(key, []).append((point, decision))
            begun.setdefault(key, before)
            before = point.equity - point.capital
    return [_day(*key, begun[key], found) for key, found in days.items()]


def _day(run_id: str, day: int, begun: Decimal, found: list[tuple[Point, Decision]]) -> Row:
    points, decisions = zip(*found, strict=True)
    last = points[-1]
    equities = [last.capital + begun, *(point.equity for point in points)]
    part = Stretch(day, begun, last.capital, points, decisions, [], [])
    return {
        "run_id": run_id, "timestamp": day, "strategy_id": run_id.rsplit(".", 1)[0], "equity": last.equity,
        "capital": last.capital, "close": last.close, "high": max(equities), "low": min(equities),
        "deepest_fall": deepest(part), "decided": len(decisions), "held": sum(each.held for each in decisions),
        "points": sum(point.written for point in points),
    }  # fmt: skip


def fleet_totals(case: Case, lives: Mapping[str, Life]) -> Row:
    """The sums over all strategies, the removed ones too."""
    rows = strategy_performance(case, lives, 0)
    summed = ("total_trades", "round_trips", "total_pnl", "open_pnl", "fees", "capital", "equity")
    return {
        "quote": case.quote,
        "strategies": len(rows),
        "removed": sum(not life.enabled for life in lives.values()),
    } | {name: sum(row[name] for row in rows) for name in summed}


VIEWS = {
    "strategy_performance": (strategy_performance, ("strategy_id",)),
    "run_performance": (run_performance, ("run_id",)),
    "round_trips": (round_trips, ("strategy_id", "round_trip")),
    "equity_curve": (equity_curve, ("strategy_id", "timestamp")),
    "daily_pnl": (daily_pnl, ("strategy_id", "day")),
    "leaderboard": (leaderboard, ("strategy_id",)),
    "monthly_returns": (portfolio.monthly_returns, ("strategy_id", "month")),
    "exit_reasons": (portfolio.exit_reasons, ("strategy_id", "exit_code")),
    "buy_and_hold": (portfolio.buy_and_hold, ("strategy_id",)),
    "exposure": (portfolio.exposure, ("scope",)),
    "overlap": (portfolio.overlap, ("strategy_id",)),
}
