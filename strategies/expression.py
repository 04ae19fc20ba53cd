"""The language of rules: what an expression is, and what it is worth on every bar of a window.

Numbers may be undefined (NaN: the window is too short), conditions then are not known, and what is not known to be true
is not acted on.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np

from domain import catalogue
from domain.catalogue import SOURCES, Arguments
from domain.units import RATIO, Unit
from strategies.crossing import crosses_above
from strategies.indicators import Indicators
from strategies.smoothing import Column, Mask, before


def _quotient(left: Column, right: Column) -> Column:
    """A division by zero is undefined."""
    found = np.full(len(left), np.nan)
    np.divide(left, right, out=found, where=right != 0)
    return found


@lru_cache(maxsize=256)
def _constant(number: float, bars: int) -> Column:
    """A number on so many bars."""
    found = np.full(bars, number)
    found.setflags(write=False)
    return found


ARITHMETIC: Mapping[str, Callable[[Column, Column], Column]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient}
)
COMPARISONS: Mapping[str, Callable[[Column, Column], Any]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
)


class Truth(NamedTuple):
    """Where a condition is known to hold, and where it is known not to: masks over a window, which never both hold."""

    true: Mask
    false: Mask

    @classmethod
    def of(cls, holds: Mask, known: Mask) -> "Truth":
        """What holds, where it is known."""
        true = holds & known
        return cls(true, true ^ known)

    @property
    def unknown(self) -> Mask:
        """Where something in it is undefined, so that it may be either."""
        found: Mask = ~(self.true | self.false)
        return found

    def at(self, place: int) -> bool | None:
        """What it is on a bar; None where it is not known."""
        return True if self.true[place] else False if self.false[place] else None


class Number(Protocol):
    """An expression that is worth a number."""

    def column(self, indicators: Indicators) -> Column:
        """Its worth on every bar, NaN where undefined."""

    def leaves(self) -> Iterator["Price | Reading"]:
        """The prices and indicators it reads."""

    def lookback(self, back: int = 0) -> int:
        """Bars that must be there for its worth on a bar."""

    @property
    def unit(self) -> Unit | None:
        """Its unit; None for plain numbers, and for what is made of units that do not fit each other."""


class Condition(Protocol):
    """An expression that is true, false, or not known."""

    def truth(self, indicators: Indicators) -> Truth:
        """Where it holds."""

    def leaves(self) -> Iterator["Price | Reading"]:
        """The prices and indicators it reads."""

    @property
    def lookback(self) -> int:
        """Bars that must be there."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number as it stands."""

    number: float

    def column(self, indicators: Indicators) -> Column:
        """Itself, on every bar."""
        return _constant(self.number, len(indicators))

    def leaves(self) -> Iterator["Price | Reading"]:
        """Nothing is read."""
        return iter(())

    def lookback(self, _back: int = 0) -> int:
        """No bar."""
        return 0

    @property
    def unit(self) -> Unit | None:
        """None: it fits every unit."""
        return None


@dataclass(frozen=True, slots=True)
class Price:
    """A column of the candles, `shift` bars before."""

    name: str
    shift: int = 0

    def __str__(self) -> str:
        return self.name + (f"[{self.shift}]" if self.shift else "")

    def column(self, indicators: Indicators) -> Column:
        """Its worth on every bar; undefined on the first ones of the window, before which nothing is seen."""
        return before(indicators.read(self.name), self.shift)

    def leaves(self) -> Iterator["Price | Reading"]:
        """Itself."""
        yield self

    def lookback(self, back: int = 0) -> int:
        """The bar itself and those before."""
        return self.shift + back + 1

    @property
    def unit(self) -> Unit:
        """Price or volume."""
        return SOURCES[self.name]


