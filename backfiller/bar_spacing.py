"""Whether rows stand as far apart as bars of their timeframe do. What a file is called proves nothing. Pure."""

import numpy as np
import numpy.typing as npt

from domain import timeframes

Times = npt.NDArray[np.float64]  # Unix seconds, in any order, some perhaps twice
CHANCE = 100  # to one, against which bars that nobody traded would make a file look like one of longer bars
STRAY = 0.1  # share of distances that may be anything: rows that belong to no bar
THURSDAY = 3 * timeframes.DAY  # after a Monday
THURSDAYS = (
    "its weeks open on Thursdays, as those of Kraken and KuCoin do; weeks open on Mondays here: import 1d, and the "
    "backfiller makes 1w out of it"
)
LOOSE = 0.1  # of a longer bar, by which the distances of its rows may vary: months do


def wrong_spacing(times: Times, length: int) -> str | None:
    """What the spacing looks like where these are no bars of `length` seconds, None where they may be.

    The distance that is found most often decides. Bars are missing where nobody traded or the exchange stood still, so
    distances may be any multiples of `length`; where next to all of them are multiples of the same longer one, it is a
    file of longer bars. Two rows tell less, one row nothing.
    """
    distances = np.diff(np.unique(np.round(times)))
    if not distances.size:
        return None
    usual = _usual(distances, length)
    if usual == length:
        return _beside(times, length)
    if usual % length:
        return _explanation(usual, length)
    distances = np.diff(np.unique(times[(times - timeframes.anchor(length)) % length == 0]))
    if not distances.size:
        return None
    usual = _usual(distances, length)
    return _explanation(usual, length) if _longer(distances, usual, length) else None


def _beside(times: Times, length: int) -> str | None:
    """What it looks like where no row opens when a bar does, all of them equally beside."""
    offsets = np.unique((times - timeframes.anchor(length)) % length)
    if offsets.size > 1 or not offsets[0]:
        return None
    if length == timeframes.UNITS["w"] and offsets[0] == THURSDAY:
        return THURSDAYS
    late = timeframes.name(int(offsets[0]))
    return f"its bars open {late} after those of {timeframes.name(length)} here, which follow UTC: import finer ones"


def _usual(distances: Times, length: int) -> int:
    """The most frequent distance; among equals the one that fits best."""
    found, counts = np.unique(distances, return_counts=True)
    most = found[counts == counts.max()].tolist()
    return int(min(most, key=lambda each: (each != length, each % length != 0, each)))


def _longer(distances: Times, usual: int, length: int) -> bool:
    """Whether these are the distances of bars as long as `usual`."""
    off = np.abs(distances - usual * np.maximum(np.round(distances / usual), 1))
    return any(
        _improbable(int((off > near).sum()), distances.size, length * (1 + 2 * (near // length)) / usual)
        for near in (0, int(LOOSE * usual))
    )


def _improbable(stray: int, count: int, chance: float) -> bool:
    """Whether `count` distances but for `stray` ones would hardly fit by chance, `chance` being that of each."""
    return stray <= STRAY * count and chance ** (count - 2 * stray) * CHANCE <= 1


def _explanation(usual: int, length: int) -> str:
    return f"its rows are {timeframes.name(usual)} apart, not {timeframes.name(length)}"
