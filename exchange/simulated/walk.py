"""A seeded random walk: the same candles for the same seed, market and minute, in any process and in any order.

Prices are fixed in three steps, so that any day can be made without the days before it. Midnight prices swing around
a market's usual price (a mean-reverting walk over all days at once). Within a day the minutes are a random walk with
trends of some ten minutes to some hours, bent so that it ends at the next midnight's price. All exchanges share a
coin's path; each adds its premium, a little noise, wicks, volumes and quiet minutes of its own. Coarser bars are made
from these minutes and from nothing else.

The numbers come from numpy's PCG64 generator; a numpy that changes its streams changes the walk.
"""

from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from domain.timeframes import DAY
from exchange.simulated import bars
from exchange.simulated.bars import Frame, Rows
from exchange.simulated.listings import Listing

MINUTES = 1440
HORIZON = 4_102_444_800  # 2100-01-01: the walk ends there
DAYS = HORIZON // DAY
REVERSION = 0.006  # of the distance to the usual price per day: half of it in 115 days
WICK = 0.6  # standard deviation of a wick in units of a minute's volatility
SPELLS = 5  # a day holds a long quiet spell this much more often than a minute is quiet
NOISE = 0.00003  # between exchanges, a fraction of the price

Array = NDArray[np.float64]


class CoinWalk(NamedTuple):
    """How a coin's price walks: what `WalkParameters` says that is the same on all exchanges."""

    volatility: float
    trend: float
    trend_minutes: float


def _random(seed: int, name: str, day: int = -1) -> np.random.Generator:
    """The generator of one coin or market on one day; -1 for what holds for all days."""
    return np.random.default_rng([seed, crc32(name.encode()), day + 1])


@lru_cache(maxsize=64)
def _midnights(seed: int, coin: str, volatility: float) -> tuple[Array, Array]:
    """Log distances from the usual price at every midnight since 1970, and each day's volatility."""
    generator = _random(seed, coin)
    volatilities = volatility * np.exp(generator.normal(-0.1, 0.4, DAYS + 1))
    shocks = generator.standard_normal(DAYS + 1) * volatilities
    levels = np.empty(DAYS + 1)
    level = 0.0
    for day, shock in enumerate(shocks.tolist()):
        level += shock - REVERSION * level
        levels[day] = level
    return levels, volatilities


@lru_cache(maxsize=256)
def _path(seed: int, coin: str, coin_walk: CoinWalk, day: int) -> tuple[Array, float]:
    """A coin's log distances at the end of each minute of `day`, and the volatility of a minute."""
    levels, volatilities = _midnights(seed, coin, coin_walk.volatility)
    generator = _random(seed, coin, day)
    minute = float(volatilities[day]) / np.sqrt(MINUTES)
    trend = np.cumsum(generator.random(MINUTES) < 1 / coin_walk.trend_minutes)
    drift = generator.normal(0, coin_walk.trend, int(trend[-1]) + 1)[trend]
    steps = np.cumsum((generator.standard_normal(MINUTES) + drift) * minute)
    bend = (levels[day + 1] - levels[day] - steps[-1]) / MINUTES
    return levels[day] + steps + bend * np.arange(1, MINUTES + 1), minute


