"""Differences between what the product wrote and what the witness says, in words; counts of what was compared."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from tests.witness.records import Decision, Fill, Point

Row = Mapping[str, Any]
FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN)  # digits that a stored number has at most


def same(theirs: object, ours: object) -> bool:
    """Equal to the last digit that can be stored, or within 1e-9 where ours is a float."""
    if theirs is None or ours is None:
        return theirs is ours
    if isinstance(ours, tuple):
        return theirs in ours
    if isinstance(ours, float):
        assert isinstance(theirs, int | float)
        return abs(theirs - ours) <= max(1e-9 * max(abs(theirs), abs(ours)), 1e-14)  # a fall of 1e-8 of a fortune
    return theirs == (float(FIFTEEN.plus(ours)) if isinstance(ours, Decimal) else ours)


def same_digits(theirs: float, ours: float | None, price: float) -> bool:
    """Equal but for one in the tenth significant digit, or what is float noise beside the price: sums have an order."""
    if ours is None or theirs == ours:
        return theirs == ours
    tenth = 10 ** (math.floor(math.log10(max(abs(theirs), abs(ours)))) - 9)
    return abs(theirs - ours) <= max(1.5 * tenth, 1e-14 * price)


def decided(decision: Decision, name: str) -> Row:
    """A decision as a row of `decisions`, but for what was seen."""
    return {"action": decision.action, "code": decision.code} | {
        "timestamp": decision.timestamp, "run_id": f"{name}.{decision.run}", "decided_ms": decision.decided_ms,
        "late": int(decision.missed), "held": int(decision.held),
    }  # fmt: skip


class Comparison:
    """What was compared, by kind, and what differed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.differences: list[str] = []

    def decisions(self, what: str, theirs: Sequence[Row], ours: Sequence[Decision]) -> None:
        """What was done on every bar, and what was seen there: to 10 digits, wherever it is enough to enter on."""
        name = what.split()[1]
        self.rows(f"{what} decisions", theirs, [decided(each, name) for each in ours])
        for their, our in zip(theirs, ours, strict=False):
            if our.action == "blocked":
                continue  # a window that is too short shows what its indicators' beginnings are
            seen, known = json.loads(their["indicators"]), our.values
            self.counts["values"] += len(known)
            equal = seen.keys() == known.keys()
            if not equal or any(not same_digits(seen[name], known[name], our.close) for name in known):
                self.differences.append(f"{what} values {their['timestamp']}: {seen}, should be {known}")

    def rows(self, what: str, theirs: Iterable[Row], ours: Iterable[Row]) -> None:
        """The same rows in the same order; only the columns that ours has."""
        left, right = list(theirs), list(ours)
        if len(left) != len(right):
            self.differences.append(f"{what}: {len(left)} rows, should be {len(right)}")
        for number, (their, our) in enumerate(zip(left, right, strict=False)):
            self.row(f"{what} {number}", their, our)
            self.counts[what.rsplit(maxsplit=1)[-1]] += 1

    def row(self, what: str, theirs: Row, ours: Row) -> None:
        """The columns that ours has."""
        wrong = [
            f"{name} {theirs.get(name, 'missing')} should be {value}"
            for name, value in ours.items()
            if name not in theirs or not same(theirs[name], value)
        ]
        if wrong:
            self.differences.append(f"{what}: {', '.join(wrong)} {where(theirs)}")


def where(row: Row) -> str:
    """Where a row that differs stands, and why the product says it did so."""
    return " ".join(f"{name}={row[name]}" for name in ("timestamp", "action", "reason") if name in row)


def filled(fill: Fill, base: str, quote: str, run: str) -> Row:
    """A fill as a row of `trades`."""
    return {
        "side": fill.side, "timestamp": fill.timestamp, "filled_ms": fill.filled_ms, "price": fill.price,
        "qty": fill.qty, "fee": fill.fee, "fee_currency": base if fill.in_coins else quote,
        "fee_quote": fill.fee_quote, "slippage": fill.slippage, "late": int(fill.late), "pnl": fill.pnl,
        "pnl_percent": None if fill.pnl is None else float(round(100 * fill.pnl / fill.cost, 8)), "cost": fill.cost,
        "round_trip": fill.trip, "run_id": f"{run}.{fill.run}", "entry_run_id": f"{run}.{fill.entry_run}",
        **fill.levels._asdict(),
    }  # fmt: skip


def ordered(fill: Fill, run: str) -> Row:
    """Its order as a row of `orders`."""
    return {
        "run_id": f"{run}.{fill.run}", "timestamp": fill.timestamp, "purpose": fill.purpose, "side": fill.side,
        "code": fill.code, "price": fill.price, "qty": fill.qty, "created_ms": fill.decided_ms,
        "filled_ms": fill.filled_ms, "status": "filled",
    }  # fmt: skip


def marked(point: Point, run: str) -> Row:
    """A point as a row of `equity`."""
    return {
        "timestamp": point.timestamp, "run_id": f"{run}.{point.run}", "cash": point.cash, "qty": point.qty,
        "close": point.close, "equity": point.equity,
    }  # fmt: skip
