"""What to fetch: pure arithmetic of ranges and pages. All timestamps are opens of bars in Unix seconds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from config.settings import SeriesSettings
from db.market_data.ranges import Range, subtract
from domain import timeframes
from domain.candles import Series
from domain.decide import stale_after
from domain.gaps import Cause, Gap

# What may come on a later request; everything else is explained. Only a market that is listed is asked for: what is
# missing because it seemed to be gone is asked for again.
OPEN = frozenset({Cause.NOT_FETCHED, Cause.REJECTED, Cause.DELISTED})
FIRST_LOOK = OPEN | {Cause.OUTAGE}  # exchanges mend old outages now and then: asked once more at each start
EVERY = frozenset(Cause)  # what a person asks to be looked at again


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series to keep. `source`: the finer series it is made from, None where the exchange offers it."""

    settings: SeriesSettings
    source: Series | None = None

    @property
    def series(self) -> Series:
        """Its identity."""
        return self.settings.series

    def first(self, closed: int) -> int:
        """The oldest bar to keep when `closed` is the newest closed one."""
        since, counted = self.settings.since, self.counted(closed)
        return counted if since is None else min(timeframes.ceil(since, self.series.seconds), counted)

    def counted(self, closed: int) -> int:
        """The oldest bar that is wanted for the number of bars, not for a date."""
        length = self.series.seconds
        return max(closed - (max(self.settings.counted, 1) - 1) * length, timeframes.ceil(1, length))

    def bars(self, closed: int) -> int:
        """How many bars are wanted when `closed` is the newest closed one."""
        return (closed - self.first(closed)) // self.series.seconds + 1


def wanted(kept: Iterable[SeriesSettings], offered: frozenset[str]) -> dict[Series, Wanted]:
    """Every series of one exchange, with the finer ones that others are made from, as deep as these need.

    A timeframe that the exchange lacks is made from `derive_from`, else from the longest offered one that divides it;
    where there is none it stays as it is, and the exchange will say that it does not offer it.
    """
    found: dict[Series, Wanted] = {}
    for each in kept:
        finer = None if each.series.timeframe in offered else _finer(each, offered)
        if finer is None:
            found[each.series] = _deeper(found.get(each.series), each)
            continue
        source = replace(each.series, timeframe=finer)
        ratio = each.series.seconds // source.seconds
        last, least = ((count + 1) * ratio for count in (each.last, each.least))
        deep = SeriesSettings(series=source, last=last, since=each.since, least=least)
        found[source] = _deeper(found.get(source), deep)
        found[each.series] = Wanted(each, source)
    return found


def to_fetch(missing: Sequence[Range], known: Iterable[Gap], again: frozenset[Cause], length: int) -> list[Range]:
    """What of the `missing` ranges is to be asked for: all but what `known` gaps explain for a cause not in `again`."""
    explained = [(gap.first_timestamp, gap.last_timestamp) for gap in known if gap.cause not in again]
    return subtract(missing, sorted(explained), length)


def pages(span: Range, length: int, size: int) -> Iterator[Range]:
    """The requests for a range, newest first: at most `size` bars each."""
    first, end = span
    while end >= first:
        begin = max(first, end - (size - 1) * length)
        yield begin, end
        end = begin - length


class Storable(NamedTuple):
    """How far a series may go on. `before`: the first bar that must wait, None for none. `held_ms`: until when."""

    before: int | None = None
    held_ms: int | None = None


def storable(opens: Sequence[int], holes: Iterable[Range], now_ms: int, length: int) -> Storable:
    """Which of the new bars `opens` (ascending) may be stored while nobody knows why the bars of `holes` are missing.

    A bar behind such a hole waits until it is as old as a bar on which nobody may enter any more: what is missing may
    still come and be decided in its turn. `now_ms` is the exchange's clock, `length` in seconds.
    """
    for _, last in sorted(holes):
        behind = next((each for each in opens if each > last), None)
        if behind is None:
            continue
        held_ms = round(1000 * (behind + length + stale_after(length)))
        if now_ms < held_ms:
            return Storable(behind, held_ms)
    return Storable()


def requests_with_neighbours(holes: Iterable[Range], length: int, size: int) -> Iterator[Range]:
    """Requests that show every hole together with its neighbours: few, each for at most `size` bars."""
    begin = end = None
    for first, last in holes:
        for start, stop in reversed(list(pages((first, last), length, size - 2))):
            low, high = start - length, stop + length
            if begin is not None and end is not None and high - begin <= (size - 1) * length:
                end = high
                continue
            if begin is not None and end is not None:
                yield begin, end
            begin, end = low, high
    if begin is not None and end is not None:
        yield begin, end


def jitter(series: Series, spread: float) -> float:
    """Seconds from 0 to `spread` by which the request for a new bar waits, always the same for a series."""
    number = sum((place + 1) * byte for place, byte in enumerate(str(series).encode()))
    return spread * (number % 97) / 97


def _finer(each: SeriesSettings, offered: frozenset[str]) -> str | None:
    """The timeframe to make a missing one from."""
    length = each.series.seconds
    fitting = [name for name in offered if name[-1] in timeframes.UNITS and length % timeframes.seconds(name) == 0]
    if each.derive_from in fitting:
        return each.derive_from
    return max(fitting, key=timeframes.seconds, default=None)


def _deeper(before: Wanted | None, each: SeriesSettings) -> Wanted:
    """The deeper of two wishes for the same series."""
    return Wanted(each if before is None else before.settings.deeper(each))
