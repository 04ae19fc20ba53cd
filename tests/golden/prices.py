"""Candles drawn by a seed in whole ticks, the same on every machine: trends, ranges, leaps, still and unsold bars."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from tests.witness.bars import Bar, Gap

START = 1_700_006_400  # 2023-11-15 00:00 UTC
MOODS = ((20, 60), (-20, 60), (0, 40), (5, 150), (-5, 150), (0, 0))  # ticks of drift and of spread in a bar


class Drawn(NamedTuple):
    """The bars of a series, and the ranges that are missing in it."""

    bars: list[Bar]
    gaps: list[Gap]


def drawn(seed: int, count: int, seconds: int, start_ticks: int, tick: int) -> Drawn:
    """So many bars of `seconds`; prices are whole numbers of 1/`tick`. In some, which are missing, nobody traded, and
    near the end the exchange was out.
    """
    random, bars, gaps = Random(seed), list[Bar](), list[Gap]()
    for place, (opened, high, low, close, volume) in enumerate(_walk(random, count, start_ticks)):
        timestamp = START + place * seconds
        out = place == count * 19 // 20
        if out or (place > 100 and random.random() < 0.004):
            gaps.append(Gap(timestamp, timestamp, "outage" if out else "no_trades"))
            continue
        prices = (price / tick for price in (opened, high, low, close))
        bars.append(Bar(timestamp, *prices, float(volume)))
    return Drawn(bars, gaps)


def _walk(random: Random, count: int, price: int) -> Iterator[tuple[int, int, int, int, int]]:
    """Open, high, low, close in ticks, and volume."""
    drift, spread = MOODS[0]
    for _ in range(count):
        if random.random() < 0.02:
            drift, spread = random.choice(MOODS)
        opened = max(50, price + (random.randint(-400, 400) if random.random() < 0.01 else 0))
        close = max(50, opened + drift + random.randint(-spread, spread))
        high = max(opened, close) + random.randint(0, spread)
        low = max(1, min(opened, close) - random.randint(0, spread))
        sold = 0 if spread == 0 and random.random() < 0.2 else random.randint(1, 5_000)
        yield (opened, high, low, close, sold) if sold else (price, price, price, price, 0)
        price = close if sold else price
