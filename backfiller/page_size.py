"""How many candles an exchange really answers with at most: learnt where it sends less than its capabilities say."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from db.market_data.ranges import Range
from domain.candles import Series

KEPT = 20  # short answers that are remembered
SMALLEST = 10  # candles: no exchange has smaller pages, so less is an accident


class _Short(NamedTuple):
    """An answer that left out an end of what was asked for: how many rows it had, and what was left out."""

    series: Series
    rows: int
    rest: Range


@dataclass(slots=True)
class PageSize:
    """`size`: candles to ask for at once.

    It becomes smaller when two answers with the same number of rows turned out to have left something out.
    """

    size: int
    _short: deque[_Short] = field(default_factory=lambda: deque(maxlen=KEPT))
    _cut: int = 0

    def note(self, series: Series, asked: Range, opens: Iterable[int], rows: int) -> None:
        """An answer of `rows` rows came; `opens` are those of its candles, `asked` the bars that were asked for."""
        found = sorted(opens)
        for each in [short for short in self._short if short.series == series]:
            if any(each.rest[0] <= opened <= each.rest[1] for opened in found):
                self._short.remove(each)
                self._left_out(each.rows)
        bars = (asked[1] - asked[0]) // series.seconds + 1
        if found and SMALLEST <= rows < bars:
            before, after = (asked[0], found[0] - series.seconds), (found[-1] + series.seconds, asked[1])
            self._short.append(_Short(series, rows, max(before, after, key=lambda rest: rest[1] - rest[0])))

    def _left_out(self, rows: int) -> None:
        """An answer of so many rows was not all there was."""
        if self._cut == rows:
            self.size = min(self.size, rows)
        self._cut = rows
