"""`python -m backfiller`: the container command and `fleet backfill`."""

import argparse
import sys
from collections.abc import Sequence

import runtime.light_structlog  # noqa: F401  before others load structlog
from backfiller import worker
from backfiller.options import BackfillOptions
from runtime import command
from runtime.command import Parser, common, configured, prepared
from runtime.ctrl_c import INTERRUPTED
from runtime.last_good import configured_or_last_good
from runtime.output import warn
from runtime.reload import Configuration
from runtime.stop import Stop

DESCRIPTION = """\
Fills the shared database with candles for everybody and keeps it fresh: each new candle of a series is asked for once,
however many traders there are. Whatever is missing is written down with its cause (see `fleet gaps`). It may be killed
at any moment; the next run goes on where it was.

It ends with 1 where bars could not be fetched and nobody knows why they are missing. Newest bars in which nobody traded
yet are no failure.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the backfiller to a parser."""
    parser.description = DESCRIPTION
    parser.add_argument("--once", action="store_true", help="end when everything is fetched or explained")
    parser.add_argument(
        "--series",
        action="append",
        default=[],
        metavar="EXCHANGE:SYMBOL:TIMEFRAME",
        help="this series only (repeatable)",
    )
    parser.add_argument(
        "--recheck",
        nargs="*",
        metavar="EXCHANGE:SYMBOL:TIMEFRAME",
        help="ask again for every missing bar of these series (default: of all), then end",
    )


def run(options: argparse.Namespace) -> int:
    """Backfill with parsed options; returns the exit status: 130 where what was to end by itself was interrupted.
    Raises errors of the fleet.
    """
    recheck = options.recheck is not None
    once = options.once or recheck
    chosen = BackfillOptions(frozenset([*(options.recheck or ()), *options.series]), once, recheck)
    configuration = Configuration(lambda: (configured if options.once else configured_or_last_good)(options))
    if once:
        prepared(configuration.current[0])
    with Stop() as stop:
        status = worker.run(configuration, chosen, stop)
    if stop.stopped and once:
        warn("interrupted: what was fetched is stored, the next run goes on from here")
        return INTERRUPTED
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """The command line: returns the exit status."""
    parser = Parser(prog="python -m backfiller")
    common(parser)
    arguments(parser)
    return command.main("backfiller", run, parser, argv)


if __name__ == "__main__":
    sys.exit(main())
