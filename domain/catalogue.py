"""The catalogue of indicators: what each reads, takes and says, in which unit, after how many bars, by what definition.

One table, `indicators.txt` beside this file, serves the rules, the shipped kinds, the exits and docs/indicators.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil, floor, sqrt
from pathlib import Path
from types import CodeType, MappingProxyType
from typing import NamedTuple

from domain import warmup
from domain.units import MONEY, PRICE, RATIO, VOLUME, Unit

SOURCES: Mapping[str, Unit] = MappingProxyType(
    dict.fromkeys(("open", "high", "low", "close"), PRICE)
    | {"volume": VOLUME}
    | dict.fromkeys(("hl2", "hlc3", "ohlc4"), PRICE)
)
UNITS: Mapping[str, Unit] = MappingProxyType({"ratio": RATIO, "price": PRICE, "volume": VOLUME, "price×volume": MONEY})
LAWS = {"ema": warmup.ema, "wilder": warmup.wilder, "forgets": warmup.forgets}
LONGEST = 10_000  # of arguments
ARGUMENT = re.compile(r"(?P<name>\w+)=(?P<default>[\w.]+)(>=(?P<low>[\d.]+))?(<=(?P<high>[\d.e]+))?")
Arguments = tuple[float, ...]


class Argument(NamedTuple):
    """One argument: its default (or the name of the argument that stands for it) and inclusive range."""

    name: str
    default: float | str
    low: float
    high: float
    whole: bool

    @property
    def range(self) -> str:
        """What it may be, in words."""
        if self.whole:
            return f"a whole number from {self.low:,.0f} to {self.high:,.0f}"
        return f"a number above 0, at most {self.high:,.6g}"

    def checked(self, value: float) -> float:
        """The value as it is computed with. Raises ValueError where it may not be."""
        least = value >= self.low if self.whole else value > 0
        if not least or not value <= self.high or (self.whole and value != int(value)):
            raise ValueError(f"{self.name} must be {self.range}, not {value:g}")
        return int(value) if self.whole else float(value)


@dataclass(frozen=True)
class Entry:
    """One indicator. `source` is what its first argument stands for where none is named, None where it takes none."""

    name: str
    reads: tuple[str, ...]
    source: str | None
    arguments: tuple[Argument, ...]
    outputs: tuple[str, ...]
    units: tuple[str, ...]
    needs: str
    definition: str

    @cached_property
    def _code(self) -> CodeType:
        return compile(self.needs, self.name, "eval")

    @property
    def recursive(self) -> bool:
        """Whether it never quite forgets its start, so that one bar more or less changes nothing."""
        return not LAWS.keys().isdisjoint(self._code.co_names)

    def complete(self, args: tuple[float | None, ...]) -> Arguments:
        """All arguments, defaults for those that are None or left out. Raises ValueError for those that may not be."""
        if len(args) > len(self.arguments):
            takes = ", ".join(each.name for each in self.arguments) or "none"
            raise ValueError(f"takes at most {len(self.arguments)} arguments: {takes}")
        found: dict[str, float] = {}
        for argument, given in zip(self.arguments, (*args, *[None] * len(self.arguments)), strict=False):
            default = argument.default
            value = given if given is not None else found[default] if isinstance(default, str) else default
            found[argument.name] = argument.checked(value)
        return tuple(found.values())

    def bars(self, args: tuple[float | None, ...] = ()) -> int:
        """Bars that must be there before the newest value is what it always will be."""
        given = dict(zip((each.name for each in self.arguments), self.complete(args), strict=True))
        known = {**LAWS, "max": max, "min": min, "sqrt": sqrt, "floor": floor, "__builtins__": {}}
        found: float = eval(self._code, known, given)  # noqa: S307  our own table
        return ceil(found)

    def unit(self, output: str | None = None, source: str | None = None) -> Unit:
        """The unit of an output, of the first one where none is named. KeyError where there is no such output."""
        if output is not None and output not in self.outputs:
            raise KeyError(output)
        text = self.units[0 if output is None else self.outputs.index(output)]
        own = SOURCES[source or self.source or "close"]
        return {"source": own, "source²": own.times(own)}.get(text) or UNITS[text]


@cache
def names() -> tuple[str, ...]:
    """Every indicator that rules offer, in the order of the table."""
    return tuple(name for name, cells in _rows().items() if len(cells) > 1)


@cache
def refused() -> Mapping[str, str]:
    """Why rules refuse what else pandas_ta has, and what to use instead, by name."""
    return MappingProxyType({name: cells[0] for name, cells in _rows().items() if len(cells) == 1})


@cache
def entry(name: str) -> Entry:
    """The indicator of a name. KeyError where rules offer none such."""
    if name not in names():
        raise KeyError(name)
    return _entry(name, _rows()[name])


def bars(name: str, *args: float | None) -> int:
    """The warm-up of an indicator. KeyError where there is none of that name."""
    return entry(name).bars(args)


@cache
def _rows() -> dict[str, list[str]]:
    lines = Path(__file__).with_name("indicators.txt").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]
    return {name: cells for name, *cells in rows}


def _entry(name: str, cells: list[str]) -> Entry:
    reads, arguments, outputs, unit, needs, definition = cells
    column, _, default = reads.partition("=")
    source = (default or "close") if column == "source" else None
    names = tuple(outputs.split()) or ("",)
    units = tuple(unit.split()) * (1 if " " in unit else len(names))
    taken = tuple(map(_argument, arguments.split()))
    return Entry(name, () if source else tuple(reads.split()), source, taken, names, units, needs, definition)


def _argument(text: str) -> Argument:
    found = ARGUMENT.fullmatch(text)
    assert found is not None, text
    written = found["default"]
    whole = not any(sign in written for sign in ".e") or written.isidentifier()
    default = written if written.isidentifier() else float(written)
    return Argument(found["name"], default, float(found["low"] or 1), float(found["high"] or LONGEST), whole)
