"""Arithmetic of ranges of bars: pure, both ends inclusive, in steps of one bar's length."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from domain.gaps import Gap

Range = tuple[int, int]  # first and last open, Unix seconds


def runs(timestamps: Sequence[int], length: int) -> list[Range]:
    """The unbroken stretches of ascending `timestamps`."""
    found: list[Range] = []
    for timestamp in timestamps:
        if found and timestamp == found[-1][1] + length:
            found[-1] = found[-1][0], timestamp
        else:
            found.append((timestamp, timestamp))
    return found


def subtract(ranges: Iterable[Range], cuts: Sequence[Range], length: int) -> list[Range]:
    """What is left of `ranges` without the bars of `cuts` (ascending, disjoint)."""
    left: list[Range] = []
    for first, last in ranges:
        start = first
        for index in range(bisect_left(cuts, first, key=lambda cut: cut[1]), len(cuts)):
            cut_first, cut_last = cuts[index]
            if cut_first > last:
                break
            if cut_first > start:
                left.append((start, cut_first - length))
            start = cut_last + length
        if start <= last:
            left.append((start, last))
    return left


def without(gaps: Iterable[Gap], cuts: Sequence[Range], length: int) -> list[Gap]:
    """What is left of `gaps` without the bars of `cuts`; each piece keeps its cause."""
    return [Gap(*piece, gap.cause) for gap in gaps for piece in subtract([gap[:2]], cuts, length)]


def merged(gaps: Iterable[Gap], length: int) -> list[Gap]:
    """Disjoint `gaps` in order, neighbours of the same cause made one."""
    found: list[Gap] = []
    for gap in sorted(gaps):
        before = found[-1] if found else None
        if before and before.cause is gap.cause and before.last_timestamp + length == gap.first_timestamp:
            found[-1] = before._replace(last_timestamp=gap.last_timestamp)
        else:
            found.append(gap)
    return found
