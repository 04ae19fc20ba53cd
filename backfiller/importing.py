"""`fleet import`: candles from files into the shared database."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.progress import track

from backfiller.plan import OPEN, todo
from config.settings import Settings
from config.values import exchange, symbol, timeframe
from db import candles, files, gaps
from db.checks import sound_rows
from db.connection import Database, connect
from db.files import Line, Reject
from db.ranges import runs, subtract
from domain import timeframes
from domain.candles import Series, Source, fault
from domain.errors import ConfigError, Rejected
from domain.gaps import Cause
from runtime.clock import now_ms
from runtime.command import configured, local, prepared
from runtime.output import console, say, warn

DESCRIPTION = """\
Stores candles from files: CSV with any common header or none (Binance's own dumps), with times in seconds, milli- or
microseconds or as dates; Parquet; Feather (freqtrade's); gz and zip around them. What the exchange itself has said
stands; rows that do not fit are told by line and left out, the good ones beside them are stored. Importing a file twice
changes nothing. Holes become gaps, which the backfiller fills where it can.

examples:
  fleet import binance__BTC-USDT__1h.csv.gz
  fleet import BTCUSDT-1h-2024-*.zip --exchange binance --symbol BTC/USDT --timeframe 1h
  fleet import user_data/data/BTC_USDT-1h.feather --exchange binance --dry-run

exit status: 0 everything stored, 1 rows were rejected or a file could not be read, 2 used wrongly
"""
NAME = re.compile(
    r"(?:(?P<exchange>[a-z0-9]+)__)?(?P<base>[A-Za-z0-9]+)[-_](?P<quote>[A-Za-z0-9]+)(?:__|-)(?P<timeframe>\d+[mhdw])"
)
WEEK = timeframes.UNITS["w"]
EMPTY: npt.NDArray[np.float64] = np.empty((0, 6))
SHOWN = 20  # rejected lines that are printed of a file
THURSDAYS = (
    "its weeks open on Thursdays, as those of Kraken and KuCoin do; weeks open on Mondays here: import 1d, and the "
    "backfiller makes 1w out of it"
)


@dataclass(slots=True)
class Imported:
    """What became of one file; `missing` counts the bars between its first and its last that are not stored."""

    file: str
    exchange: str
    symbol: str
    timeframe: str
    rows: int = 0
    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    differing: int = 0
    rejected: int = 0
    gaps: int = 0
    missing: int = 0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the import to a parser."""
    parser.description, parser.formatter_class = DESCRIPTION, argparse.RawDescriptionHelpFormatter
    parser.add_argument("files", nargs="+", type=local, metavar="FILE", help="CSV, Parquet or Feather; gz or zip")
    parser.add_argument("--exchange", help="whose candles, such as binance (default: from the file's name)")
    parser.add_argument("--symbol", help="such as BTC/USDT (default: from the file's name)")
    parser.add_argument("--timeframe", help="such as 1h (default: from the file's name)")
    parser.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Import with parsed options; returns the exit status. Raises ConfigError before anything is stored."""
    settings, _ = configured(options)
    _refuse_simulated(settings)
    tasks = [(path, named(path, options)) for path in options.files]
    shown = track(tasks, "importing", console=console(), disable=not sys.stderr.isatty())
    if options.dry_run:
        found = [_read(path, series)[0] for path, series in shown]
    else:
        prepared(settings)
        with connect(settings.database, any_filesystem=settings.any_filesystem) as db:
            found = [stored(db, path, series) for path, series in shown]
    if options.format == "json":
        say(json.dumps([asdict(each) for each in found], indent=1))
    else:
        for each in found:
            say(told(each, dry=options.dry_run))
    return 1 if any(each.rejected for each in found) else 0


def _refuse_simulated(settings: Settings) -> None:
    """Raise ConfigError where the candles would stand among those of a simulated exchange, which makes its own."""
    if settings.environment == "simulated":
        raise ConfigError(
            f"{settings.directory / 'fleet.yaml'} says `environment: simulated`: files hold candles of real exchanges "
            f"and never enter a simulated database ({settings.database}). Import with a configuration that says real; "
            "to trade files on a simulated exchange, let it serve them: `fleet demo --replay FILE`"
        )


def named(path: Path, options: argparse.Namespace) -> Series:
    """The series of a file: what the options say, else what its name says. Raises ConfigError where neither does."""
    match = NAME.match(path.name)
    words = match.groupdict() if match else {}
    pair = f"{words['base']}/{words['quote']}".upper() if match else None
    chosen = {
        "exchange": (options.exchange or words.get("exchange"), exchange),
        "symbol": (options.symbol or pair, symbol),
        "timeframe": (options.timeframe or words.get("timeframe"), timeframe),
    }
    found = []
    for name, (value, parse) in chosen.items():
        if value is None:
            raise ConfigError(f"{path}: its name does not tell the {name}: give --{name}")
        try:
            found.append(parse(value))
        except ValueError as error:
            raise ConfigError(f"{path}: {name} {value!r} {error}") from error
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file")
    return Series(*found)


def stored(db: Database, path: Path, series: Series) -> Imported:
    """Import one file; gaps are written down before the candles around them are stored."""
    result, table = _read(path, series)
    if not len(table):
        return result
    opens = [int(each) for each in table[:, 0]]
    _mark(db, series, opens)
    done = candles.store(db, series, table, Source.IMPORT, now_ms())
    result.inserted, result.revised = done.inserted, done.revised
    result.unchanged, result.differing = done.unchanged, done.rejected
    holes = candles.missing(db, series, opens[0], opens[-1])
    result.gaps = len(holes)
    result.missing = sum((last - first) // series.seconds + 1 for first, last in holes)
    return result


def told(each: Imported, *, dry: bool) -> str:
    """One line for a person."""
    series = f"{each.exchange} {each.symbol} {each.timeframe}"
    if dry:
        return f"{each.file}: {series}: {each.rows} candles, {each.rejected} rejected; nothing was stored"
    more = f", {each.differing} differ from what a better source said, which stands" if each.differing else ""
    more += f", {each.revised} revised" if each.revised else ""
    more += f", {each.rejected} rejected" if each.rejected else ""
    holes = f"{each.gaps} gaps with {each.missing} bars" if each.gaps else "no gaps"
    return f"{each.file}: {series}: {each.rows} candles, {each.inserted} new, {each.unchanged} known{more}; {holes}"


def _read(path: Path, series: Series) -> tuple[Imported, npt.NDArray[np.float64]]:
    """The good rows of a file, ascending, and what became of the others, which are told on stderr."""
    result = Imported(path.name, series.exchange, series.symbol, series.timeframe)
    lines: list[Line] = []
    rejects: list[Reject] = []
    try:
        for part in files.parts(path, series.symbol.partition("/")[0]):
            lines += part.lines
            rejects += part.rejects
    except (Rejected, OSError) as error:
        warn(error)
        result.rejected = 1
        return result, EMPTY
    table, wrong = _sound(lines, series.seconds, now_ms() // 1000)
    rejects += wrong
    result.rows, result.rejected = len(table), len(rejects)
    _tell(path, rejects)
    if rejects and _thursdays(lines, series.seconds):
        warn(f"{path.name}: {THURSDAYS}")
    return result, table


def _sound(lines: Sequence[Line], length: int, now: int) -> tuple[npt.NDArray[np.float64], list[Reject]]:
    """The rows that are closed candles, ascending and each bar once, and the others with their reasons."""
    if not lines:
        return EMPTY, []
    table = np.array([line.values for line in lines], dtype=np.float64)
    closed = table[:, 0] + length <= now
    sound = sound_rows(table, length) & closed & (table[:, 0] > 0)
    wrong = [_reason(lines[place], length, closed=bool(closed[place])) for place in np.flatnonzero(~sound).tolist()]
    _, first, back = np.unique(table[:, 0], return_index=True, return_inverse=True)
    twice = sound & (table != table[first[back]]).any(axis=1)
    wrong += [_twice(lines[place]) for place in np.flatnonzero(twice).tolist()]
    table = table[sound & ~twice]
    return np.unique(table, axis=0), wrong


def _reason(line: Line, length: int, *, closed: bool) -> Reject:
    reason = fault(line.values, length) or ("not closed yet" if not closed else "timestamp before 1970")
    return Reject(line.number, reason, _text(line))


def _twice(line: Line) -> Reject:
    return Reject(line.number, "differs from an earlier line of the same bar", _text(line))


def _thursdays(lines: Sequence[Line], length: int) -> bool:
    """Whether these are weeks that open as the epoch did."""
    return length % WEEK == 0 and all(line.values[0] % WEEK == 0 for line in lines)


def _text(line: Line) -> str:
    return ",".join(f"{value:.10g}" for value in line.values)


def _tell(path: Path, rejects: Sequence[Reject]) -> None:
    """The first rejected lines, and how many more there are."""
    for reject in sorted(rejects)[:SHOWN]:
        warn(f"{path.name}:{reject.number}: {reject.reason}: {reject.text}")
    if len(rejects) > SHOWN:
        warn(f"{path.name}: and {len(rejects) - SHOWN} more rejected lines")


def _mark(db: Database, series: Series, opens: Sequence[int]) -> None:
    """Write down every bar that will be missing between the oldest and the newest that are stored or come in now."""
    extent = candles.extent(db, series)
    first = min(opens[0], extent[0]) if extent else opens[0]
    last = max(opens[-1], extent[1]) if extent else opens[-1]
    missing = subtract(candles.missing(db, series, first, last), runs(opens, series.seconds), series.seconds)
    known = gaps.gaps(db, series, first, last)
    gaps.mark_all(db, series, todo(missing, known, OPEN, series.seconds), Cause.NOT_FETCHED)
