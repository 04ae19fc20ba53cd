"""What a strategy wishes, and the terms on which its wishes are traded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from domain.money import ZERO, cent_for

NOTHING: Mapping[str, float] = MappingProxyType({})


class Action(StrEnum):
    """What the trader made of a signal on one candle."""

    ENTER = "enter"
    EXIT = "exit"
    HOLD = "hold"
    BLOCKED = "blocked"
    STALE = "stale"
    FAILED = "failed"


class Check(StrEnum):
    """Where exits are tested: against the close, or against resting orders within the bar."""

    CLOSE = "close"
    INTRABAR = "intrabar"


@dataclass(frozen=True, slots=True)
class Signal:
    """What a strategy wishes on the newest bar of its window, and why.

    `entry` and `exit` hold the reason in words where the condition is met, else None; both are told whether or not a
    position is held. `reason` says in words what was seen when nothing is wished. `indicators` are the values looked
    at, by name; an indicator that is undefined is left out, and `undefined` says that there is one.
    """

    entry: str | None = None
    exit: str | None = None
    reason: str = ""
    indicators: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    undefined: bool = False


@dataclass(frozen=True, slots=True)
class Distance:
    """How far from the entry price: `value` as a fraction of it, or as a multiple of ATR(`atr`) at entry."""

    value: Decimal
    atr: int | None = None

    def __str__(self) -> str:
        return f"{self.value} atr({self.atr})" if self.atr else f"{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exits:
    """When a position is closed whatever the strategy says. None: not at all. `max_bars` counts from the entry bar."""

    stop: Distance | None = None
    target: Distance | None = None
    trailing: Distance | None = None
    max_bars: int | None = None
    check: Check = Check.CLOSE


class StakeKind(StrEnum):
    """How the size of an entry is found."""

    FIXED = "fixed"
    FRACTION = "fraction"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Stake:
    """`fixed`: quote currency; `fraction`: part of equity; `risk`: part of equity lost when the stop is hit."""

    kind: StakeKind
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run trades on: money, size, exits, costs. `slippage_bps` moves every fill against us.

    `taker`, `maker` (fractions, None: the market's own) and `min_cost` (quote currency, where the market states none)
    are what the configuration says of the exchange: they reach the fills by the market's description.
    """

    capital: Decimal
    stake: Stake
    exits: Exits
    slippage_bps: Decimal
    warmup: int
    taker: Decimal | None = None
    maker: Decimal | None = None
    min_cost: Decimal = ZERO

    @property
    def cent(self) -> Decimal:
        """The unit to which amounts in quote currency are rounded."""
        return cent_for(self.capital)
