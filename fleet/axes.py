"""What stands at the axes of a chart: round values, and moments at which a day or a month begins (UTC)."""

from datetime import UTC, datetime
from itertools import pairwise
from math import ceil, floor, log10

from domain.timeframes import DAY

HOUR = 3_600
STEPS = (300, 900, 1_800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY)  # seconds
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


def moments(first: int, last: int, most: int) -> list[tuple[int, str]]:
    """At most so many moments from one to another (Unix seconds), each with how it is written."""
    for step in STEPS:
        found = range(ceil(first / step) * step, last + 1, step)
        if len(found) <= most:
            form = "%m-%d %H:%M" if step < DAY else "%Y-%m-%d"
            return [(each, datetime.fromtimestamp(each, UTC).strftime(form)) for each in found]
    begun = datetime.fromtimestamp(first, UTC)
    for step in MONTHS:
        months = range(ceil((begun.year * 12 + begun.month - 1) / step) * step, 12 * 3000, step)
        starts = [each for each in _starts(months, last) if each >= first]
        if len(starts) <= most:
            break
    return [(each, datetime.fromtimestamp(each, UTC).strftime("%Y-%m")) for each in starts]


def _starts(months: range, last: int) -> list[int]:
    """The first moments of these months (counted from the year 0), as far as they lie before `last`."""
    found = []
    for month in months:
        start = int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
        if start > last:
            break
        found.append(start)
    return found


def values(low: float, high: float, most: int) -> list[float]:
    """At most so many round values (1, 2, 5 × a power of ten apart) from `low` to `high`; the two where none is."""
    if not high > low:
        return [low]
    power = 10.0 ** floor(log10((high - low) / most))
    for times in (1, 2, 5, 10, 20, 50):
        step = times * power
        found = [number * step for number in range(ceil(low / step), floor(high / step) + 1)]
        if len(found) <= most:
            break
    return found or [low, high]


def labels(found: list[float]) -> list[str]:
    """How values of one axis are written: alike, with the digits that tell them apart."""
    apart = min((b - a for a, b in pairwise(found)), default=abs(found[0]) / 100 or 1)
    digits = max(0, ceil(-log10(apart) - 1e-9))
    return [f"{each:,.{digits}f}" for each in found]
