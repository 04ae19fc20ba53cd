"""Warm-up: the bars after which the start of a recursive indicator weighs less than 1e-10.

EMA(n) forgets by ``1 - 2/(n+1)`` a bar, which is 1e-10 after 11.5 n; Wilder's smoothing (RSI, ATR, ADX) by
``1 - 1/n``, which is 1e-10 after 23 n.
"""

from math import ceil

from domain.strategy import Exits

EMA, WILDER = 11.5, 23


def ema(length: int) -> int:
    """Bars until EMA(length) has forgotten its start."""
    return ceil(EMA * length)


def wilder(length: int) -> int:
    """Bars until Wilder's smoothing over `length` has forgotten its start."""
    return WILDER * length


def exits(rules: Exits) -> int:
    """Bars that the ATRs of these exits need; 0 without any."""
    distances = (rules.stop, rules.target, rules.trailing)
    return max((wilder(each.atr) for each in distances if each is not None and each.atr), default=0)
