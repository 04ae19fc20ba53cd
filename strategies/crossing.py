"""Crossings: at the bar before a ≤ b, at this bar a > b."""

import numpy as np

from strategies.smoothing import Column, Mask


def crosses_above(a: Column, b: Column | float) -> Mask:
    """Where `a` crosses above `b`; never while either is undefined on the bar or on the one before."""
    found = np.zeros(len(a), np.bool_)
    found[1:] = (a <= b)[:-1] & (a > b)[1:]
    return found
