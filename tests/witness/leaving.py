"""When a position is left within or at the close of a bar, at which price, and for which fee."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tests.witness.bars import Bar
from tests.witness.entering import Levels
from tests.witness.numbers import exact
from tests.witness.terms import Exits


class Leave(NamedTuple):
    """Why a position is left; the price of an order that rested, None for the close; `rested`: at the maker's fee."""

    code: str
    price: Decimal | None = None
    rested: bool = False


@dataclass
class Position:
    """What an open position remembers; `entered` opened its first bar."""

    entered: int
    price: Decimal
    levels: Levels
    high: Decimal
    run: int
    trip: int

    def stop(self) -> tuple[Decimal | None, str]:
        """The higher of the fixed and the trailing stop, and which of them it is."""
        fixed = self.levels.stop
        trailing = None if self.levels.trailing_distance is None else self.high - self.levels.trailing_distance
        if trailing is not None and (fixed is None or trailing > fixed):
            return trailing, "trailing_stop"
        return fixed, "stop"


def leaving(position: Position, exits: Exits, bar: Bar, step: int, *, signal: bool) -> Leave | None:
    """The first reason to leave on this bar, None to stay; missing bars pass too, each of `step` seconds."""
    level = _intrabar(position, bar) if exits.intrabar else _closing(position, bar)
    if level:
        return level
    if exits.max_bars is not None and (bar.timestamp - position.entered) // step >= exits.max_bars:
        return Leave("time_limit")
    return Leave("exit_signal") if signal else None


def _closing(position: Position, bar: Bar) -> Leave | None:
    close, (stop, which), target = exact(bar.close), position.stop(), position.levels.target
    if stop is not None and close <= stop:
        return Leave(which)
    return Leave("target") if target is not None and close >= target else None


def _intrabar(position: Position, bar: Bar) -> Leave | None:
    (stop, which), target = position.stop(), position.levels.target
    if stop is not None and exact(bar.open) <= stop:
        return Leave(which, exact(bar.open))
    if stop is not None and exact(bar.low) <= stop:
        return Leave(which, stop)
    if target is not None and exact(bar.high) >= target:
        return Leave("target", max(exact(bar.open), target), rested=True)
    return None
