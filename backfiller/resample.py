"""Longer bars out of shorter ones, exact to the last digit. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from domain import timeframes
from domain.candles import Candle
from domain.gaps import Cause, Gap
from domain.money import decimal


class Resampled(NamedTuple):
    """Complete bars, and those that cannot be made, with their causes; both ascending."""

    candles: list[Candle]
    missing: list[tuple[int, Cause]]


def bar(opened: int, candles: Sequence[Candle]) -> Candle:
    """One bar of shorter ones (ascending, at least one): first open, highest high, lowest low, last close.

    Volumes are added as the decimals that the exchange printed, so that the sum is what it would print.
    """
    volume = sum((decimal(each.volume) for each in candles), Decimal(0))
    high, low = max(each.high for each in candles), min(each.low for each in candles)
    return Candle(opened, candles[0].open, high, low, candles[-1].close, float(volume))


def resample(
    candles: Iterable[Candle], gaps: Iterable[Gap], span: tuple[int, int], finer: int, length: int
) -> Resampled:
    """All bars of `length` seconds that open within `span` (both opens of such bars), from bars of `finer` seconds.

    A bar is complete when every finer bar is there or nobody traded in it. What is missing for another reason passes
    that reason on; a bar in which nobody traded at all is `no_trades`.
    """
    parts = {
        opened: list(group)
        for opened, group in groupby(candles, key=lambda candle: timeframes.floor(candle.timestamp, length))
    }
    known = list(gaps)
    made: list[Candle] = []
    missing: list[tuple[int, Cause]] = []
    for opened in range(span[0], span[1] + 1, length):
        found = parts.get(opened, [])
        cause = _cause(opened, found, known, finer, length)
        if cause is None:
            made.append(bar(opened, found))
        else:
            missing.append((opened, cause))
    return Resampled(made, missing)


def _cause(opened: int, found: Sequence[Candle], gaps: Sequence[Gap], finer: int, length: int) -> Cause | None:
    """Why the bar cannot be made, None where it can."""
    if len(found) == length // finer:
        return None
    there = {candle.timestamp for candle in found}
    absent = [each for each in range(opened, opened + length, finer) if each not in there]
    causes = {_gap_cause(each, gaps) for each in absent}
    if causes == {Cause.NO_TRADES}:
        return None if found else Cause.NO_TRADES
    return min(causes - {Cause.NO_TRADES}, key=list(Cause).index)


def _gap_cause(timestamp: int, gaps: Sequence[Gap]) -> Cause:
    """Why a finer bar is missing; not fetched where nothing is known."""
    inside = (gap.cause for gap in gaps if gap.first_timestamp <= timestamp <= gap.last_timestamp)
    return next(inside, Cause.NOT_FETCHED)
