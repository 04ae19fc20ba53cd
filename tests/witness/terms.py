"""What a strategy of the witness is: its rule, money, exits and market, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from tests.witness.seen import Seen

Test = Callable[[Seen], bool | None]
Value = Callable[[Seen], float]


@dataclass(frozen=True)
class Market:
    """What may be traded and how; fees as fractions, `coins` where a buy's fee is taken from what is bought."""

    amount_step: Decimal
    price_tick: Decimal
    min_amount: Decimal
    min_cost: Decimal
    maker: Decimal
    taker: Decimal
    coins: bool


@dataclass(frozen=True)
class Distance:
    """A fraction of the entry price, or so many times the ATR of that length at the entry."""

    value: Decimal
    atr: int = 0


@dataclass(frozen=True)
class Exits:
    """Levels and limits of a position; intrabar: orders rest at the exchange."""

    stop: Distance | None = None
    target: Distance | None = None
    trailing: Distance | None = None
    max_bars: int | None = None
    intrabar: bool = False


@dataclass(frozen=True)
class Brain:
    """A kind of strategy: the configuration's words for it, its warm-up, its rules and what it shows of a window."""

    words: str
    warmup: int
    enter: Test
    leave: Test
    shown: dict[str, Value]
    exits: Exits = field(default_factory=Exits)


@dataclass(frozen=True)
class Terms:
    """One configuration of a strategy: a run."""

    brain: Brain
    capital: Decimal
    stake: tuple[str, Decimal]
    exits: Exits
    market: Market
    slippage_bps: Decimal = Decimal(5)
    warmup: int = 0  # 0: what the brain and the exits need

    @property
    def kind(self) -> str:
        """Its kind in the configuration's words."""
        return self.brain.words.split()[1]

    @property
    def window(self) -> int:
        """Bars that the strategy sees."""
        needed = [each.atr * 23 for each in (self.exits.stop, self.exits.target, self.exits.trailing) if each]
        return self.warmup or max(self.brain.warmup, *needed, 2)
