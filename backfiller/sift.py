"""What an exchange sent: good candles apart from rows that are none. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from domain.candles import Candle, fault
from exchange.protocol import Row


@dataclass(frozen=True, slots=True)
class Sifted:
    """`candles` ascending, each bar once. `rejects`: payload and reason of every row that is no candle.

    `rejected`: opens of closed bars of which only such rows came.
    """

    candles: list[Candle]
    rejects: list[tuple[str, str]]
    rejected: frozenset[int]


def sift(rows: Iterable[Row], seconds: int, closed: int) -> Sifted:
    """Sift rows of bars `seconds` long; those that open after `closed` are unfinished and left out in silence.

    Two different rows for the same bar: nobody knows which is right, so neither is taken.
    """
    good: dict[int, set[Candle]] = {}
    rejects: list[tuple[str, str]] = []
    touched: set[int] = set()
    for row in rows:
        opened = row[0] if row else None
        if opened is not None and opened > closed:
            continue
        reason = fault(row, seconds)  # type: ignore[arg-type]  # it says so where a value is None
        if reason is None:
            candle = Candle(int(row[0]), *map(float, row[1:]))  # type: ignore[arg-type]
            good.setdefault(candle.timestamp, set()).add(candle)
        else:
            rejects.append((json.dumps(list(row)), reason))
            if opened is not None and isfinite(opened) and opened % seconds == 0:
                touched.add(int(opened))
    for timestamp in [timestamp for timestamp, found in good.items() if len(found) > 1]:
        rejects += [(json.dumps(list(each)), "another row for the same bar differs") for each in good.pop(timestamp)]
        touched.add(timestamp)
    candles = sorted(candle for found in good.values() for candle in found)
    return Sifted(candles, rejects, frozenset(touched.difference(good)))
