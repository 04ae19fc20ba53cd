"""The verbs of the `fleet` command: their options, and what carries them out.

Every verb imports what it needs when it is named, and nothing before: start-up stays light.
"""

import argparse
from collections.abc import Callable
from typing import NamedTuple

from runtime.command import common, configuration, date, local, number

Parser = argparse.ArgumentParser
Run = Callable[[argparse.Namespace], int]
Fill = Callable[[Parser], Run]


class Verb(NamedTuple):
    """A word of the command: how its parser is filled, what it is in a line and in full, the room of its logs."""

    fill: Fill
    told: str
    text: str = ""
    room: str = "fleet"


def _demo(made: Parser) -> Run:
    from fleet import demo

    common(made)
    made.set_defaults(config=demo.SHIPPED)
    made.add_argument("--seconds", type=_positive, default=60.0, help="stop after so long (default: 60)")
    made.add_argument("--speed", type=_positive, default=600.0, help="candle seconds per second (default: 600)")
    made.add_argument("--seed", type=int, default=1, help="another seed, other prices (default: 1)")
    made.add_argument("--traders", type=_count, metavar="N", help="trader processes (default: as configured)")
    made.add_argument("--fault", action="append", default=[], metavar="FAULT", help=FAULT)
    made.add_argument("--replay", type=local, nargs="+", metavar="PATH", help="candle files to serve instead of a walk")
    return demo.demo


def _init(made: Parser) -> Run:
    from fleet import starting

    made.add_argument(
        "folder", type=local, nargs="?", default=".", metavar="DIR", help="the folder (default: this one)"
    )
    return starting.init


def _up(made: Parser) -> Run:
    from fleet import up

    common(made)
    made.add_argument("--traders", type=_count, metavar="N", help="trader processes (default: as configured)")
    _accept(made)
    made.add_argument("--last-good", action="store_true", help="start although a file is broken, with what was good")
    return up.up


def _validate(made: Parser) -> Run:
    from fleet import validate

    common(made)
    made.add_argument("--offline", action="store_true", help="do not ask the exchanges what they list")
    _format(made)
    return validate.validate


def _migrate(made: Parser) -> Run:
    from fleet import changing

    common(made)
    made.add_argument(
        "--clock", type=local, metavar="FILE", help="candle time of a simulated exchange (its --clock FILE)"
    )
    _accept(made)
    return changing.migrated


def _backfill(made: Parser) -> Run:
    from backfiller import __main__ as backfiller

    common(made)
    backfiller.arguments(made)
    return backfiller.run


def _import(made: Parser) -> Run:
    from backfiller import importing
    from fleet import inside

    common(made)
    importing.arguments(made)
    return inside.here_only(importing.run)


def _trade(made: Parser) -> Run:
    from fleet import replaying

    common(made)
    replaying.arguments(made)
    return replaying.trade


def _status(made: Parser) -> Run:
    from fleet import inside, reading

    inside.common(made)
    _format(made)
    return inside.wherever(reading.state)


def _gaps(made: Parser) -> Run:
    from fleet import inside, reading

    inside.common(made)
    _format(made)
    return inside.wherever(reading.gaps)


def _report(made: Parser) -> Run:
    from fleet import inside, reading

    inside.common(made)
    made.add_argument("--strategy", action="append", default=[], metavar="ID", help="this strategy only (repeatable)")
    _since(made)
    made.add_argument(
        "--view", choices=reading.VIEWS, default="strategy_performance", help="another report (default: %(default)s)"
    )
    _format(made)
    return inside.wherever(reading.report)


def _trades(made: Parser) -> Run:
    from fleet import inside, trades

    inside.common(made)
    made.add_argument("strategy", nargs="?", metavar="STRATEGY", help="this strategy only")
    made.add_argument("--open", action="store_true", help="only what is open now")
    _since(made)
    _format(made)
    return inside.wherever(trades.trades)


def _chart(made: Parser) -> Run:
    from fleet import chart, inside

    inside.common(made)
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    _since(made)
    made.add_argument("--out", type=chart.out, metavar="FILE", help="keep it as FILE.svg or FILE.html, of this machine")
    made.add_argument("--format", choices=chart.FORMATS, default=chart.FORMATS[0], help="(default: %(default)s)")
    return chart.filed(inside.wherever(chart.drawn))


def _why(made: Parser) -> Run:
    from fleet import inside, why

    inside.common(made)
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    _since(made)
    _format(made)
    return inside.wherever(why.why)


def _sql(made: Parser) -> Run:
    from fleet import inside, querying

    inside.common(made)
    made.add_argument("query", nargs="*", metavar="QUERY", help="a SELECT, or the name of a table, view or question")
    made.add_argument("--param", type=querying.param, action="append", default=[], metavar="NAME=VALUE", help=PARAM)
    made.add_argument("--rows", type=_rows, default=10_000, metavar="N", help="at most so many (default: 10000)")
    made.add_argument("--seconds", type=_positive, default=10.0, help="of computing, at most (default: 10)")
    _format(made)
    return inside.wherever(querying.sql)