class Walk:
    """The candles of one market, made on demand; only the last days asked for are kept."""

    def __init__(self, seed: int, listing: Listing, *, omits_empty: bool = False) -> None:
        self._seed = seed
        self._listing = listing
        self._name = f"{listing.exchange} {listing.symbol}"
        self._omits_empty = omits_empty
        self._minutes = lru_cache(maxsize=8)(self._day)
        self._blocks = lru_cache(maxsize=128)(self._block)
        self._dailies = lru_cache(maxsize=8192)(self._daily)
        self.first = listing.listed
        self.end = HORIZON

    def finest(self, frame: Frame) -> Frame:
        """What bars of `frame` are made from."""
        return bars.MINUTE if frame.seconds % bars.MINUTE.seconds == 0 else frame

    def offers(self, frame: Frame) -> bool:
        """Whole days, and what divides a day into whole minutes."""
        return frame.seconds % DAY == 0 or (DAY % frame.seconds == 0 and frame.seconds % 60 == 0)

    def bars(self, frame: Frame, first: int, last: int) -> Rows:
        """The whole bars that open in [first, last], also those of the future."""
        first, last = max(first, frame.ceil(self.first)), min(last, self.end - frame.seconds)
        if first > last:
            return bars.EMPTY
        rows = self._long(frame, first, last) if frame.seconds > DAY else self._short(frame, first, last)
        return rows[rows[:, bars.VOLUME] > 0] if self._omits_empty else rows

    def _long(self, frame: Frame, first: int, last: int) -> Rows:
        days = range(frame.floor(first) // DAY, (frame.floor(last) + frame.seconds) // DAY)
        rows = np.concatenate([self._dailies(day) for day in days])
        return bars.between(bars.aggregate(rows, frame), first, last)

    def _short(self, frame: Frame, first: int, last: int) -> Rows:
        made = self._dailies if frame.seconds == DAY else lambda day: self._blocks(frame, day)
        rows = np.concatenate([made(day) for day in range(first // DAY, last // DAY + 1)])
        return bars.between(rows, first, last)

    def _daily(self, day: int) -> Rows:
        return bars.aggregate(self._day(day), bars.DAILY)

    def _block(self, frame: Frame, day: int) -> Rows:
        return bars.aggregate(self._minutes(day), frame)

    def _day(self, day: int) -> Rows:
        """The 1,440 minutes of a day; a quiet one repeats the close before it and has no volume."""
        generator = _random(self._seed, self._name, day)
        quiet = self._quiet(generator)
        closes, minute = self._closes(day, generator, quiet)
        opens = np.concatenate(([self._midnight(day)], closes[:-1]))
        tops, bottoms = np.maximum(opens, closes), np.minimum(opens, closes)
        wicks = np.where(quiet, 0, np.abs(generator.normal(0, WICK * minute, (2, MINUTES))))
        highs = np.maximum(tops, np.round(tops * (1 + wicks[0]), self._listing.price_decimals))
        lows = np.minimum(bottoms, self._rounded(bottoms * (1 - wicks[1])))
        strength = 0.5 + np.abs(np.log(closes / opens)) / minute
        volumes = np.where(quiet, 0, self._volumes(closes, strength, generator))
        return np.column_stack((day * DAY + np.arange(MINUTES) * 60, opens, highs, lows, closes, volumes))

    def _quiet(self, generator: np.random.Generator) -> NDArray[np.bool_]:
        """The minutes without trades: single ones, and now and then a long spell; never the last of the day."""
        share = self._listing.walk.quiet
        quiet = generator.random(MINUTES) < share
        chance, begin, length = generator.random(), generator.integers(MINUTES), generator.integers(15, 150)
        if chance < share * SPELLS:
            quiet[begin : begin + length] = True
        quiet[-1] = False
        return quiet

    def _closes(self, day: int, generator: np.random.Generator, quiet: NDArray[np.bool_]) -> tuple[Array, float]:
        """The last price of each minute, and the volatility of a minute."""
        walk = self._listing.walk
        coin_walk = CoinWalk(walk.volatility, walk.trend, walk.trend_minutes)
        path, minute = _path(self._seed, self._listing.base, coin_walk, day)
        noise = generator.normal(0, NOISE, MINUTES)
        closes = self._rounded(walk.price * (1 + walk.premium) * np.exp(path + noise))
        closes[-1] = self._midnight(day + 1)
        traded = np.maximum.accumulate(np.where(quiet, -1, np.arange(MINUTES)))
        return np.where(traded < 0, self._midnight(day), closes[traded]), minute

    def _midnight(self, day: int) -> float:
        """The price at the start of `day`."""
        walk = self._listing.walk
        level = _midnights(self._seed, self._listing.base, walk.volatility)[0][day]
        return float(self._rounded(walk.price * (1 + walk.premium) * np.exp(level)))

    def _rounded(self, prices: Array) -> Array:
        """Whole ticks, at least one."""
        decimals = self._listing.price_decimals
        return np.maximum(np.round(prices, decimals), round(10.0**-decimals, decimals))

    def _volumes(self, closes: Array, strength: Array, generator: np.random.Generator) -> Array:
        """Whole steps of the amount, at least one; more where the price moves."""
        usual = self._listing.walk.turnover / closes * strength
        decimals = self._listing.amount_decimals
        volumes = np.round(usual * np.exp(generator.normal(-0.3, 0.7, MINUTES)), decimals)
        return np.maximum(volumes, round(10.0**-decimals, decimals))
