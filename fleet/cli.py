"""The `fleet` command: one verb for everything that a person does with a fleet."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from backfiller import __main__ as backfiller
from backfiller import importing
from fleet import changing, containers, controlling, demo, reading, render, up, validate
from runtime.command import common, guarded, moment
from trader import __main__ as trader

Run = Callable[[argparse.Namespace], int]
DESCRIPTION = """\
A fleet of crypto trading bots on one shared database.

first steps:
  fleet demo                 watch a fleet trade on a simulated exchange: no account, no key, no internet
  fleet validate             check config/fleet.yaml and config/strategies/*.yaml, and say what would not trade
  fleet up                   real exchanges, public data, paper money, until Ctrl-C
  fleet status               what every worker, series and strategy is doing
  fleet report               how every strategy performed
"""
STATUSES = "exit status: 0 done, 1 failed or incomplete, 2 wrong configuration or command line"


def main(argv: Sequence[str] | None = None) -> int:
    """The command line: returns the exit status."""
    options = parser().parse_args(argv)
    return guarded(options.room, options.run, options)


def parser() -> argparse.ArgumentParser:
    """All verbs."""
    top = argparse.ArgumentParser(
        prog="fleet", description=DESCRIPTION, epilog=STATUSES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = top.add_subparsers(metavar="VERB", required=True)
    for add in ADDED:
        add(verbs)
    return top


def _verb(verbs: Any, name: str, run: Run, told: str, text: str) -> argparse.ArgumentParser:
    """A verb with the two options of all, and its own help."""
    made: argparse.ArgumentParser = verbs.add_parser(
        name, help=told, description=text, epilog=STATUSES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.set_defaults(run=run, room="fleet")
    return made


def _demo(verbs: Any) -> None:
    made = _verb(verbs, "demo", demo.demo, "watch a fleet trade on a simulated exchange", DEMO)
    common(made)
    made.set_defaults(config=demo.SHIPPED)
    made.add_argument("--seconds", type=_positive, default=60.0, help="stop after so long (default: 60)")
    made.add_argument("--speed", type=_positive, default=600.0, help="candle seconds per second (default: 600)")
    made.add_argument("--seed", type=int, default=1, help="another seed, other prices (default: 1)")
    made.add_argument("--traders", type=_count, metavar="N", help="trader processes (default: as configured)")
    made.add_argument("--fault", action="append", default=[], metavar="FAULT", help=FAULT)
    made.add_argument("--replay", type=Path, nargs="+", metavar="PATH", help="candle files to serve instead of a walk")


def _up(verbs: Any) -> None:
    made = _verb(verbs, "up", up.up, "run the configured fleet", UP)
    common(made)
    made.add_argument("--traders", type=_count, metavar="N", help="trader processes (default: as configured)")


def _validate(verbs: Any) -> None:
    made = _verb(verbs, "validate", validate.validate, "check the configuration", VALIDATE)
    common(made)
    made.add_argument("--offline", action="store_true", help="do not ask the exchanges what they list")


def _migrate(verbs: Any) -> None:
    made = _verb(verbs, "migrate", changing.migrated, "create the database or bring it up to date", MIGRATE)
    common(made)
    made.add_argument(
        "--clock", type=Path, metavar="FILE", help="candle time of a simulated exchange (its --clock FILE)"
    )


def _backfill(verbs: Any) -> None:
    made = _verb(verbs, "backfill", backfiller.run, "fetch candles", "")
    made.set_defaults(room="backfiller")
    common(made)
    backfiller.arguments(made)


def _import(verbs: Any) -> None:
    made = _verb(verbs, "import", importing.run, "store candles from files", "")
    made.set_defaults(room="import")
    common(made)
    importing.arguments(made)


def _trade(verbs: Any) -> None:
    made = _verb(verbs, "trade", trader.run, "trade on paper, or replay over stored candles", "")
    made.set_defaults(room="trader")
    common(made)
    trader.arguments(made)


def _status(verbs: Any) -> None:
    made = _verb(verbs, "status", reading.state, "what workers, series and strategies are doing", STATUS)
    common(made)
    _format(made)


def _gaps(verbs: Any) -> None:
    made = _verb(verbs, "gaps", reading.gaps, "which candles are missing, and why", GAPS)
    common(made)
    _format(made)


def _report(verbs: Any) -> None:
    made = _verb(verbs, "report", reading.report, "how every strategy performed", REPORT)
    common(made)
    made.add_argument("--strategy", action="append", default=[], metavar="ID", help="this strategy only (repeatable)")
    made.add_argument("--since", type=moment, metavar="DATE", help="count from here: 2025-06-01, or Unix seconds")
    made.add_argument(
        "--view", choices=reading.VIEWS, default="strategy_performance", help="another report (default: %(default)s)"
    )
    made.add_argument(
        "--all-columns", action="store_true", help="every column in the table; other formats have them all"
    )
    _format(made)


def _rename(verbs: Any) -> None:
    made = _verb(verbs, "rename", changing.renamed, "give a strategy another id", RENAME)
    common(made)
    made.add_argument("old", metavar="OLD", help="the id it has")
    made.add_argument("new", metavar="NEW", help="an id that never traded")


def _control(verbs: Any, name: str, run: Run, told: str, text: str) -> argparse.ArgumentParser:
    """A verb that steers strategies."""
    made = _verb(verbs, name, run, told, text + CONTROL)
    common(made)
    made.add_argument("strategies", nargs="*", metavar="STRATEGY", help="ids of strategies")
    made.add_argument("--all", action="store_true", help="every enabled strategy")
    made.add_argument("--reason", default="no reason given", help="why; shown in status and in the decisions")
    return made


def _pause(verbs: Any) -> None:
    _control(verbs, "pause", controlling.pause, "no entries, exits go on", PAUSE)


def _resume(verbs: Any) -> None:
    _control(verbs, "resume", controlling.lift, "trade again after a pause", RESUME)


def _stop(verbs: Any) -> None:
    made = _control(verbs, "stop", controlling.stop, "exits only, until flat, then released", STOP)
    made.add_argument("--flatten", action="store_true", help="sell now instead of waiting for an exit")


def _start(verbs: Any) -> None:
    _control(verbs, "start", controlling.lift, "trade again after a stop or failures", RESUME)


def _exit(verbs: Any) -> None:
    _control(verbs, "exit", controlling.leave, "sell what is held, now", EXIT)


def _kill_switch(verbs: Any) -> None:
    made = _verb(verbs, "kill-switch", controlling.kill_switch, "stop every entry of the fleet", KILL_SWITCH)
    common(made)
    made.add_argument("switch", choices=("on", "off"), help="on: no entries; off: take it back")
    made.add_argument("--reason", default="no reason given", help="why")


def _docker(verbs: Any, name: str, run: Run, told: str) -> argparse.ArgumentParser:
    """A verb that looks at the containers of this folder from the host."""
    made = _verb(verbs, name, run, told, DOCKER)
    made.add_argument(
        "--project", default=containers.project(), help="Compose's name of the fleet (default: %(default)s)"
    )
    return made


def _ps(verbs: Any) -> None:
    _format(_docker(verbs, "ps", containers.ps, "containers: replica, strategies, heartbeat, memory, restarts"))


def _scale(verbs: Any) -> None:
    made = _docker(verbs, "scale", containers.scale, "run so many replicas of the trader")
    made.add_argument("replicas", type=_count, metavar="N", help="replicas")
    made.add_argument("--demo", action="store_true", help="of the demo")


def _restart(verbs: Any) -> None:
    _docker(verbs, "restart", containers.restart, "restart the workers one after the other")


def _logs(verbs: Any) -> None:
    made = _docker(verbs, "logs", containers.logs, "the logs of whichever container holds a strategy")
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    made.add_argument("--follow", "-f", action="store_true", help="go on as they come")
    made.add_argument("--tail", type=int, default=100, help="lines to begin with (default: %(default)s)")


def _format(made: argparse.ArgumentParser) -> None:
    made.add_argument("--format", choices=render.FORMATS, default="table", help="(default: %(default)s)")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("must be above 0 and below a million")
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 200:
        raise argparse.ArgumentTypeError("must be from 1 to 200")
    return value


FAULT = "have the simulated exchanges fail, such as 429:binance,count=5 (names: python -m exchange.simulated --help)"
DEMO = """\
Starts a simulated exchange on this machine whose clock runs 600 times as fast, a backfiller and two traders, shows
what they do, stops after a minute (or Ctrl-C), and prints the report. The database of the demo before is replaced.

examples:
  fleet demo
  fleet demo --seconds 20 --seed 7
  fleet demo --fault '5xx:binance,share=0.1'      watch it cope
"""
UP = """\
Starts the backfiller and the traders as processes of this machine, restarts what dies, and shows what they do until
Ctrl-C or SIGTERM. Public data only, paper money only. Their logs are beside the database, in logs/.
"""
VALIDATE = """\
Reads config/fleet.yaml and config/strategies/*.yaml and tells every mistake at once, with its file and line. Then asks
each exchange whether it lists what the strategies trade, and proves on the stored candles that no strategy looks ahead
and that its warm-up is long enough. Changes nothing.
"""
MIGRATE = """\
Creates the database where it is missing and brings it to the schema of this program. Any number of processes may do it
at the same time. Workers never do it by themselves.
"""
STATUS = """\
Reads the database, nothing else: works beside a running fleet and after it. Exits with 1 when a strategy is disabled,
the series that it trades is stale, or a worker goes on with an old configuration because the new one is broken.
"""
GAPS = """\
Every range of missing candles with its cause: not_fetched, no_trades, outage, not_offered, before_listing, delisted,
rejected (docs/metrics.md).
"""
REPORT = """\
Prints a view of the database; docs/metrics.md defines every column. Any SQL client can read the same views:
  sqlite-utils data/trading.db "select * from strategy_performance" --table
"""
RENAME = """\
An id keeps its exchange, symbol, timeframe and mode for ever. Renaming a strategy takes its whole history along and
frees the old id. Stop the fleet first.
"""

DOCKER = """\
Sees the containers of `docker compose up` from the host, through the Docker engine. Nothing in a container gets its
socket.
"""
CONTROL = """\
Written into the database: it works within a second, whoever trades, and survives restarts. `fleet status` shows it.
"""
PAUSE = "No entries; stops, targets and exit signals go on.\n"
RESUME = "Takes back a pause, a stop, and the disabling of a strategy that failed too often.\n"
STOP = "Exits only, until the strategy is flat; then its trader lets it go.\n"
EXIT = "Sells the position at the last close, without waiting for the next candle. It may enter again: pause it too.\n"
KILL_SWITCH = """\
On: no trader enters any more, whatever the timeframe; protective stops and exits go on. It is a file beside the
database (trading.db.halt), which every write transaction of a trader looks at, so it works while somebody holds the
lock. Off: a person takes it back.
"""
ADDED = (
    _demo, _up, _validate, _migrate, _backfill, _import, _trade, _status, _gaps, _report, _rename,
    _ps, _scale, _restart, _logs, _pause, _resume, _stop, _start, _exit, _kill_switch,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