def _backup(made: Parser) -> Run:
    from fleet import backups, inside

    inside.common(made)
    made.add_argument("file", type=local, metavar="FILE", help="a new file, where the database is: in its container")
    return inside.wherever(backups.made, changes=True, followed=False)


def _restore(made: Parser) -> Run:
    from fleet import backups, inside

    inside.common(made)
    made.add_argument("file", type=local, metavar="FILE", help="a backup")
    _accept(made)
    return inside.wherever(backups.restored, changes=True, makes=True, followed=False)


def _rename(made: Parser) -> Run:
    from fleet import changing, inside

    inside.common(made)
    made.add_argument("old", metavar="OLD", help="the id it has")
    made.add_argument("new", metavar="NEW", help="an id that never traded")
    return inside.wherever(changing.renamed, changes=True)


def _reset(made: Parser) -> Run:
    from fleet import changing, inside

    inside.common(made)
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    return inside.wherever(changing.begun_anew, changes=True)


def _steers(name: str) -> Fill:
    """How the parser of a verb is filled that steers strategies: `name` is its function in `controlling`."""

    def fill(made: Parser) -> Run:
        from fleet import controlling, inside

        inside.common(made)
        made.add_argument("strategies", nargs="*", metavar="STRATEGY", help="ids of strategies")
        made.add_argument("--all", action="store_true", help="every enabled strategy")
        made.add_argument("--reason", default="no reason given", help="why; shown in status and in the decisions")
        if name == "stop":
            made.add_argument("--flatten", action="store_true", help="sell now instead of waiting for an exit")
        run: Run = getattr(controlling, name)
        return inside.wherever(run, changes=True)

    return fill


def _kill_switch(made: Parser) -> Run:
    from fleet import halting, inside

    inside.common(made)
    told = "on: no entries; off: take it back; without a word: how it stands"
    made.add_argument("switch", choices=("on", "off"), nargs="?", help=told)
    made.add_argument("--reason", default="no reason given", help="why")
    runs = {
        "on": inside.everywhere(halting.kill_switch),
        "off": inside.wherever(halting.kill_switch, changes=True),
        None: inside.wherever(halting.state),
    }
    return lambda options: runs[options.switch](options)


def _ps(made: Parser) -> Run:
    from fleet import containers

    _project(made)
    _format(made)
    return containers.ps


def _scale(made: Parser) -> Run:
    from fleet import containers

    _project(made)
    made.add_argument("replicas", type=_count, metavar="N", help="replicas")
    made.add_argument("--demo", action="store_true", help="of the demo")
    return containers.scale


def _restart(made: Parser) -> Run:
    from fleet import containers

    _project(made)
    return containers.restart


def _logs(made: Parser) -> Run:
    from fleet import inside, logs

    inside.common(made)
    made.add_argument("strategy", nargs="?", metavar="STRATEGY", help="only what is about it (default: everything)")
    made.add_argument("--follow", "-f", action="store_true", help="go on as lines come, until Ctrl-C")
    made.add_argument("--tail", type=_tail, default=100, metavar="N", help="lines to begin with (default: %(default)s)")
    made.add_argument("--raw", action="store_true", help="lines as they were written: JSON")
    return logs.logs


def _schema(made: Parser) -> Run:
    from fleet import schema

    configuration(made)
    made.add_argument("file", choices=schema.FILES, nargs="?", help="of fleet.yaml, or of a strategy (default: both)")
    return schema.schema


def _completion(made: Parser) -> Run:
    from fleet import completion

    made.add_argument("shell", choices=completion.SHELLS, help="the shell")
    return completion.completion


def _project(made: Parser) -> None:
    made.add_argument("--project", metavar="NAME", help="Compose's name of the fleet (default: the one of this folder)")


def _accept(made: Parser) -> None:
    made.add_argument(
        "--accept", metavar="FLEET_ID", help="let the database of this fleet take the place of the one that lived here"
    )


def _since(made: Parser) -> None:
    made.add_argument("--since", type=date, metavar="DATE", help="count from here: 2025-06-01, 7d, yesterday")


def _format(made: Parser) -> None:
    from fleet import render

    made.add_argument("--format", choices=render.FORMATS, default="table", help="(default: %(default)s)")
    made.add_argument(
        "--all-columns",
        action="store_true",
        help="every column in the table, below one another where they do not fit; other formats always have them all",
    )
    made.add_argument(
        "--raw", action="store_true", help="texts of a CSV as they are; without it a ' stands before =, +, - and @"
    )


def _positive(text: str) -> float:
    value = number(text, float)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("must be above 0 and below a million")
    return value


