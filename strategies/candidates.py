"""On which bars of a long stretch a strategy may act: on these it is asked, on no others.

What a strategy decides on a bar depends on its own window of so many bars, however long the stretch around it is. What
is computed over the stretch differs from that in the tenth digit, on which a comparison of nearly equal values turns:
what smooths never quite forgets its start, and values are rounded beside the largest of all. So columns over a stretch
only find bars; what happens on them is said by `strategy.signal(stretch.ending(index, warmup))`.
"""

from typing import NamedTuple

import numpy as np

from domain import catalogue
from domain.catalogue import SOURCES
from domain.units import PRICE, Unit
from strategies.base import ColumnStrategy, Strategy
from strategies.indicators import Indicators
from strategies.smoothing import Column, Mask

MARGIN = 1e-9  # of what is largest in a column: ten times what a start weighs after the warm-up, one of the tenth digit


class Candidates(NamedTuple):
    """The bars of a stretch on which a strategy may enter, and on which it may exit: masks over the stretch."""

    entry: Mask
    exit: Mask


def candidates(strategy: Strategy, stretch: Indicators, warmup: int) -> Candidates:
    """The bars that have a window of `warmup` bars and on which the strategy may enter, and exit, on that window.

    One that is asked bar by bar may on all of them. One in columns is asked as things are, and again with each column
    that it reads moved up and down by turns, for a crossing looks at two bars. The margin is 1e-9 of the largest value
    or input, as often as there are columns, so that it covers what all of them together may differ by. A bar is a
    candidate where one answer says so or something is undefined. Not covered are bars on which two comparisons at once
    turn on the tenth digit, or one by == does.
    """
    ready = np.arange(len(stretch)) >= warmup - 1
    if not isinstance(strategy, ColumnStrategy):
        return Candidates(ready, ready)
    plain = _MovedIndicators(stretch)
    answers = [strategy.signals(plain)]
    moves = [(key, side * len(plain.keys)) for key in plain.keys for side in _sides(len(stretch))]
    answers += [strategy.signals(_MovedIndicators(stretch, *move)) for move in moves]
    unknown = [each.undefined for each in answers if each.undefined is not None]
    entry, leave = [each.entry for each in answers], [each.exit for each in answers]
    return Candidates(*(np.logical_or.reduce([*masks, *unknown]) & ready for masks in (entry, leave)))


def _sides(bars: int) -> tuple[Column, ...]:
    """Into which direction each bar is moved: by turns of one bar and of two, so that neighbours are moved apart."""
    turns = (np.resize([1.0, -1.0], bars), np.resize([1.0, 1.0, -1.0, -1.0], bars))
    return tuple(side * turn for turn in turns for side in (1, -1))


class _MovedIndicators(Indicators):
    """The indicators of a stretch, one of which is moved by `margins` at each bar; `keys` are those that were read.

    Columns as they are stored are the same in every window.
    """

    def __init__(self, stretch: Indicators, moved: object = None, margins: Column | None = None) -> None:
        super().__init__(stretch.window, {})
        self._stretch, self._moved, self._margins = stretch, moved, margins
        self.keys: dict[object, None] = {}

    def column(self, name: str) -> Column:
        """A column as it is stored."""
        return self._stretch.column(name)

    def read(self, name: str) -> Column:
        """A column as rules compare it."""
        return self._read(name, self._stretch.read(name), SOURCES.get(name, PRICE))

    def __call__(self, name: str, *args: float | None, output: str | None = None, source: str | None = None) -> Column:
        """An indicator."""
        found = self._stretch(name, *args, output=output, source=source)
        unit = catalogue.entry(name).unit(output, source) if name in catalogue.names() else PRICE
        return self._read((name, args, output, source), found, unit)

    def _read(self, key: object, values: Column, unit: Unit) -> Column:
        """What was read, moved where it is the one that is."""
        self.keys[key] = None
        if self._margins is None or key != self._moved:
            return values
        price, volume = self._stretch.column("high").max(), self._stretch.column("volume").max()
        largest = float(np.fmax.reduce(np.abs(values), initial=unit.of(price, volume)))
        return values + self._margins * (MARGIN * largest)
