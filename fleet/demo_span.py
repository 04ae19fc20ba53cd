"""From when to when a demo trades, in candle time: the same for everybody, or the newest part of files to replay."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from config.fleet_file import exchange_defaults
from config.settings import Settings
from domain import timeframes
from domain.candles import Series
from domain.dates import moment
from domain.decide import stale_after
from domain.errors import ConfigError
from runtime.clock import Clock, now_ms

BEGIN = 1_743_379_200  # 2025-03-31 00:00 UTC, a Monday: bars of every length close at that moment
MARGIN = 2.0  # seconds of candle time from when a bar counts as closed until it has been asked for


class ReplayedSpan(NamedTuple):
    """From the open of the oldest to the close of the newest candle of a series that files hold, Unix seconds."""

    first: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSpan:
    """The candle time of a demo: from the close `begin` to the close `end` (Unix seconds), at `speed` candle seconds a
    second. Bars close every `step` seconds, and count as closed `settle` seconds later.
    """

    begin: int
    end: int
    step: int
    settle: float
    speed: float

    @property
    def closes(self) -> range:
        """Every moment at which a bar of the shortest timeframe closes."""
        return range(self.begin, self.end + 1, self.step)

    def gate_ms(self, close: int) -> int:
        """How far candle time runs before what closed at `close` is decided: the bar can have been asked for by then,
        also once more, and an entry on it is not stale.
        """
        return round(1000 * (close + max(self.settle + MARGIN, stale_after(self.step) / 2)))

    def passed(self, now_ms: int) -> str:
        """How much of it is over when candle time is `now_ms`, in words."""
        done = (now_ms - self.gate_ms(self.begin)) / 1000 / self.speed
        length = (self.end - self.begin) / self.speed
        return f"{min(max(done, 0.0), length):.0f} of {length:.0f} s"

    def clock(self, file: Path | None = None) -> Clock:
        """A clock that shows the beginning now; what a `file` says of it counts."""
        return Clock(self.gate_ms(self.begin), now_ms(), self.speed, file)


def planned(settings: Settings, options: argparse.Namespace, spans: Mapping[Series, ReplayedSpan]) -> DemoSpan:
    """The span of a demo with these options, whose files hold so much. Raises ConfigError where that is too little."""
    traded = {each.series for each in settings.strategies if each.enabled}
    steps = {series.seconds for series in traded} or {timeframes.DAY}
    length = options.seconds * options.speed
    begin = _before_the_end(spans, length, max(steps)) if options.replay else BEGIN
    names = {each.exchange for each in traded}
    known = [settings.exchanges.get(each) or exchange_defaults(each) for each in names]
    return DemoSpan(
        begin=begin,
        end=begin + int(length // min(steps)) * min(steps),
        step=min(steps),
        settle=max((each.settle for each in known), default=0.0),
        speed=options.speed,
    )


def replayed(paths: Sequence[Path], traded: Iterable[Series]) -> dict[Series, ReplayedSpan]:
    """What files hold of what is traded; nothing without files. Raises ConfigError where none holds any of it."""
    if not paths:
        return {}
    from exchange.simulated import bars, replay  # noqa: PLC0415  brings numpy
    from exchange.simulated.server import DIALECTS  # noqa: PLC0415  brings aiohttp: nobody else needs either

    series = sorted(traded)
    try:
        found = {(each.exchange, each.symbol): source for each, source in replay.markets(replay.files(paths, DIALECTS))}
        sources = {each: found[each.exchange, each.symbol] for each in series if (each.exchange, each.symbol) in found}
        spans = {
            each: ReplayedSpan(source.first, source.end)
            for each, source in sources.items()
            if source.offers(bars.frame(each.timeframe))
        }
    except (OSError, ValueError) as error:
        raise ConfigError(f"--replay: {error}") from error
    if not spans:
        names = ", ".join(map(str, series))
        raise ConfigError(f"--replay: the files hold nothing that is traded here, which is {names}")
    return spans


def _before_the_end(spans: Mapping[Series, ReplayedSpan], length: float, longest: int) -> int:
    """Where the newest `length` seconds begin that all of this holds, when bars of every length close."""
    first, end = max(each.first for each in spans.values()), min(each.end for each in spans.values())
    begin = timeframes.floor(int(end - length), longest)
    if begin <= first:
        raise ConfigError(
            f"--replay: the files hold {moment(first)} to {moment(end)}, which is less than --seconds times --speed "
            f"({length / 3600:.0f} h): make one of them smaller"
        )
    return begin