def _rows(text: str) -> int:
    value = int(number(text, int))
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("must be from 1 to 1000000")
    return value


def _tail(text: str) -> int:
    value = int(number(text, int))
    if not 0 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("must be from 0 to 1000000")
    return value


def _count(text: str) -> int:
    value = int(number(text, int))
    if not 1 <= value <= 200:
        raise argparse.ArgumentTypeError("must be from 1 to 200")
    return value


PARAM = "what stands for :NAME in the query (repeatable)"
FAULT = "have the simulated exchanges fail, such as 429:binance,count=5 (names: python -m exchange.simulated --help)"
DEMO = """\
Starts a simulated exchange on this machine whose clock runs 600 times as fast, a backfiller and two traders, shows
what they do, stops after a minute (or Ctrl-C), and prints the report. The database of the demo before is replaced.

examples:
  fleet demo
  fleet demo --seconds 20 --seed 7
  fleet demo --fault '5xx:binance,share=0.1'      watch it cope
"""
INIT = """\
Writes config/fleet.yaml, a strategy of each kind in config/strategies/, docker-compose.yml, .env.example, .gitignore.
Asks nothing, overwrites nothing: where one of them is there already, nothing is written.
"""
UP = """\
Starts the backfiller and the traders as processes of this machine, restarts what dies, and shows what they do until
Ctrl-C or SIGTERM. Public data only, paper money only. Their logs are beside the database, in logs/.

A broken file ends it with 2 on a terminal. Off one, as after a power cut, and with --last-good it starts with what was
good before, and `fleet status` says so. A process that needs a person holds up no other: it is tried again when a file
changes, and every minute.
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
the series that it trades is stale or empty (not one candle yet), an exchange does not answer, or a worker goes on with
an old configuration because the new one is broken.
"""
GAPS = """\
Every range of missing candles with its cause: not_fetched, no_trades, outage, not_offered, before_listing, delisted,
rejected (docs/metrics.md).
"""
REPORT = """\
Prints a view of the database; docs/metrics.md defines every column. Any SQL client can read the same views:
  sqlite-utils data/trading.db "select * from strategy_performance" --table
"""
TRADES = """\
Lists round trips, the newest first: when and why they were closed, how long they were held, what they brought. Below
them stands what is open, marked at the last decided close. Other formats have every column of the view round_trips.

examples:
  fleet trades                               of the whole fleet
  fleet trades btc-bin-1h --since 7d         closed in the last seven days
  fleet trades --open                        what is held now
  fleet trades btc-bin-1h --format csv > trades.csv
"""
CHART = """\
Draws the price of a strategy with its entries and exits, and its equity below: in the terminal, as wide as it is, or as
a file that a browser opens without a network, on light and dark. Of thousands of candles as many stretches are shown as
there is room for, each with its lowest and highest price. Times are UTC. A file that is there already is replaced.

examples:
  fleet chart btc-bin-1h
  fleet chart btc-bin-1h --since 7d
  fleet chart btc-bin-1h --out chart.html
"""
WHY = """\
Counts the decisions of a strategy by their reason, shows the newest of each with what it saw, how the strategy stands
now, and what to do where that is obvious. The counts survive retention; sentences are there as long as their decisions
are kept. docs/metrics.md has every code.

examples:
  fleet why btc-bin-1h
  fleet why btc-bin-1h --since 7d
  fleet why btc-bin-1h --format json
"""
SQL = """\
Answers a query over the database, beside a running fleet, on this machine or in containers. It can only read; without
a query it lists every table, view and saved question with what it is for. A question is saved as a file of one SELECT
in config/queries/, under a comment that says what it answers.

examples:
  fleet sql
  fleet sql leaderboard
  fleet sql "select strategy_id, total_pnl from strategy_performance order by total_pnl desc limit 5"
  fleet sql best-months --format csv
"""
BACKUP = """\
Copies the whole database as it is at this moment, beside a running fleet, and checks the copy before it gets its name.
Never use cp: what was written last lies in trading.db-wal. The file is yours alone, or your group's in its folder.
It replaces nothing.
"""
RESTORE = """\
Puts a backup in the place of the database. Stop the fleet first. The backup is checked: damaged ones, those of another
fleet, and files whose schema this program would not make are refused. What is replaced is kept beside it.
"""
RENAME = """\
An id keeps its exchange, symbol, timeframe and mode for ever. Renaming a strategy takes its whole history along and
frees the old id: whoever has it next starts with the next candle. Refused while a trader acts for the strategy.
"""
RESET = """\
Begins a strategy on paper anew: with its capital, under its configuration, from the next candle on. What it did until
now stays under another id (ID~1, then ID~2...), which reports call removed. No candle is decided twice. It works beside
a running fleet, and is refused while the strategy holds a position. A pause or stop of it remains.

examples:
  fleet reset btc-bin-1h
  fleet pause btc-bin-1h; fleet exit btc-bin-1h; fleet reset btc-bin-1h; fleet resume btc-bin-1h
  fleet report --strategy btc-bin-1h~1       how the one before it did
"""

