"""Replayed candles: files named ``exchange__BASE-QUOTE__timeframe.csv`` or ``.csv.gz``.

They hold ``timestamp,open,high,low,close,volume`` under one header line; timestamp is the bar's open in whole Unix
seconds UTC, ascending, missing bars left missing. What stands in a file is served as it stands there. A timeframe
without a file of its own is made from the finest file of that market.
"""

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from domain.timeframes import seconds
from exchange.simulated import bars
from exchange.simulated.bars import Frame, Rows
from exchange.simulated.listings import LISTINGS, Listing

NAME = re.compile(r"(?P<exchange>\w+?)__(?P<base>\w+)-(?P<quote>\w+)__(?P<timeframe>[1-9]\d*[mhdw])\.csv(\.gz)?")
SAMPLE = 5000  # rows looked at to learn how many decimals a market's prices have


class ReplayFile:
    """One file; it is read when it is first asked for."""

    def __init__(self, path: Path, name: re.Match[str]) -> None:
        self.path = path
        self.exchange = name["exchange"]
        self.symbol = f"{name['base']}/{name['quote']}"
        self.seconds = seconds(name["timeframe"])

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The opens of its first and last candle. Raises ValueError where they are not there."""
        with gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb") as lines:
            next(lines, b"")
            first = last = next(lines, b"")
            for last in lines:  # noqa: B007 (what is wanted is the last one)
                pass
        try:
            return int(first.split(b",")[0]), int(last.split(b",")[0])
        except ValueError as exc:
            raise ValueError(f"{self.path}: expected a header line and rows that start with Unix seconds") from exc

    @cached_property
    def rows(self) -> Rows:
        """Its candles. Raises ValueError naming the file where it does not hold what it should."""
        try:
            rows = np.loadtxt(self.path, delimiter=",", skiprows=1, ndmin=2)
        except ValueError as exc:
            raise ValueError(f"{self.path}: {exc}") from exc
        if rows.shape[1:] != (6,) or not len(rows) or np.any(np.diff(rows[:, 0]) <= 0):
            raise ValueError(f"{self.path}: expected six columns, ascending timestamps and at least one row")
        return rows


class Replay:
    """The candles of one market out of its files."""

    def __init__(self, files: Iterable[ReplayFile]) -> None:
        self._files: Mapping[int, ReplayFile] = {file.seconds: file for file in files}

    @cached_property
    def first(self) -> int:
        """The open of the oldest bar, Unix seconds."""
        return min(file.ends[0] for file in self._files.values())

    @cached_property
    def end(self) -> int:
        """The close of the newest bar, Unix seconds."""
        return max(file.ends[1] + file.seconds for file in self._files.values())

    def finest(self, frame: Frame) -> Frame:
        """What bars of `frame` are made from."""
        fitting = [length for length in self._files if frame.seconds % length == 0]
        return Frame("", min(fitting)) if fitting else frame

    def offers(self, frame: Frame) -> bool:
        """Timeframes with a file, and multiples of one."""
        return any(frame.seconds % length == 0 for length in self._files)

    def bars(self, frame: Frame, first: int, last: int) -> Rows:
        """The whole bars that open in [first, last], also those of the future."""
        own = self._files.get(frame.seconds)
        if own is not None:
            return bars.between(own.rows, first, last)
        finest = self.finest(frame).seconds
        begin, end = frame.ceil(first), frame.floor(last) + frame.seconds
        return bars.aggregate(bars.between(self._files[finest].rows, begin, end - finest), frame)

    @cached_property
    def decimals(self) -> int:
        """How many decimals the prices have, 8 at most."""
        prices = self._files[max(self._files)].rows[-SAMPLE:, bars.OPEN : bars.VOLUME]
        return next((places for places in range(8) if np.array_equal(np.round(prices, places), prices)), 8)


def files(paths: Iterable[Path], exchanges: Iterable[str]) -> Iterator[ReplayFile]:
    """The files that `paths` name; of a folder those whose name fits and whose exchange is simulated.

    Raises ValueError for a named file whose name does not fit.
    """
    simulated = set(exchanges)
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else (path,):
            name = NAME.fullmatch(file.name)
            if name is not None and name["exchange"] in simulated:
                yield ReplayFile(file, name)
            elif file == path:
                known = ", ".join(sorted(simulated))
                raise ValueError(f"{file}: name it EXCHANGE__BASE-QUOTE__TIMEFRAME.csv[.gz] with one of {known}")


def markets(found: Iterable[ReplayFile]) -> Iterator[tuple[Listing, Replay]]:
    """One market per exchange and symbol; steps and minima of a market that is not known are read off its prices."""
    known = {(listing.exchange, listing.symbol): listing for listing in LISTINGS}
    grouped: dict[tuple[str, str], list[ReplayFile]] = {}
    for file in found:
        grouped.setdefault((file.exchange, file.symbol), []).append(file)
    for key, members in grouped.items():
        replay = Replay(members)
        yield known.get(key) or Listing(exchange=key[0], symbol=key[1], price_decimals=replay.decimals), replay
