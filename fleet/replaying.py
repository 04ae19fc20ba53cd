"""`fleet trade`: the trader, or with --replay the report of its turns over stored candles, in a database apart."""

import argparse
import os
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import progress as bars

from config.settings import StrategySettings
from db import opened
from db.reading import problems, reports
from db.sqlite import filesystem, identity, private
from domain.dates import moment
from domain.errors import ConfigError, Unavailable
from domain.fees import Fees
from domain.text import counted
from fleet import reading, render
from runtime import log
from runtime.command import Plugins, candle_time, configured, date, local
from runtime.ctrl_c import INTERRUPTED
from runtime.output import console, warn
from runtime.stop import Stop
from trader import __main__ as trader
from trader import replay
from trader.assuming import described
from trader.registration import wanted

NOISE = ("lease_taken", "trade", "turn", "replayed")  # events that a report of trades makes superfluous
TOLD = (*NOISE, "replay", "replay_stopped")  # and those of which a terminal has a bar and a line
FOREVER = 2**40  # later than every candle
ONLY = {"first": "--from", "last": "--to", "keep": "--keep", "format": "--format"}  # what belongs to --replay
COMPANY = (".lock", ".fleet_id")  # what a database has beside it while it is used
OURS = ("", "-wal", "-shm", *COMPANY)
BESIDE = ("", *filesystem.COMPANY)  # files that would be taken for those of a database
DESCRIPTION = """\
Trades strategies on paper, as `python -m trader` does.

With --replay the same turns are taken over stored candles, each bar with the clock at its own close, and the report is
printed: ten strategies over three years of hours take a minute or two. The database (--database) is only read,
also beside a running fleet: candles, gaps and markets are copied into one in the system's folder for temporary files
(another one: TMPDIR), in which each strategy starts with its capital. It is removed at the end, or kept with --keep.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the trader and of the replay to a parser."""
    trader.arguments(parser)
    parser.description = DESCRIPTION
    group = parser.add_argument_group("replay")
    group.add_argument("--replay", action="store_true", help="walk over stored candles and print the report")
    group.add_argument(
        "--from", dest="first", type=date, metavar="DATE", help="first candle: 2025-06-01, 7d (before now), yesterday"
    )
    group.add_argument(
        "--to", dest="last", type=date, metavar="DATE", help="last candle (a day: its first one); default: the newest"
    )
    group.add_argument("--keep", type=local, metavar="FILE", help="keep what was decided in this new database")
    group.add_argument("--format", choices=render.FORMATS, help="(default: table)")


def trade(options: argparse.Namespace) -> int:
    """Trade until stopped, or replay; the exit status. Raises ConfigError for options that do not belong together."""
    if options.replay:
        return _replay(options)
    stray = [option for name, option in ONLY.items() if getattr(options, name) is not None]
    if stray:
        raise ConfigError(f"{', '.join(stray)}: only with --replay")
    return trader.run(options)


def _replay(options: argparse.Namespace) -> int:
    """Walk, print the report, and say over which series nobody could walk and which strategies failed: status 1; 130
    where it was interrupted.
    """
    settings, kinds = configured(options, Plugins.RUN)
    _refuse_nothing(settings.database)
    part = replay.Part(options.strategy, *_span(settings.database, options), _tracked)
    chosen = wanted(settings, options.strategy)
    with _database(options.keep) as path:
        with Stop() as stop, log.without_events(*(TOLD if sys.stderr.isatty() else NOISE)):
            walked, short = replay.run(settings, kinds, part, path, stop, _published)
        if walked or not stop.stopped:
            warn(_said(walked, len(chosen)))
        notes, failed = _report(path, options, chosen.values())
    if stop.stopped:
        warn(f"stopped before its {'end: the report is of the candles until then' if walked else 'first decision'}")
    if options.keep:
        warn(f"kept in {path}: `fleet report --database {path}`")
    for sentence in (*notes, *(f"{series}: {reason}" for series, reason in short.items()), *failed):
        warn(sentence)
    return INTERRUPTED if stop.stopped else 1 if short or failed else 0


