"""Why something is undefined on every bar: it needs more bars than there are, or the candles stand still."""

import math
from functools import lru_cache
from itertools import pairwise

import numpy as np

from domain.candles import Candle, Series, Window
from strategies.expression import Price, Reading
from strategies.indicators import Indicators

SLOW, FAST = 7.3, 1.3  # bars of two waves that never meet in the same phase: no two bars are alike


@lru_cache(maxsize=8)
def made_up_candles(bars: int) -> Indicators:
    """Made-up candles that rise, fall and trade at every bar: what is undefined on them needs more than so many."""
    closes = [100 + 9 * math.sin(bar / SLOW) + 4 * math.sin(bar / FAST) for bar in range(bars + 1)]
    made = [
        Candle(60 * bar, before, max(before, close) + 1 + math.sin(bar), min(before, close) - 1 - math.cos(bar) ** 2,
               close, 10 + 5 * math.sin(bar * FAST))
        for bar, (before, close) in enumerate(pairwise(closes))
    ]  # fmt: skip
    return Indicators(Window(Series("made-up", "UP/DOWN", "1m"), tuple(made)))


def never_defined(leaf: Price | Reading, bars: int) -> bool:
    """Whether something is undefined on so many bars, whatever the candles are."""
    return not np.isfinite(leaf.column(made_up_candles(bars))).any()


def why_undefined(leaf: Price | Reading, seen: Indicators) -> str | None:
    """Why something is undefined on the newest of these bars, None where they do not show it."""
    return f"it needs {leaf.lookback():,} bars" if never_defined(leaf, len(seen)) else standing_still(seen)


def standing_still(seen: Indicators) -> str | None:
    """How these bars stand still; None where they do not."""
    if seen.column("high").max() == seen.column("low").min():
        return "the price never moved"
    return "nobody ever traded" if seen.column("volume").max() == 0 else None
