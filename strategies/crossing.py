"""Crossings: at the bar before a ≤ b, at this bar a > b."""

from strategies.smoothing import Column


def crosses_above_level(a: Column, level: float) -> bool:
    """Whether `a` crosses above `level` on the newest bar; never while either bar is undefined."""
    return bool(a[-2] <= level < a[-1])


def crosses_above(a: Column, b: Column) -> bool:
    """Whether `a` crosses above `b` on the newest bar; never while any of the four values is undefined."""
    return bool(a[-2] <= b[-2] and a[-1] > b[-1])
