"""What happened over many days at once: what `domain` folds bar by bar and fill by fill, in columns of numbers.

Money is counted in whole units of its last digit, so that sums and differences are exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from itertools import chain

import numpy as np
import numpy.typing as npt

from domain.curve import Curve, Point, Returns
from domain.money import DIGITS, decimal, kept
from domain.tally import Tally
from domain.timeframes import DAY

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
PLACES = 8  # decimals of the finest money
TENS = 10.0 ** np.arange(1, DIGITS)
WIDTH = 10  # digits before the point with which so many decimals still fit into 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days on which the equity moved, and points of a day that is cut, oldest first, in columns of one length.

    `run` is the place of the run that decided, `midnight` the one after which and `closed` the moment until which (Unix
    seconds). `last`, `highest` and `lowest` are profits, `capital` that of the last point, in units of 10^-`decimals`.
    """

    run: Units
    midnight: Units
    closed: Units
    last: Units
    highest: Units
    lowest: Units
    capital: Units
    deepest_fall: Floats
    decimals: int

    def part(self, chosen: Flags) -> "Stretch":
        """Some of it."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in COLUMNS})

    def of(self, place: int, capital: Decimal) -> "Stretch":
        """What a run did, at its capital, also where its equity was carried into it from another one."""
        mine = self.part(self.run == place)
        return replace(mine, capital=np.full_like(mine.capital, self.units(capital)))

    def units(self, money: Decimal) -> int:
        """An amount in these units."""
        return round(money.scaleb(self.decimals))

    def money(self, units: int) -> Decimal:
        """An amount of so many of them."""
        return Decimal(int(units)).scaleb(-self.decimals)

    def newest(self, closed: int) -> Point | None:
        """The newest point, as that of another moment; None where there is none."""
        return Point(closed, self.money(self.last[-1]), self.money(self.capital[-1])) if len(self.last) else None


COLUMNS = tuple(each.name for each in fields(Stretch))[:-1]


def table(rows: Iterable[Sequence[float]], width: int) -> Floats:
    """Rows of numbers as an array of that width."""
    return np.fromiter(chain.from_iterable(rows), np.float64).reshape(-1, width)


def stretched(rows: Iterable[Sequence[float]]) -> Stretch:
    """Rows of run, midnight, end, equity, highest and lowest equity, capital, deepest fall."""
    found = table(rows, len(COLUMNS))
    *whole, equity, high, low, capital, fall = found[np.lexsort((found[:, 0], found[:, 1]))].T
    decimals = _decimals(found[:, 3:7])
    last, highest, lowest, base = (_units(each, decimals) for each in (equity, high, low, capital))
    columns = (*(each.astype(np.int64) for each in whole), last - base, highest - base, lowest - base, base, fall)
    return Stretch(**dict(zip(COLUMNS, columns, strict=True)), decimals=decimals)


def curve(days: Stretch, start: Point, newest: Point) -> Curve:
    """The curve from a start, at the moment from which it counts, over these days to the newest point, at the close of
    the newest bar.
    """
    begin, capital = days.units(start.profit), days.units(start.capital)
    highest = np.maximum.accumulate(np.concatenate(([begin], days.highest)))
    falls = _falls(highest[:-1], days.lowest, days.capital)
    midnights = np.arange(-(-start.closed // DAY) * DAY, newest.closed, DAY)
    at = np.searchsorted(days.midnight, midnights)  # so many days have ended by each of them
    profits, capitals = np.concatenate(([begin], days.last)), np.concatenate(([capital], days.capital))
    return Curve(
        started=start.closed,
        start_profit=start.profit,
        ended=newest.closed,
        highest=days.money(highest[-1]),
        deepest_fall=float(max(falls.max(initial=0.0), days.deepest_fall.max(initial=0.0))),
        midnight_profit=None,
        returns=_returns(profits[at], capitals[at]),
        point=newest,
    )


def tally(fills: Floats, trips: Floats) -> Tally:
    """What fills (run, moment in Unix ms, fee, pnl) and closed round trips (run, pnl, return, bars) brought."""
    moments, fees, pnl = fills[:, 1], fills[:, 2], fills[:, 3]
    _, each, returns, bars = trips.T
    won, lost = each[each > 0], each[each < 0]
    mean, squares = spread(each)
    return Tally(
        total_trades=len(fills),
        total_pnl=_sum(pnl),
        fees=_sum(fees),
        first_trade_ms=int(moments.min()) if len(fills) else None,
        last_trade_ms=int(moments.max()) if len(fills) else None,
        round_trips=len(trips),
        wins=len(won),
        losses=len(lost),
        gains=float(won.sum()),
        lost=-float(lost.sum()),
        best_pnl=decimal(float(won.max())) if len(won) else None,
        worst_pnl=decimal(float(lost.min())) if len(lost) else None,
        avg_pnl=mean,
        pnl_squares=squares,
        returns=float(returns.sum()),
        bars=int(bars.sum()),
    )


def spread(values: Floats) -> tuple[float, float]:
    """The mean, and the sum of squared deviations from it, which is 0 where all are the same."""
    if not len(values):
        return 0.0, 0.0
    apart = values - values[0]
    return float(values.mean()), float(np.square(apart - apart.mean()).sum())


def _decimals(money: Floats) -> int:
    """Decimals in which all of these amounts are counted: beyond ten digits before the point fewer fit."""
    largest = float(np.abs(money).max(initial=1.0))
    return PLACES - max(0, len(f"{largest:.0f}") - WIDTH)


def _units(money: Floats, decimals: int) -> Units:
    """Amounts as whole numbers of 10^-`decimals`: each REAL stands for a decimal of 15 digits (domain/money.py)."""
    fine = np.minimum(decimals, DIGITS - 1 - np.searchsorted(TENS, np.abs(money), side="right"))
    units: Units = np.rint(money * 10.0**fine).astype(np.int64) * 10 ** (decimals - fine)
    return units


def _sum(money: Floats) -> Decimal:
    """The exact sum of amounts, to the digits that are kept."""
    decimals = _decimals(money)
    return kept(Decimal(sum(_units(money, decimals).tolist())).scaleb(-decimals))


def _falls(highest: Units, lowest: Units, capital: Units) -> Floats:
    """How far each day's lowest lies below what was highest before; 0 where there was nothing to lose."""
    most = capital + highest
    falls: Floats = np.where(most > 0, (highest - lowest) / np.where(most > 0, most, 1), 0.0)
    return falls


def _returns(profits: Units, capitals: Units) -> Returns:
    """What was gained from each midnight to the next, on what there was at the first with the capital of the second."""
    base = capitals[1:] + profits[:-1]
    changes = np.diff(profits)[base > 0] / base[base > 0]
    mean, squares = spread(changes)
    return Returns(len(changes), mean, squares, float(np.square(np.minimum(changes, 0.0)).sum()))
