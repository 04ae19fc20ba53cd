"""Reading loads, some of them twice: first to see from when to when they have bars, then for good."""

from dataclasses import dataclass, field

from backfiller.contents import Contents, contents
from backfiller.manifest import Load
from backfiller.overlap import BarSpans
from db.files.opening import Archives

KEPT = 1_000_000  # bars of the first look that are kept for the second: 64 bytes each


@dataclass(slots=True)
class Reader:
    """Reads out of `archives` what has closed at `now` (Unix seconds)."""

    archives: Archives
    now: int
    _kept: dict[Load, Contents] = field(default_factory=dict)
    _bars: int = 0

    def read(self, load: Load) -> Contents:
        """What a load brings."""
        if load in self._kept:
            found = self._kept.pop(load)
            self._bars -= found.size
            return found
        return contents(load, self.now, self.archives.of(load.path))

    def survey(self, load: Load) -> BarSpans:
        """From when to when a load has bars of which series."""
        found = self.read(load)
        if self._bars + found.size <= KEPT:
            self._kept[load] = found
            self._bars += found.size
        opens = {series: bars.table[:, 0] for series, bars in found.bars.items() if len(bars.table)}
        return {series: (int(each[0]), int(each[-1])) for series, each in opens.items()}
