"""The language of rules: what an expression is, and what it is worth on a bar.

Numbers may be undefined (NaN: the window is too short), conditions then are None, and what is not known to be true is
not acted on. `back` counts bars: 0 is the newest one.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, nan
from types import MappingProxyType
from typing import Protocol

from domain import catalogue
from domain.catalogue import SOURCES, Arguments
from domain.units import RATIO, Unit
from strategies.indicators import Indicators
from strategies.smoothing import Column

ARITHMETIC: Mapping[str, Callable[[float, float], float]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
)
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
)


class Number(Protocol):
    """An expression that is worth a number."""

    def value(self, indicators: Indicators, back: int = 0) -> float:
        """Its worth on a bar, NaN while undefined."""

    def leaves(self) -> Iterator["Price | Reading"]:
        """The prices and indicators it reads."""

    def lookback(self, back: int = 0) -> int:
        """Bars that must be there for its worth on a bar."""

    @property
    def unit(self) -> Unit | None:
        """Its unit; None for plain numbers, and for what is made of units that do not fit each other."""


class Condition(Protocol):
    """An expression that is true, false, or not known."""

    def holds(self, indicators: Indicators) -> bool | None:
        """Whether it holds on the newest bar, None while something in it is undefined."""

    def leaves(self) -> Iterator["Price | Reading"]:
        """The prices and indicators it reads."""

    @property
    def lookback(self) -> int:
        """Bars that must be there."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number as it stands."""

    number: float

    def value(self, _indicators: Indicators, _back: int = 0) -> float:
        """Itself."""
        return self.number

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

    column: str
    shift: int = 0

    def __str__(self) -> str:
        return self.column + (f"[{self.shift}]" if self.shift else "")

    def value(self, indicators: Indicators, back: int = 0) -> float:
        """Its worth on a bar."""
        return _at(indicators.read(self.column), self.shift + back)

    def leaves(self) -> Iterator["Price | Reading"]:
        """Itself."""
        yield self

    def lookback(self, back: int = 0) -> int:
        """The bar itself and those before."""
        return self.shift + back + 1

    @property
    def unit(self) -> Unit:
        """Price or volume."""
        return SOURCES[self.column]


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

    def value(self, indicators: Indicators, back: int = 0) -> float:
        """Its worth on a bar."""
        found = indicators(self.name, *self.args, output=self.output, source=self.source)
        return _at(found, self.shift + back)

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
    """Two numbers made one. A division by zero is undefined."""

    sign: str
    left: Number
    right: Number

    def value(self, indicators: Indicators, back: int = 0) -> float:
        """Its worth on a bar."""
        try:
            return ARITHMETIC[self.sign](self.left.value(indicators, back), self.right.value(indicators, back))
        except ZeroDivisionError:
            return nan

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

    def holds(self, indicators: Indicators) -> bool | None:
        """Whether it holds on the newest bar."""
        left, right = self.left.value(indicators), self.right.value(indicators)
        return COMPARISONS[self.sign](left, right) if isfinite(left) and isfinite(right) else None

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
    """At the bar before left ≤ right, at this bar left > right; the other way round where not `above`."""

    above: bool
    left: Number
    right: Number

    def holds(self, indicators: Indicators) -> bool | None:
        """Whether it happened on the newest bar."""
        low, high = (self.left, self.right) if self.above else (self.right, self.left)
        values = [side.value(indicators, back) for back in (1, 0) for side in (low, high)]
        return values[0] <= values[1] and values[2] > values[3] if all(map(isfinite, values)) else None

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

    def holds(self, indicators: Indicators) -> bool | None:
        """False as soon as one is false, whatever is not known of the others."""
        found = [part.holds(indicators) for part in self.parts]
        return False if False in found else None if None in found else True

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

    def holds(self, indicators: Indicators) -> bool | None:
        """Whether the part is known not to hold."""
        found = self.part.holds(indicators)
        return None if found is None else not found

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


def _at(column: Column, back: int) -> float:
    """The value `back` bars before the newest, NaN before the window's start."""
    return float(column[-1 - back]) if back < len(column) else nan
