"""Whether times without a zone are local ones: where clocks are set an hour is missing in spring, and one comes twice
in autumn. Taken for UTC they would be stored hours beside the truth. Pure.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from db.market_data.checks import Table

HOUR = 3600
CHANCE = 100  # to one, against which bars that are missing would look like that
DAY = 86_400
LATEST = 4_102_444_800  # 2100-01-01: a row that says more is broken
Times = npt.NDArray[np.float64]


class ClockChange(NamedTuple):
    """When clocks are set: on which Sunday of a month (-1: the last), and which hour they skip or repeat."""

    month: int
    sunday: int
    hour: int

    def start(self, year: int) -> int:
        """The first second of that hour in a year, as the clocks there show it."""
        begin = datetime(year, self.month + (self.sunday < 0), 1, tzinfo=UTC)
        weeks = self.sunday - (self.sunday > 0)  # from the first Sunday at or after that
        return int((begin + timedelta(days=6 - begin.weekday(), weeks=weeks, hours=self.hour)).timestamp())


RULES = {  # where: the nights of spring and autumn
    "Central Europe": (ClockChange(3, -1, 2), ClockChange(10, -1, 2)),
    "Great Britain": (ClockChange(3, -1, 1), ClockChange(10, -1, 1)),
    "Eastern Europe": (ClockChange(3, -1, 3), ClockChange(10, -1, 3)),
    "North America": (ClockChange(3, 2, 2), ClockChange(11, 1, 1)),
    "Australia": (ClockChange(10, 1, 2), ClockChange(4, 1, 2)),
    "New Zealand": (ClockChange(9, -1, 2), ClockChange(4, 1, 2)),
    "brokers that follow New York": (ClockChange(3, 2, 9), ClockChange(11, 1, 8)),
}


def local_times(table: Table, length: int) -> str | None:
    """What shows that rows of bars of `length` seconds have the local times of some place, None where nothing does."""
    table = table[table[:, 0] < LATEST]
    times = np.unique(table[:, 0])
    if length >= DAY or len(times) < 2:
        return None
    for place, changes in RULES.items():
        skipped, repeated = (_years(change, times) for change in changes)
        springs = [each for each in skipped if _is_skipped(times, each, length)]
        autumns = [each for each in repeated if _is_repeated(table, times, each, length)]
        against = any(_is_there(times, each, length) for each in skipped)
        if not against and (autumns or _improbable(times, len(springs), length)):
            return _explanation(place, springs, autumns)
    return None


def _years(change: ClockChange, times: Times) -> list[int]:
    """The moments of a night within the times of a file."""
    first, last = (datetime.fromtimestamp(times[place], UTC).year for place in (0, -1))
    return [each for year in range(first, last + 1) if times[0] < (each := change.start(year)) < times[-1]]


def _step(times: Times, start: int) -> float:
    """How far the two bars are apart between which an hour begins."""
    place = int(np.searchsorted(times, start))
    return float(times[place] - times[place - 1])


def _is_skipped(times: Times, start: int, length: int) -> bool:
    return _step(times, start) == length + HOUR


def _is_there(times: Times, start: int, length: int) -> bool:
    """Whether a bar opens in the hour that is skipped; longer bars go on as ever across it."""
    if length > HOUR:
        return _step(times, start) == length
    return bool(((times >= start) & (times < start + HOUR)).any())


def _is_repeated(table: Table, times: Times, start: int, length: int) -> bool:
    """Whether all bars of an hour have two rows, and those around it one; longer bars are closer together."""
    if length > HOUR:
        return _step(times, start + 1) == length - HOUR
    near = table[(table[:, 0] >= start - HOUR) & (table[:, 0] < start + 2 * HOUR)]
    rows = np.unique(near, axis=0)[:, 0]
    counts = [int(((rows >= begin) & (rows < begin + HOUR)).sum()) for begin in (start - HOUR, start, start + HOUR)]
    once = HOUR // length
    return counts == [once, 2 * once, once]


def _improbable(times: Times, springs: int, length: int) -> bool:
    """Whether just the hours of so many springs would hardly be missing by chance."""
    steps = np.diff(times)
    share = float((steps > length).sum()) / len(steps)
    return springs > 0 and share**springs * len(RULES) * CHANCE <= 1


def _explanation(place: str, springs: list[int], autumns: list[int]) -> str:
    seen = [f"on {datetime.fromtimestamp(each[0], UTC):%Y-%m-%d} an hour {what}"
            for each, what in ((springs, "is missing"), (autumns, "comes twice")) if each]  # fmt: skip
    days = " and ".join(seen)
    return (
        f"its times are local ones: {days}, as where clocks are set ({place}): write them in UTC, or with their offset "
        "(2024-07-01 12:00+02:00)"
    )
