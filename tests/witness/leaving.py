"""When a position is left within or at the close of a bar, at which price, and for which fee."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tests.witness.bars import Bar
from tests.witness.entering import Levels
from tests.witness.numbers import exact
from tests.witness.terms import Exits


class Leave(NamedTuple):
    """Why a position is left; a price where orders rested, None for the close; `rested`: no slippage, maker's fee."""

    reason: str
    price: Decimal | None = None
    rested: bool = False


@dataclass
class Position:
    """What an open position remembers."""

    place: int
    price: Decimal
    levels: Levels
    high: Decimal
    run: int
    trip: int

    def stop(self) -> Decimal | None:
        """The higher of the fixed and the trailing stop."""
        trailing = None if self.levels.trailing is None else self.high - self.levels.trailing
        known = [level for level in (self.levels.stop, trailing) if level is not None]
        return max(known, default=None)


def leaving(position: Position, exits: Exits, bar: Bar, place: int, *, signal: bool) -> Leave | None:
    """The first reason to leave on this bar, None to stay."""
    level = _intrabar(position, bar) if exits.intrabar else _closing(position, bar)
    if level:
        return level
    if exits.max_bars is not None and place - position.place >= exits.max_bars:
        return Leave("time_limit")
    return Leave("exit_signal") if signal else None


def _closing(position: Position, bar: Bar) -> Leave | None:
    close, stop, target = exact(bar.close), position.stop(), position.levels.target
    if stop is not None and close <= stop:
        return Leave("stop")
    return Leave("target") if target is not None and close >= target else None


def _intrabar(position: Position, bar: Bar) -> Leave | None:
    stop, target = position.stop(), position.levels.target
    if stop is not None and exact(bar.open) <= stop:
        return Leave("stop", exact(bar.open))
    if stop is not None and exact(bar.low) <= stop:
        return Leave("stop", stop)
    if target is not None and exact(bar.high) >= target:
        return Leave("target", max(exact(bar.open), target), rested=True)
    return None
