"""The rows of further reports: months, reasons of exits, holding the coin, what the fleet holds, drawdowns."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.witness.case import Case
from tests.witness.life import Life
from tests.witness.measures import DAY, deepest, stretch
from tests.witness.records import Point, Trip

Row = dict[str, Any]


def whose(case: Case, name: str) -> Row:
    """Of a row: the strategy and its currency."""
    return {"strategy_id": name, "mode": "paper", "quote": case.quote}


def monthly_returns(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each strategy and month of its days; midnight belongs to the day before."""
    found = []
    for name, life in lives.items():
        part = stretch(life.records, case.step, life.first_capital, since)
        assert part is not None
        ends: dict[int, Point] = {}
        for point in life.records.points:
            day = datetime.fromtimestamp((point.closed - 1) // DAY * DAY, UTC)
            if day.timestamp() + DAY > since:
                ends[100 * day.year + day.month] = point
        before = part.found
        for month, point in ends.items():
            profit = point.equity - point.capital - before
            gain = float(profit / (point.capital + before))
            found.append(whose(case, name) | {"month": month, "profit": profit, "return": gain, "equity": point.equity})
            before += profit
    return found


def exit_reasons(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """One row for each strategy and reason of its exits."""
    trips: dict[tuple[str, str], list[Trip]] = {}
    for name, life in lives.items():
        for trip in life.records.trips:
            if trip.exit.filled_ms >= 1000 * since:
                trips.setdefault((name, trip.exit.code), []).append(trip)
    return [
        whose(case, name)
        | {"exit_code": code, "round_trips": len(each), "wins": sum(trip.pnl > 0 for trip in each)}
        | {"total_pnl": sum(trip.pnl for trip in each), "avg_bars": sum(bars(case, each)) / len(each)}
        | {"avg_return": sum(float(trip.pnl / trip.entry.cost) for trip in each) / len(each)}
        for (name, code), each in trips.items()
    ]


def bars(case: Case, trips: Sequence[Trip]) -> list[int]:
    """How long each lasted."""
    return [(trip.exit.timestamp - trip.entry.timestamp) // case.step for trip in trips]


def buy_and_hold(case: Case, lives: Mapping[str, Life], since: int) -> list[Row]:
    """Each strategy beside one that buys at its start, without a fee."""
    found = []
    for name, life in lives.items():
        part = stretch(life.records, case.step, life.first_capital, since)
        assert part is not None
        newest = life.records.points[-1]
        earlier = [bar.close for bar in case.bars if bar.timestamp + case.step <= part.start]
        first = earlier[-1] if earlier else next(bar.open for bar in case.bars if bar.timestamp >= part.start)
        held, own = float(newest.close) / first - 1, float(newest.equity / (newest.capital + part.found)) - 1
        found.append(
            whose(case, name)
            | {"start_timestamp": part.start, "end_timestamp": newest.closed, "first_price": first}
            | {"last_price": newest.close, "strategy_return": own, "hold_return": held, "ahead": own - held}
        )
    return found


def holding(lives: Mapping[str, Life]) -> dict[str, Life]:
    """The lives that count for what is held now."""
    return {name: life for name, life in lives.items() if life.enabled or life.ledger.qty > 0}


def exposure(case: Case, lives: Mapping[str, Life], _since: int) -> list[Row]:
    """What is held of the coin, at the exchange, and in all: one series, so that all three are the same."""
    found = holding(lives).values()
    equity, value = sum(equities(found), Decimal(0)), sum(values(found), Decimal(0))
    row = {
        "mode": "paper", "quote": case.quote, "strategies": len(found), "value": value, "equity": equity,
        "holding": sum(life.ledger.qty > 0 for life in found), "share": float(value / equity),
        "open_pnl": sum((life.open_pnl() for life in found), Decimal(0)),
    }  # fmt: skip
    names = {"coin": case.series[1].split("/")[0], "exchange": case.series[0], "fleet": "all"}
    return [{"scope": scope, "name": name} | row for scope, name in names.items()]


def equities(lives: Collection[Life]) -> list[Decimal]:
    """Of each its newest equity."""
    return [life.records.points[-1].equity for life in lives]


def values(lives: Collection[Life]) -> list[Decimal]:
    """Of each what its position is worth at the newest close."""
    return [life.records.points[-1].equity - life.ledger.cash for life in lives]


def overlap(case: Case, lives: Mapping[str, Life], _since: int) -> list[Row]:
    """Every strategy on the coin, where there are others."""
    found = holding(lives)
    told = {"trading": len(found), "holding": sum(life.ledger.qty > 0 for life in found.values())}
    rows = [
        case.named(name) | told | {"coin": case.series[1].split("/")[0], "open_qty": life.ledger.qty, "value": value}
        for (name, life), value in zip(found.items(), values(found.values()), strict=True)
    ]
    return rows if len(rows) > 1 else []


def deepest_drawdowns(case: Case, lives: Mapping[str, Life]) -> list[Row]:
    """The deepest fall of each strategy that fell at all."""
    found = []
    for name, life in sorted(lives.items()):
        part = stretch(life.records, case.step, life.first_capital, 0)
        assert part is not None
        depth = deepest(part)
        found += [whose(case, name) | {"depth": depth}] if depth else []
    return found