DOCKER = """\
Sees the containers of `docker compose up` from the host, through the Docker engine. Nothing in a container gets its
socket.
"""
LOGS = """\
Shows what the workers of a fleet wrote down, in the order in which it happened: from the files of `fleet up` beside the
database, or from the containers of this folder. With a strategy's id only what is about it, whoever traded it.
"""
CONTROL = """\
Written into the database: it works within a second, whoever trades, and survives restarts. `fleet status` shows it. It
acts where workers live, here or in the containers of this folder, and says where.
"""
PAUSE = "No entries; stops, targets and exit signals go on.\n"
RESUME = "Takes back a pause. Who was stopped or disabled stays so, and 1 says that one you have named does.\n"
START = "Takes back a pause, a stop, an order to sell, and the disabling of a strategy that failed too often.\n"
STOP = "Exits only, until the strategy is flat; then its trader lets it go.\n"
EXIT = "Sells the position at the last close, without waiting for the next candle. It may enter again: pause it too.\n"
KILL_SWITCH = """\
On: no trader enters any more, whatever the timeframe; protective stops and exits go on. It is a file beside the
database (trading.db.halt), which every write transaction of a trader looks at, so it works while somebody holds the
lock. Where workers live here and in containers of this folder, it is turned on in both. Off: a person takes it back.
"""
SCHEMA = """\
Prints the JSON Schema of fleet.yaml and of strategies/*.yaml, the kinds of your own plugins included. Editors complete
and check by the file that the first line of a YAML file names; after a kind of your own is new or has changed:
  fleet schema strategy > config/schema/strategy.json
"""
COMPLETION = """\
Prints what completes verbs, options and values, among them the ids of strategies. To have it in every shell:
  bash   fleet completion bash >> ~/.bashrc
  zsh    fleet completion zsh >> ~/.zshrc            below the line that calls compinit
  fish   fleet completion fish > ~/.config/fish/completions/fleet.fish
"""
VERBS = {
    "demo": Verb(_demo, "watch a fleet trade on a simulated exchange", DEMO),
    "init": Verb(_init, "make a folder to start in", INIT),
    "up": Verb(_up, "run the configured fleet", UP),
    "validate": Verb(_validate, "check the configuration", VALIDATE),
    "migrate": Verb(_migrate, "create the database or bring it up to date", MIGRATE),
    "backfill": Verb(_backfill, "fetch candles", room="backfiller"),
    "import": Verb(_import, "store candles from files", room="import"),
    "trade": Verb(_trade, "trade on paper, or replay over stored candles", room="trader"),
    "status": Verb(_status, "what workers, series and strategies are doing", STATUS),
    "gaps": Verb(_gaps, "which candles are missing, and why", GAPS),
    "report": Verb(_report, "how every strategy performed", REPORT),
    "trades": Verb(_trades, "round trips, newest first, and what is open", TRADES),
    "chart": Verb(_chart, "price, entries, exits and equity of a strategy as a picture", CHART),
    "why": Verb(_why, "why a strategy traded, or did not", WHY),
    "sql": Verb(_sql, "ask the database a question of your own, or a saved one", SQL),
    "backup": Verb(_backup, "copy the database beside a running fleet", BACKUP),
    "restore": Verb(_restore, "put a backup in the place of the database", RESTORE),
    "rename": Verb(_rename, "give a strategy another id", RENAME),
    "reset": Verb(_reset, "begin a strategy anew, and keep what it did apart", RESET),
    "ps": Verb(_ps, "containers: replica, strategies, heartbeat, memory, restarts", DOCKER),
    "scale": Verb(_scale, "run so many replicas of the trader", DOCKER),
    "restart": Verb(_restart, "restart the workers one after the other", DOCKER),
    "logs": Verb(_logs, "what the workers did, of one strategy or all", LOGS),
    "pause": Verb(_steers("pause"), "no entries, exits go on", PAUSE + CONTROL),
    "resume": Verb(_steers("resume"), "trade again after a pause", RESUME + CONTROL),
    "stop": Verb(_steers("stop"), "exits only, until flat, then released", STOP + CONTROL),
    "start": Verb(_steers("start"), "trade again after a stop or failures", START + CONTROL),
    "exit": Verb(_steers("leave"), "sell what is held, now", EXIT + CONTROL),
    "kill-switch": Verb(_kill_switch, "stop every entry of the fleet", KILL_SWITCH),
    "schema": Verb(_schema, "what editors complete and check the files by", SCHEMA),
    "completion": Verb(_completion, "complete the command in bash, zsh or fish", COMPLETION),
}
