"""Positions: what a strategy has and where it stands, as the database knows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.database import Database, Row, Transaction
from domain.codes import Code, Why
from domain.holding import Holding
from domain.ledger import Ledger
from domain.money import decimal, real
from domain.position import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyPosition:
    """One strategy. `decided_timestamp`: the newest decided candle."""

    strategy_id: str
    run_id: str
    state: str
    failures: int
    decided_timestamp: int | None
    capital: Decimal
    position: Position

    @property
    def active(self) -> bool:
        """Whether it may decide: it was not disabled after failures."""
        return self.state == "active"


def holding(db: Database) -> set[str]:
    """The strategies that hold something."""
    return {row["strategy_id"] for row in db.read("positions_holding")}


def load(db: Database | Transaction, strategy_ids: Iterable[str]) -> dict[str, StrategyPosition]:
    """Those of the known ones among these strategies."""
    rows = db.read_each("positions_load", [{"strategy_id": each} for each in strategy_ids])
    return {row["strategy_id"]: _loaded(row) for row in rows}


def columns(strategy_id: str, position: Position) -> dict[str, Any]:
    """What a strategy has after a turn, as `positions_save` takes it; raises ValueError for money of more than 15
    digits.
    """
    ledger, holding = position.ledger, position.holding
    due = None if holding is None else holding.due
    return {
        "strategy_id": strategy_id,
        "qty": real(ledger.qty),
        "cost": real(ledger.cost),
        "cash": real(ledger.cash),
        "realised_pnl": real(ledger.realised_pnl),
        "round_trip": position.round_trips,
        "entry_timestamp": None if holding is None else holding.entry_timestamp,
        "entry_run_id": None if holding is None else holding.run_id,
        "due_code": None if due is None else due.code.value,
        "due_reason": None if due is None else due.text,
        "trailing_distance": _stored(holding, "trailing"),
        **{name: _stored(holding, name) for name in ("entry_price", "stop", "target", "high_water")},
    }


def _stored(holding: Holding | None, name: str) -> float | None:
    """One price of a holding as it is stored."""
    value: Decimal | None = getattr(holding, name, None)
    return None if value is None else real(value)


def _loaded(row: Row) -> StrategyPosition:
    ledger = Ledger(*(decimal(row[name]) for name in ("qty", "cost", "cash", "realised_pnl")))
    holding = None if row["entry_timestamp"] is None else _holding(row)
    return StrategyPosition(
        strategy_id=row["strategy_id"],
        run_id=row["run_id"],
        state=row["state"],
        failures=row["failures"],
        decided_timestamp=row["decided_timestamp"],
        capital=decimal(row["capital"]),
        position=Position(ledger=ledger, holding=holding, round_trips=row["round_trip"]),
    )


def _holding(row: Row) -> Holding:
    levels = {"stop": row["stop"], "target": row["target"], "trailing": row["trailing_distance"]}
    return Holding(
        entry_timestamp=row["entry_timestamp"],
        entry_price=decimal(row["entry_price"]),
        run_id=row["entry_run_id"],
        round_trip=row["round_trip"],
        high_water=decimal(row["high_water"]),
        due=None if row["due_code"] is None else Why(Code(row["due_code"]), row["due_reason"]),
        **{name: None if value is None else decimal(value) for name, value in levels.items()},
    )
