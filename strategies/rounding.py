"""Ten significant digits: on flat prices the noise beyond them would trade."""

from math import floor, log10

import numpy as np

from strategies.smoothing import FLOOR, Column

DIGITS = 10
LARGE = 9e9  # below it no value has more than 10 digits before the point
LEAST = 1e-300
SMALL = 1e-290  # from it on a power of ten is known that makes 10 digits of a number
POWERS = 10.0 ** np.arange(DIGITS + 290.0)


def rounded(values: Column, largest: float = 0.0) -> Column:
    """`values` to 10 significant digits; 0 where they are below 1e-10 of `largest`, and of the largest among them.

    What is infinite came of a division by zero: it is undefined. Most columns have neither, which saves a third, and
    many as many digits before the point throughout, which saves another one.
    """
    size = np.abs(values)
    high, low = float(np.fmax.reduce(size, initial=0.0)), float(np.fmin.reduce(size, initial=LARGE))
    most = max(high, largest)
    if most >= LARGE or low < max(FLOOR * most, SMALL):
        return _any(values, size, largest)
    alike = floor(log10(low)) == floor(log10(high or low))
    power = POWERS[DIGITS - 1 - floor(log10(low))] if alike else 10.0 ** _exponents(size)
    found = values * power
    np.rint(found, out=found)
    found /= power
    return found


def _exponents(size: Column) -> Column:
    """By which powers of ten numbers of these magnitudes are multiplied so that 10 digits stand before the point."""
    found: Column = DIGITS - 1 - np.floor(np.log10(size))
    return found


def _any(values: Column, size: Column, largest: float) -> Column:
    """The same, whatever they are; `size`, their magnitudes, is overwritten."""
    size[np.isinf(size)] = np.nan
    most = float(np.fmax.reduce(size, initial=largest))
    if most == 0:
        return size
    zero = size < max(FLOOR * most, LEAST)
    size[zero] = 1.0
    exponent = _exponents(size)
    power = 10.0 ** np.abs(exponent)
    with np.errstate(invalid="ignore"):
        if np.fmin.reduce(exponent, initial=0.0) >= 0:
            found: Column = np.rint(values * power) / power
        else:
            up = exponent >= 0
            scaled = np.rint(np.where(up, values * power, values / power))
            found = np.where(up, scaled / power, scaled * power)
    found[zero] = 0.0
    return found
