"""What is walked: a stretch of recorded candles, a market, strategies, and what happens to the trader meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.witness.bars import Bar, Gap
from tests.witness.terms import Market, Terms


class Walk(NamedTuple):
    """A turn at the close of each of so many candles."""

    count: int


class Away(NamedTuple):
    """So many candles come while nobody trades; then one turn, so many seconds after the last close."""

    count: int
    late: float = 1.0


class Live(NamedTuple):
    """A trader's process looks a second after the close of each of so many candles, the first time after `unseen`."""

    count: int
    unseen: int = 0


class Order(NamedTuple):
    """A person types a verb (pause, resume, stop, start, exit; halt or release for the kill switch) for some."""

    verb: str
    names: Sequence[str] = ()


class Vanish(NamedTuple):
    """The exchange does not list the market any more, until the next candle comes."""


class Describe(NamedTuple):
    """The exchange describes the market otherwise."""

    market: Market


class Replay(NamedTuple):
    """`fleet trade --replay` of all candles from a place on; those before it are there already."""

    count: int
    begin: int


class Change(NamedTuple):
    """New terms of some strategies."""

    terms: Mapping[str, Terms]


class Remove(NamedTuple):
    """The files of some strategies are gone."""

    names: Sequence[str]


Step = Walk | Away | Live | Replay | Change | Remove | Order | Vanish | Describe


@dataclass(frozen=True)
class Case:
    """A life of some strategies on one series."""

    name: str
    series: tuple[str, str, str]
    step: int
    bars: Sequence[Bar]
    terms: Mapping[str, Terms]
    market: Market | None
    gaps: Sequence[Gap] = ()
    script: Sequence[Step] = ()
    settings: str = ""  # lines of fleet.yaml
    moments: Sequence[int] = field(default_factory=tuple)
    brief: bool = False  # decisions that did nothing leave no row

    @property
    def quote(self) -> str:
        """The currency of its prices."""
        return self.series[1].split("/")[1]

    def named(self, strategy_id: str) -> dict[str, object]:
        """What every report says of a strategy."""
        exchange, symbol, timeframe = self.series
        return {
            "strategy_id": strategy_id, "mode": "paper", "quote": self.quote, "exchange": exchange, "symbol": symbol,
            "timeframe": timeframe,
        }  # fmt: skip

    @property
    def steps(self) -> Sequence[Step]:
        """What happens; a walk over everything unless the script says otherwise."""
        return self.script or [Walk(len(self.bars))]