def _tracked(ends: Sequence[int]) -> Iterable[int]:
    """How far the walk has come: a bar on a terminal, lines of the log off it."""
    if not sys.stderr.isatty():
        return ends
    return bars.track(ends, "replays", console=console(), transient=True)


def _said(walked: replay.Walked | None, strategies: int) -> str:
    """What was walked, in words."""
    if walked is None:
        return "replayed nothing: no candle of that time is stored"
    span = f"{moment(walked.first)} to {moment(walked.last)}"
    return f"replayed {span}: {counted(walked.decisions, 'decision')} of {counted(strategies, 'strategy')}"


def _published(exchange: str) -> Fees | None:
    """What an exchange charges that is not in the table of the house."""
    from exchange.markets import published  # noqa: PLC0415  brings ccxt, which hardly any replay needs

    return published(exchange)


def _span(database: Path, options: argparse.Namespace) -> tuple[int, int]:
    """The first and the last candle that are meant, Unix seconds. Raises ConfigError where nothing lies between."""
    with opened(database, read_only=True) as db:
        now = candle_time(db)
    first, last = options.first.at(now) if options.first else 0, options.last.at(now) if options.last else FOREVER
    if first > last:
        span = f"--from {moment(first)} is later than --to {moment(last)}"
        raise ConfigError(f"{span}: nothing lies between")
    return first, last


def _refuse_nothing(database: Path) -> None:
    """Raise ConfigError where there is no database that could hold candles."""
    if not database.exists():
        identity.refuse_gone(database)
        raise ConfigError(
            f"{database} does not exist, so there are no candles to replay: `fleet backfill --once` or "
            "`fleet import FILE` makes and fills it; --database FILE names another one"
        )


def _report(
    path: Path, options: argparse.Namespace, walked: Collection[StrategySettings]
) -> tuple[list[str], list[str]]:
    """Print what `fleet report` prints; the markets it was traded on and the strategies that failed, in words. A
    connection that may write takes the file's `-wal` along when it is closed.
    """
    with opened(path, any_filesystem=True) as db:
        rows = [dict(row) for row in reports.rows(db, "strategy_performance")]
        totals = [dict(row) for row in reports.totals(db)]
        notes = described(db, {each.series for each in walked})
        failed = problems.failures(db)
    form = options.format or "table"
    shown: dict[str, object] = {
        "format": form,
        "view": "strategy_performance",
        "all_columns": False,
        "strategy": [],
        "raw": False,
    }
    reading.show(rows, totals, argparse.Namespace(**shown))
    return notes, failed


@contextmanager
def _database(keep: Path | None) -> Iterator[Path]:
    """Where the replay writes: a file that is removed again, or `keep`, which stays unless something fails."""
    if keep is None:
        try:
            folder = tempfile.TemporaryDirectory(prefix="tradefleet-replay-")
        except OSError as error:
            raise Unavailable(f"no folder for temporary files ({error.strerror}): name one with TMPDIR") from error
        with folder as name:
            yield Path(name) / "replay.db"
        return
    _reserve(keep)
    done = False
    try:
        yield keep
        done = True
    finally:
        for ending in COMPANY if done else OURS:
            keep.with_name(f"{keep.name}{ending}").unlink(missing_ok=True)


def _reserve(keep: Path) -> None:
    """Make the file to keep. Raises ConfigError where there is one, or one that would be taken for a part of it."""
    for ending in BESIDE:
        file = keep.with_name(f"{keep.name}{ending}")
        if os.path.lexists(file):
            raise ConfigError(f"--keep {keep}: {file} exists already; name another file")
    try:
        private.new(keep)
    except OSError as error:
        raise ConfigError(f"--keep {keep}: {error.strerror}; name another file") from error