@dataclass(frozen=True, slots=True)
class Reading:
    """An output of an indicator, `shift` bars before. `text` is how it was written; `source` the column that it is of,
    where that was said.
    """

    name: str
    args: Arguments
    output: str | None
    text: str
    shift: int = 0
    source: str | None = None

    def __str__(self) -> str:
        return self.text

    def column(self, indicators: Indicators) -> Column:
        """Its worth on every bar."""
        return before(indicators(self.name, *self.args, output=self.output, source=self.source), self.shift)

    def leaves(self) -> Iterator["Price | Reading"]:
        """Itself."""
        yield self

    def lookback(self, back: int = 0) -> int:
        """What the indicator needs, and the bars before; one bar before lies within what a recursive one needs."""
        entry = catalogue.entry(self.name)
        before = self.shift + back
        return entry.bars(self.args) + max(before - entry.recursive, 0)

    @property
    def unit(self) -> Unit:
        """That of the output."""
        return catalogue.entry(self.name).unit(self.output, self.source)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers made one."""

    sign: str
    left: Number
    right: Number

    def column(self, indicators: Indicators) -> Column:
        """Its worth on every bar."""
        left, right = self.left.column(indicators), self.right.column(indicators)
        with np.errstate(over="ignore", invalid="ignore"):  # of numbers beyond 1e308, which are none either
            return ARITHMETIC[self.sign](left, right)

    def leaves(self) -> Iterator[Price | Reading]:
        """What both sides read."""
        yield from self.left.leaves()
        yield from self.right.leaves()

    def lookback(self, back: int = 0) -> int:
        """What both sides need."""
        return max(self.left.lookback(back), self.right.lookback(back))

    @property
    def unit(self) -> Unit | None:
        """That of the result."""
        left, right = self.left.unit, self.right.unit
        if self.sign in "+-":
            return left if right is None or left == right else right if left is None else None
        if right is None:
            return left
        return (left or RATIO).times(right) if self.sign == "*" else (left or RATIO).per(right)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number against another."""

    sign: str
    left: Number
    right: Number

    def truth(self, indicators: Indicators) -> Truth:
        """Where it holds."""
        left, right = self.left.column(indicators), self.right.column(indicators)
        return Truth.of(COMPARISONS[self.sign](left, right), np.isfinite(left) & np.isfinite(right))

    def leaves(self) -> Iterator[Price | Reading]:
        """What both sides read."""
        yield from self.left.leaves()
        yield from self.right.leaves()

    @property
    def lookback(self) -> int:
        """What both sides need."""
        return max(self.left.lookback(), self.right.lookback())


@dataclass(frozen=True, slots=True)
class Crossing:
    """The left number crosses above the right one; below it where not `above`."""

    above: bool
    left: Number
    right: Number

    def truth(self, indicators: Indicators) -> Truth:
        """Where it happens; known where both sides are defined on the bar before as well."""
        left, right = self.left.column(indicators), self.right.column(indicators)
        defined = np.isfinite(left) & np.isfinite(right)
        known = np.zeros_like(defined)
        known[1:] = defined[1:] & defined[:-1]
        return Truth.of(crosses_above(left, right) if self.above else crosses_above(right, left), known)

    def leaves(self) -> Iterator[Price | Reading]:
        """What both sides read."""
        yield from self.left.leaves()
        yield from self.right.leaves()

    @property
    def lookback(self) -> int:
        """What both sides need, on the bar before as well."""
        return max(self.left.lookback(1), self.right.lookback(1))


@dataclass(frozen=True, slots=True)
class All:
    """Every one of several conditions."""

    parts: tuple[Condition, ...]

    def truth(self, indicators: Indicators) -> Truth:
        """Where all hold. Not where one is false, whatever is not known of the others."""
        found = [part.truth(indicators) for part in self.parts]
        return Truth(reduce(operator.and_, (each.true for each in found)),
                     reduce(operator.or_, (each.false for each in found)))  # fmt: skip

    def leaves(self) -> Iterator[Price | Reading]:
        """What all parts read."""
        for part in self.parts:
            yield from part.leaves()

    @property
    def lookback(self) -> int:
        """What all parts need."""
        return max(part.lookback for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; what is not known stays so."""

    part: Condition

    def truth(self, indicators: Indicators) -> Truth:
        """Where the part is known not to hold."""
        found = self.part.truth(indicators)
        return Truth(true=found.false, false=found.true)

    def leaves(self) -> Iterator[Price | Reading]:
        """What the part reads."""
        return self.part.leaves()

    @property
    def lookback(self) -> int:
        """What the part needs."""
        return self.part.lookback


def any_of(parts: tuple[Condition, ...]) -> Condition:
    """At least one of several conditions: not all of their opposites."""
    return Not(All(tuple(map(Not, parts))))
