"""The indicators of one window, each computed once for all strategies that name it."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from domain import catalogue
from domain.candles import Window
from domain.catalogue import SOURCES, Arguments, Entry
from domain.units import PRICE, Unit
from strategies import averages, oscillators, ranges
from strategies.inputs import Inputs
from strategies.rounding import rounded
from strategies.smoothing import Column

Columns = Mapping[str, Column]
COLUMNS = ("timestamp", "open", "high", "low", "close", "volume")
FORMULAS = {**averages.FORMULAS, **oscillators.FORMULAS, **ranges.FORMULAS}


def columns(window: Window) -> Columns:
    """The candles of a window by column; nobody who looks at them can change them."""
    values = chain.from_iterable(window.candles)
    table = np.fromiter(values, np.float64, len(window) * len(COLUMNS)).reshape(-1, len(COLUMNS))
    return {name: _sealed(np.ascontiguousarray(table[:, place])) for place, name in enumerate(COLUMNS)}


def _sealed(values: Column) -> Column:
    values.setflags(write=False)
    return values


class Indicators:
    """Price columns and indicators over one window: float64 arrays of its length, undefined is NaN, to be read only.

    ``indicators("rsi", 14)``, ``indicators("sma", 20, source="volume")`` and ``indicators("macd", 12, 26, 9,
    output="signal")`` are computed as the catalogue says (docs/indicators.md), rounded to 10 significant digits and
    kept; what is below 1e-10 of the largest magnitude among the inputs and the values is 0. What the catalogue lacks,
    pandas_ta computes. `table` are the columns of the window, where they are known already.
    """

    def __init__(self, window: Window, table: Columns | None = None) -> None:
        self.window = window
        self._columns = dict(columns(window) if table is None else table)
        self._raw: dict[tuple[object, ...], _Raw] = {}
        self._rounded: dict[tuple[object, ...], Column] = {}
        self._asked: dict[tuple[object, ...], Column] = {}
        self._largest: dict[str, float] = {}
        self._beyond_known: dict[tuple[object, ...], dict[str, Column]] = {}

    def __len__(self) -> int:
        return len(self.window)

    def column(self, name: str) -> Column:
        """A column as it is stored: prices in quote currency, volume in base currency; or hl2, hlc3, ohlc4 of them."""
        if name not in self._columns and name in SOURCES:
            self._columns[name] = _sealed(self._computed(catalogue.entry(name), "close", ()).outputs[0])
        return self._columns[name]

    def ending(self, index: int, size: int) -> "Indicators":
        """Those of the `size` bars that end with the one at `index`, as they were when it was the newest: computed anew
        over the columns that are here already.
        """
        part = self.window.ending(index, size)
        place = slice(index + 1 - len(part), index + 1)
        return Indicators(part, {name: self._columns[name][place] for name in COLUMNS})

    def read(self, name: str) -> Column:
        """A column as rules compare it: to 10 significant digits, like the indicators."""
        if (name,) not in self._rounded:
            self._rounded[name,] = _sealed(rounded(self.column(name)))
        return self._rounded[name,]

    def __call__(self, name: str, *args: float | None, output: str | None = None, source: str | None = None) -> Column:
        """The indicator's values; `output` chooses among several, `source` is the column that it is made of.

        KeyError for a name, output or source that is not there; ValueError for arguments that may not be.
        """
        asked = (name, args, output, source)
        if asked not in self._asked:
            self._asked[asked] = self._found(name, args, output, source)
        return self._asked[asked]

    def _found(self, name: str, args: tuple[float | None, ...], output: str | None, source: str | None) -> Column:
        """The indicator's values, however its arguments were written."""
        wanted = _output(name, args, output, source)
        if wanted is None:
            return self._beyond(name, args, output)
        entry, over, given, place, unit = wanted
        key = (name, over, given, place)
        if key not in self._rounded:
            raw = self._computed(entry, over, given)
            self._rounded[key] = _sealed(rounded(raw.outputs[place], unit.of(raw.price, raw.traded)))
        return self._rounded[key]

    def _computed(self, entry: Entry, over: str, args: Arguments) -> "_Raw":
        """All outputs of an indicator as they were computed."""
        key = (entry.name, over, args)
        if key not in self._raw:
            inputs = self._inputs(entry, over)
            found = FORMULAS[entry.name](inputs, *args)
            outputs = found if isinstance(found, tuple) else (found,)
            self._raw[key] = _Raw(outputs, inputs.price, inputs.traded)
        return self._raw[key]

    def _inputs(self, entry: Entry, over: str) -> Inputs:
        """What its formula is given."""
        reads = entry.reads or (over,)
        open_, high, low, close, volume = map(self._columns.__getitem__, COLUMNS[1:])
        price = max((self._most(name) for name in reads if SOURCES[name] == PRICE), default=1.0)
        traded = self._most("volume") if "volume" in reads else 0.0
        return Inputs(open_, high, low, close, volume, self.column(over), price, traded, self._most(over))

    def _most(self, name: str) -> float:
        """The largest magnitude in a column; none of them is negative."""
        if name not in self._largest:
            self._largest[name] = float(np.maximum.reduce(self.column(name)))
        return self._largest[name]

    def _beyond(self, name: str, args: tuple[float | None, ...], output: str | None) -> Column:
        """What pandas_ta says of an indicator that the catalogue lacks."""
        from strategies import library  # noqa: PLC0415  it loads pandas_ta, which most traders never need

        key = (name, args)
        if key not in self._beyond_known:
            found = library.computed(name, self._columns, args)
            self._beyond_known[key] = {each: _sealed(values) for each, values in found.items()}
        found = self._beyond_known[key]
        if not found:
            return np.full(len(self), np.nan)
        return found[next(iter(found)) if output is None else output]


class _Output(NamedTuple):
    """An output of an indicator of the catalogue: of which column, with which arguments, its place and its unit."""

    entry: Entry
    over: str
    args: Arguments
    place: int
    unit: Unit


@lru_cache(maxsize=10_000)
def _output(name: str, args: tuple[float | None, ...], output: str | None, source: str | None) -> _Output | None:
    """What was asked for; None where the catalogue lacks it. Raises what `Indicators` raises."""
    if name not in catalogue.names():
        return None
    entry = catalogue.entry(name)
    over = source or entry.source or "close"
    given, unit = entry.complete(args), entry.unit(output, over)
    return _Output(entry, over, given, 0 if output is None else entry.outputs.index(output), unit)


class _Raw(NamedTuple):
    """The outputs of an indicator, the largest price among what it read, and the largest volume."""

    outputs: tuple[Column, ...]
    price: float
    traded: float
