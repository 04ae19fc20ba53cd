"""How fast smoothing forgets: the bars after which the start of the data weighs less than 1e-10.

EMA(n) forgets by ``1 - 2/(n+1)`` a bar, which is 1e-10 after 11.5 n; Wilder's smoothing (RSI, ATR, ADX) by
``1 - 1/n``, which is 1e-10 after 23 n. What each indicator needs is in `domain.catalogue`.
"""

from math import ceil

EMA, WILDER = 11.5, 23


def ema(length: float) -> int:
    """Bars until EMA(length) has forgotten its start."""
    return ceil(EMA * length)


def wilder(length: float) -> int:
    """Bars until Wilder's smoothing over `length` has forgotten its start."""
    return ceil(WILDER * length)


def forgets(bars: float) -> int:
    """Bars until what was measured over real candles has forgotten its start: whole ones."""
    return ceil(bars)
