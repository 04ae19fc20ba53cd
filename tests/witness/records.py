"""What a life leaves behind: decisions, fills, round trips and equity."""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.witness.entering import Levels

LEAVING = ("stop", "trailing_stop", "target", "time_limit", "exit_signal")
NO_LEVELS = Levels(None, None, None)
BESIDE = {"manual": "manual", "delisted": "exit"}  # sales beside the decisions: what their orders are for
STAYING = ("no_entry", "holding", "undefined", "residue")
ACTIONS = dict.fromkeys(LEAVING, "exit") | dict.fromkeys(STAYING, "hold") | {"signal": "enter", "stale": "stale"}


@dataclass
class Decision:
    """What was done on a bar, why and when, under which run, and whether a position was held at its close.

    `stale`: too late for an entry; `missed`: not the newest bar then.
    """

    timestamp: int
    closed: int
    code: str
    values: dict[str, float]
    run: int
    held: bool
    close: float
    stale: bool
    missed: bool
    decided_ms: int

    @property
    def action(self) -> str:
        """What the code means."""
        kept = self.code == "unsellable" and self.held  # otherwise an entry that could not be sold again
        return "hold" if kept else ACTIONS.get(self.code, "blocked")


@dataclass
class Fill:
    """A trade, and why its order was sent: `timestamp` opens the bar in which it filled.

    `cost` is what a buy has paid or a sale released; pnl is None on buys, the levels on sales.
    """

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
    code: str
    decided_ms: int
    cost: Decimal
    pnl: Decimal | None = None
    levels: Levels = NO_LEVELS

    @property
    def purpose(self) -> str:
        """What its order was for."""
        return "entry" if self.side == "buy" else BESIDE.get(self.code, "exit")


@dataclass
class Trip:
    """A closed round trip: its entry and its sales; a later one is of what could not be sold before."""

    entry: Fill
    sales: list[Fill]

    @property
    def exit(self) -> Fill:
        """The last one."""
        return self.sales[-1]

    @property
    def pnl(self) -> Decimal:
        """The profit of all of them."""
        return sum((sale.pnl for sale in self.sales if sale.pnl is not None), Decimal(0))


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
