"""Ten significant digits: on flat prices the noise beyond them would trade."""

import numpy as np

from strategies.smoothing import FLOOR, Column

DIGITS = 10


def rounded(values: Column, largest: float = 0.0) -> Column:
    """`values` to 10 significant digits; 0 where they are below 1e-10 of `largest`, and of the largest among them.

    What is infinite came of a division by zero: it is undefined.
    """
    size = np.abs(values)
    size[np.isinf(size)] = np.nan
    most = float(np.fmax.reduce(size, initial=largest))
    if most == 0:
        return size
    zero = size < max(FLOOR * most, 1e-300)
    size[zero] = 1.0
    exponent = DIGITS - 1 - np.floor(np.log10(size))
    power = 10.0 ** np.abs(exponent)
    found: Column
    with np.errstate(invalid="ignore"):
        if np.fmin.reduce(exponent, initial=0.0) >= 0:
            found = np.rint(values * power) / power
        else:
            up = exponent >= 0
            scaled = np.rint(np.where(up, values * power, values / power))
            found = np.where(up, scaled / power, scaled * power)
    found[zero] = 0.0
    return found
