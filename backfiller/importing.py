"""`fleet import`: candles from files into the shared database."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.progress import track

from backfiller import folder
from backfiller.contents import Contents, contradict
from backfiller.file_names import Label
from backfiller.manifest import Load, Manifest, manifest
from backfiller.overlap import overlapping_groups
from backfiller.pairs import Known, flat
from backfiller.plan import OPEN, to_fetch
from backfiller.reader import Reader
from config.settings import Settings
from db import opened
from db.database import Database
from db.files.opening import Archives
from db.files.sheet import SHOWN
from db.market_data import candles, gaps, storing
from db.market_data.checks import Table
from db.market_data.ranges import subtract
from domain.candles import Series, Source
from domain.errors import ConfigError
from domain.gaps import Cause
from domain.text import counted
from runtime.clock import now_ms
from runtime.command import configured, local, prepared
from runtime.output import console, say, warn

DESCRIPTION = """\
Stores candles from files: CSV with any common header or none (Binance's own dumps), with times in seconds, milli- or
microseconds or as dates; Parquet; freqtrade's Feather and JSON; gz and zip around them; all files of a folder. What the
exchange itself has said stands; rows that do not fit are told by line and left out, the good ones beside them are
stored. Importing a file twice changes nothing. Holes become gaps, which the backfiller fills where it can.

The names of files and of the members of a zip tell the series (binance__BTC-USDT__1h, BTC_USDT-1h, Binance's
BTCUSDT-1h-2024-01, Kraken's XBTUSD_60), and so do columns, and a folder that is called after an exchange; all series
that a file names are stored, with --symbol and --timeframe only those. What names, columns, spacing and options say
differently is refused.

It ends with 1 where rows were rejected or a file could not be read; the others are stored.
"""


@dataclass(slots=True)
class Imported:
    """What became of a series in one file; `missing` counts the bars between its first and its last that are not
    stored. `rejected`: lines, and parts of the file, that were not taken. Without a series: what the file said of it.
    """

    file: str
    exchange: str | None
    symbol: str | None
    timeframe: str | None
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
    parser.description = DESCRIPTION
    parser.add_argument(
        "files", nargs="+", type=local, metavar="FILE", help="CSV, JSON, Parquet, Feather, gz, zip, a folder"
    )
    parser.add_argument("--exchange", help="whose candles, such as binance (default: from the file's name)")
    parser.add_argument("--symbol", help="such as BTC/USDT (default: all that the file names)")
    parser.add_argument("--timeframe", help="such as 1h (default: all that the file names)")
    parser.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Import with parsed options; returns the exit status. Raises ConfigError before anything is stored."""
    settings, _ = configured(options)
    _refuse_simulated(settings)
    wish = Label(options.exchange, options.symbol, options.timeframe, options.symbol and flat(options.symbol))
    known = Known(options.exchange, frozenset((each.series.exchange, each.series.symbol) for each in settings.series))
    manifests = [each for path in options.files for each in _manifests(path, wish, known)]
    if options.dry_run:
        found = _imported(None, manifests, wish)
    else:
        prepared(settings)
        with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
            found = _imported(db, manifests, wish)
    if options.format == "json":
        say(json.dumps([asdict(each) for each in found], indent=1))
    else:
        for line in [*(result_line(each, dry=options.dry_run) for each in found), *_summary(found)]:
            say(line)
    return 1 if not found or any(each.rejected for each in found) else 0


def _manifests(path: Path, wish: Label, known: Known) -> list[Manifest]:
    """What a file holds, or all files of a folder."""
    return folder.manifests(path, wish, known) if path.is_dir() else [manifest(path, wish, known)]


def _refuse_simulated(settings: Settings) -> None:
    """Raise ConfigError where the candles would stand among those of a simulated exchange, which makes its own."""
    if settings.environment == "simulated":
        raise ConfigError(
            f"{settings.directory / 'fleet.yaml'} says `environment: simulated`: files hold candles of real exchanges "
            f"and never enter a simulated database ({settings.database}). Import with a configuration that says real; "
            "to trade files on a simulated exchange, let it serve them: `fleet demo --replay FILE`"
        )


def _imported(db: Database | None, manifests: Sequence[Manifest], wish: Label) -> list[Imported]:
    """What became of each series of each file, in their order; without a database nothing is stored."""
    results: dict[int, list[Imported]] = {}
    loads: list[Load] = []
    for each in manifests:
        for sentence in (*each.left, *each.refused):
            warn(sentence)
        if each.refused:
            results.setdefault(len(loads), []).append(Imported(each.path.name, *wish[:3], rejected=len(each.refused)))
        loads += each.loads
    with Archives() as archives:
        reader = Reader(archives, now_ms() // 1000)
        groups = overlapping_groups(loads, reader.survey)
        for group in track(groups, "importing", console=console(), disable=not sys.stderr.isatty()):
            done = imported(db, [reader.read(loads[place]) for place in group])
            for place, found in zip(group, done, strict=True):
                results.setdefault(place, []).extend(found)
    return [each for place in sorted(results) for each in results[place]]


def imported(db: Database | None, found: Sequence[Contents]) -> list[list[Imported]]:
    """Import loads that may hold the same bars: what became of each series of each."""
    if len(found) > 1:
        contradict(found)
    return [_kept(db, each) for each in found]


def _kept(db: Database | None, found: Contents) -> list[Imported]:
    """What became of each series of a load."""
    load = found.load
    _warn_of_rejects(found)
    results = [_stored(db, load.path, series, bars.table) for series, bars in found.bars.items()]
    results = results or [Imported(load.path.name, load.exchange, load.symbol, load.timeframe)]
    results[0].rejected = found.rejected
    return results


def _stored(db: Database | None, path: Path, series: Series, table: Table) -> Imported:
    """Store the bars of a series; gaps are written down before the candles around them are."""
    result = Imported(path.name, series.exchange, series.symbol, series.timeframe, rows=len(table))
    if db is None or not len(table):
        return result
    first, last = int(table[0, 0]), int(table[-1, 0])
    _mark(db, series, table)
    done = storing.store(db, series, table, Source.IMPORT, now_ms())
    result.inserted, result.revised = done.inserted, done.revised
    result.unchanged, result.differing = done.unchanged, done.rejected
    holes = candles.missing(db, series, first, last)
    result.gaps = len(holes)
    result.missing = sum((last - first) // series.seconds + 1 for first, last in holes)
    return result


def result_line(each: Imported, *, dry: bool) -> str:
    """One line for a person."""
    series = " ".join(filter(None, [each.exchange, each.symbol, each.timeframe]))
    head = f"{each.file}: {series}" if series else each.file
    if dry or not each.rows:
        return f"{head}: {counted(each.rows, 'candle')}, {each.rejected} rejected; nothing was stored"
    more = f", {each.differing} differ from what a better source said, which stands" if each.differing else ""
    more += f", {each.revised} revised" if each.revised else ""
    more += f", {each.rejected} rejected" if each.rejected else ""
    holes = f"{counted(each.gaps, 'gap')} with {counted(each.missing, 'bar')}" if each.gaps else "no gaps"
    return f"{head}: {counted(each.rows, 'candle')}, {each.inserted} new, {each.unchanged} known{more}; {holes}"


def _summary(found: Sequence[Imported]) -> list[str]:
    """All of it in one line, where there is more than one."""
    if len(found) < 2:
        return []
    rows, new, rejected = (sum(getattr(each, name) for each in found) for name in ("rows", "inserted", "rejected"))
    empty = sum(not each.rows for each in found)
    counts = f"{counted(rows, 'candle')}, {new} new, {rejected} rejected"
    return [f"together: {counts}; {len(found) - empty} of {len(found)} hold some"]


def _warn_of_rejects(found: Contents) -> None:
    """What is wrong with a load: the first rejected lines of each file, and how many more there are."""
    for sentence in (*found.left, *found.refused):
        warn(sentence)
    for name, rejects in found.rejects.items():
        for reject in rejects.first:
            warn(f"{name}:{reject.number}: {reject.reason}: {reject.text}")
        if rejects.count > SHOWN:
            warn(f"{name}: and {rejects.count - SHOWN} more rejected lines")


def _mark(db: Database, series: Series, table: Table) -> None:
    """Write down every bar that will be missing between the oldest and the newest that are stored or come in now."""
    extent, first, last = candles.extent(db, series), int(table[0, 0]), int(table[-1, 0])
    if extent is not None:
        first, last = min(first, extent[0]), max(last, extent[1])
    there = storing.stretches(table[:, 0], series.seconds)
    missing = subtract(candles.missing(db, series, first, last), there, series.seconds)
    known = gaps.gaps(db, series, first, last)
    gaps.mark_all(db, series, to_fetch(missing, known, OPEN, series.seconds), Cause.NOT_FETCHED)
