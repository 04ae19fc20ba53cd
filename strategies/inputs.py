"""What a formula is given: the columns of a window, and how large what stands in them is."""

from typing import NamedTuple

from strategies.smoothing import Column


class Inputs(NamedTuple):
    """The columns of a window, of which a formula reads those that the catalogue names.

    `source` is the one column of those that take a source. `price`, `traded` and `size` are the largest magnitudes
    among the prices that it reads, the volumes (0 where it reads none), and the source.
    """

    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column
    source: Column
    price: float
    traded: float
    size: float
