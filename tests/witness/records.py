"""What a life leaves behind: decisions, fills, round trips and equity."""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.witness.entering import Levels

LEAVING = ("stop", "trailing_stop", "target", "time_limit", "exit_signal")
STAYING = ("no_entry", "holding", "undefined", "residue")
ACTIONS = dict.fromkeys(LEAVING, "exit") | dict.fromkeys(STAYING, "hold") | {"signal": "enter", "stale": "stale"}


@dataclass
class Decision:
    """What was done on a bar and why, under which run, and whether a position was held at its close."""

    timestamp: int
    closed: int
    code: str
    values: dict[str, float]
    run: int
    held: bool
    close: float
    late: bool

    @property
    def action(self) -> str:
        """What the code means."""
        return ACTIONS.get(self.code, "blocked")


@dataclass
class Fill:
    """A trade: `timestamp` opens the bar in which it filled; pnl and released cost are None on buys."""

    side: str
    timestamp: int
    filled_ms: int
    price: Decimal
    qty: Decimal
    fee: Decimal
    in_coins: bool
    fee_quote: Decimal
    slippage: Decimal
    late: bool
    run: int
    entry_run: int
    trip: int
    pnl: Decimal | None = None
    released: Decimal | None = None


@dataclass
class Trip:
    """A closed round trip: its entry and its last exit."""

    entry: Fill
    exit: Fill
    entry_cost: Decimal
    pnl: Decimal
    levels: Levels
    code: str


@dataclass
class Point:
    """The equity at a bar's close, and the capital that was paid in until then; `written` where it differs."""

    timestamp: int
    closed: int
    cash: Decimal
    qty: Decimal
    close: Decimal
    equity: Decimal
    capital: Decimal
    run: int
    written: bool


@dataclass
class Records:
    """All of a strategy's life in order."""

    decisions: list[Decision] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
