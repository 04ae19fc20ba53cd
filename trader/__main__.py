"""`python -m trader`: the container command and `fleet trade`."""

import argparse
import sys
from collections.abc import Sequence

from runtime import command
from runtime.command import Parser, Plugins, common
from runtime.last_good import configured_or_last_good
from runtime.reload import Configuration
from runtime.stop import Stop
from trader import worker

DESCRIPTION = """\
Trades strategies on paper: waits for closed candles in the shared database, decides once per candle, and writes
decisions, orders, trades, positions and equity. Any number of traders may run; a strategy is traded by one at a time.

examples:
  python -m trader                                 a fair part of all enabled strategies, with the other traders
  python -m trader --strategy btc-bin-1h           one of them (repeatable)

exit status: 0 stopped, 1 failed, 2 wrong configuration or command line
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the trader to a parser."""
    parser.description = DESCRIPTION
    parser.add_argument(
        "--strategy", action="append", default=[], metavar="ID", help="trade this strategy (repeatable)"
    )
    parser.add_argument("--all", action="store_true", help="share all strategies with the other traders; the default")


def run(options: argparse.Namespace) -> int:
    """Trade with parsed options; returns the exit status. Raises errors of the fleet."""
    configuration = Configuration(lambda: configured_or_last_good(options, Plugins.RUN))
    with Stop() as stop:
        return worker.run(configuration, options.strategy, stop)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line: returns the exit status."""
    parser = Parser(prog="python -m trader")
    common(parser)
    arguments(parser)
    return command.main("trader", run, parser, argv)


if __name__ == "__main__":
    sys.exit(main())
