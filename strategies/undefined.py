"""Why something is undefined on every bar: it needs more bars than there are, or the candles stand still."""

from functools import lru_cache
from random import Random

import numpy as np

from domain.candles import Candle, Series, Window
from strategies.expression import Price, Reading
from strategies.indicators import Indicators

STEPS = 9  # bars of a rise


@lru_cache(maxsize=8)
def made_up_candles(bars: int) -> Indicators:
    """Made-up candles that rise, fall and trade at every bar: what is undefined on them needs more than so many."""
    draw = Random(bars)  # noqa: S311  no two bars are alike
    candles = tuple(_drawn(bar, draw) for bar in range(bars))
    return Indicators(Window(Series("made-up", "UP/DOWN", "1m"), candles))


def _drawn(bar: int, draw: Random) -> Candle:
    """A candle of a market that rises for some bars, then falls back at once."""
    low, one, other, high = sorted(bar % STEPS + draw.uniform(1, 2) for _ in range(4))
    open_, close = draw.sample([one, other], 2)
    return Candle(bar, open_, high, low, close, draw.uniform(1, 2))


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
