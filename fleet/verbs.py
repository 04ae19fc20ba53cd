"""The verbs of the `fleet` command: their options, and what carries them out.

Every verb imports what it needs when it is named, and nothing before: start-up stays light.
"""

import argparse
from collections.abc import Callable
from typing import NamedTuple

from fleet import verb_texts as texts
from runtime.command import common, configuration, date, local, number

Parser = argparse.ArgumentParser
Run = Callable[[argparse.Namespace], int]
Fill = Callable[[Parser], Run]


class Verb(NamedTuple):
    """A word of the command: how its parser is filled, what it is in a line and in full, the room of its logs, and
    whether it starts something.
    """

    fill: Fill
    told: str
    text: str = ""
    room: str = "fleet"
    starts: bool = False


def _demo(made: Parser) -> Run:
    from fleet import demo

    common(made)
    made.set_defaults(config=demo.SHIPPED)
    made.add_argument(
        "--seconds",
        type=_positive,
        default=60.0,
        help="stop after so many seconds of a clock that never waits (default: 60)",
    )
    made.add_argument("--speed", type=_positive, default=600.0, help="candle seconds per second (default: 600)")
    made.add_argument("--seed", type=int, default=1, help="another seed, other prices (default: 1)")
    made.add_argument(
        "--traders", type=_whole(1, PROCESSES), metavar="N", help="trader processes (default: as configured)"
    )
    made.add_argument("--fault", action="append", default=[], metavar="FAULT", help=FAULT)
    made.add_argument("--replay", type=local, nargs="+", metavar="PATH", help="candle files to serve instead of a walk")
    return demo.demo


def _init(made: Parser) -> Run:
    from fleet import starter_files

    made.add_argument(
        "folder", type=local, nargs="?", default=".", metavar="DIR", help="the folder (default: this one)"
    )
    return starter_files.init


def _up(made: Parser) -> Run:
    from fleet import up

    common(made)
    made.add_argument(
        "--traders", type=_whole(1, PROCESSES), metavar="N", help="trader processes (default: as configured)"
    )
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
    from fleet import database_changes

    common(made)
    made.add_argument(
        "--clock", type=local, metavar="FILE", help="candle time of a simulated exchange (its --clock FILE)"
    )
    _accept(made)
    return database_changes.migrate


def _backfill(made: Parser) -> Run:
    from backfiller import __main__ as backfiller

    common(made)
    backfiller.arguments(made)
    return backfiller.run


def _import(made: Parser) -> Run:
    from backfiller import importing
    from fleet import in_container

    common(made)
    importing.arguments(made)
    return in_container.local_only(importing.run)


def _trade(made: Parser) -> Run:
    from fleet import replaying

    common(made)
    replaying.arguments(made)
    return replaying.trade


def _status(made: Parser) -> Run:
    from fleet import in_container, reading

    in_container.common(made)
    made.add_argument("strategy", nargs="?", metavar="STRATEGY", help="this strategy only, and its series")
    _format(made)
    return in_container.in_container_if_remote(reading.state)


def _gaps(made: Parser) -> Run:
    from fleet import in_container, reading

    in_container.common(made)
    _format(made)
    return in_container.in_container_if_remote(reading.gaps)


def _report(made: Parser) -> Run:
    from fleet import in_container, reading

    in_container.common(made)
    made.add_argument("strategies", nargs="*", metavar="STRATEGY", help="these strategies only (default: every one)")
    made.add_argument("--strategy", action="append", default=[], metavar="ID", help="the same, as an option")
    _since(made)
    made.add_argument(
        "--view", choices=reading.VIEWS, default="strategy_performance", help="another report (default: %(default)s)"
    )
    _format(made)
    return in_container.in_container_if_remote(reading.report)


def _trades(made: Parser) -> Run:
    from fleet import in_container, trades

    in_container.common(made)
    made.add_argument("strategy", nargs="?", metavar="STRATEGY", help="this strategy only")
    made.add_argument("--open", action="store_true", help="only what is open now")
    _since(made)
    _format(made)
    return in_container.in_container_if_remote(trades.trades)


def _chart(made: Parser) -> Run:
    from fleet import chart, in_container

    in_container.common(made)
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    _since(made)
    made.add_argument("--out", type=chart.out, metavar="FILE", help="keep it as FILE.svg or FILE.html, of this machine")
    made.add_argument("--format", choices=chart.FORMATS, default=chart.FORMATS[0], help="(default: %(default)s)")
    return chart.filed(in_container.in_container_if_remote(chart.drawn))


def _why(made: Parser) -> Run:
    from fleet import in_container, why

    in_container.common(made)
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    _since(made)
    _format(made)
    return in_container.in_container_if_remote(why.why)


def _sql(made: Parser) -> Run:
    from fleet import in_container, querying

    in_container.common(made)
    made.add_argument("query", nargs="*", metavar="QUERY", help="a SELECT, or the name of a table, view or question")
    made.add_argument("--param", type=querying.param, action="append", default=[], metavar="NAME=VALUE", help=PARAM)
    made.add_argument(
        "--rows", type=_whole(1, ROWS), default=10_000, metavar="N", help="at most so many (default: 10000)"
    )
    made.add_argument("--seconds", type=_positive, default=10.0, help="of computing, at most (default: 10)")
    _format(made)
    return in_container.in_container_if_remote(querying.sql)


def _backup(made: Parser) -> Run:
    from fleet import backups, in_container

    in_container.common(made)
    made.add_argument("file", type=local, metavar="FILE", help="a new file, where the database is: in its container")
    return in_container.in_container_if_remote(backups.back_up, changes=True, followed=False)


def _restore(made: Parser) -> Run:
    from fleet import backups, in_container

    in_container.common(made)
    made.add_argument("file", type=local, metavar="FILE", help="a backup")
    _accept(made)
    return in_container.in_container_if_remote(backups.restore_backup, changes=True, makes=True, followed=False)


def _rename(made: Parser) -> Run:
    from fleet import database_changes, in_container

    in_container.common(made)
    made.add_argument("old", metavar="OLD", help="the id it has")
    made.add_argument("new", metavar="NEW", help="an id that never traded")
    return in_container.in_container_if_remote(database_changes.rename, changes=True)


def _reset(made: Parser) -> Run:
    from fleet import database_changes, in_container

    in_container.common(made)
    made.add_argument("strategy", metavar="STRATEGY", help="its id")
    return in_container.in_container_if_remote(database_changes.reset, changes=True)


def _steers(name: str) -> Fill:
    """How the parser of a verb is filled that steers strategies: `name` is its function in `strategy_controls`."""

    def fill(made: Parser) -> Run:
        from fleet import in_container, strategy_controls

        in_container.common(made)
        made.add_argument("strategies", nargs="*", metavar="STRATEGY", help="ids of strategies")
        made.add_argument("--all", action="store_true", help="every enabled strategy")
        made.add_argument("--reason", default="no reason given", help="why; shown in status and in the decisions")
        if name == "stop":
            made.add_argument("--flatten", action="store_true", help="sell now instead of waiting for an exit")
        run: Run = getattr(strategy_controls, name)
        return in_container.in_container_if_remote(run, changes=True)

    return fill


def _kill_switch(made: Parser) -> Run:
    from fleet import in_container, kill_switch

    in_container.common(made)
    told = "on: no entries; off: take it back; without a word: how it stands"
    made.add_argument("switch", choices=("on", "off"), nargs="?", help=told)
    made.add_argument("--reason", default="no reason given", help="why")
    runs = {
        "on": in_container.everywhere(kill_switch.kill_switch),
        "off": in_container.in_container_if_remote(kill_switch.kill_switch, changes=True),
        None: in_container.in_container_if_remote(kill_switch.state),
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
    made.add_argument("replicas", type=_whole(1, PROCESSES), metavar="N", help="replicas")
    made.add_argument("--demo", action="store_true", help="of the demo")
    return containers.scale


def _restart(made: Parser) -> Run:
    from fleet import containers

    _project(made)
    return containers.restart


def _logs(made: Parser) -> Run:
    from fleet import in_container, logs

    in_container.common(made)
    made.add_argument("strategy", nargs="?", metavar="STRATEGY", help="only what is about it (default: everything)")
    made.add_argument("--follow", "-f", action="store_true", help="go on as lines come, until Ctrl-C")
    made.add_argument(
        "--tail", type=_whole(0, ROWS), default=100, metavar="N", help="lines to begin with (default: %(default)s)"
    )
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


def _whole(low: int, high: int) -> Callable[[str], int]:
    """The type of an option: a whole number between two others, both included."""

    def value(text: str) -> int:
        found = int(number(text, int))
        if not low <= found <= high:
            raise argparse.ArgumentTypeError(f"must be from {low} to {high}")
        return found

    return value


PROCESSES, ROWS = 200, 1_000_000  # the most that somebody may ask for
PARAM = "what stands for :NAME in the query (repeatable)"
FAULT = (
    "have the simulated exchanges fail, such as limited:binance,count=5 (names: python -m exchange.simulated --help)"
)
VERBS = {
    "demo": Verb(_demo, "watch a fleet trade on a simulated exchange", texts.DEMO, starts=True),
    "init": Verb(_init, "make a folder to start in", texts.INIT),
    "up": Verb(_up, "run the configured fleet", texts.UP, starts=True),
    "validate": Verb(_validate, "check the configuration", texts.VALIDATE),
    "migrate": Verb(_migrate, "create the database or bring it up to date", texts.MIGRATE),
    "backfill": Verb(_backfill, "fetch candles", room="backfiller", starts=True),
    "import": Verb(_import, "store candles from files", room="import", starts=True),
    "trade": Verb(_trade, "trade on paper, or replay over stored candles", room="trader", starts=True),
    "status": Verb(_status, "what workers, series and strategies are doing", texts.STATUS),
    "gaps": Verb(_gaps, "which candles are missing, and why", texts.GAPS),
    "report": Verb(_report, "how every strategy performed", texts.REPORT),
    "trades": Verb(_trades, "round trips, newest first, and what is open", texts.TRADES),
    "chart": Verb(_chart, "price, entries, exits and equity of a strategy as a picture", texts.CHART),
    "why": Verb(_why, "why a strategy traded, or did not", texts.WHY),
    "sql": Verb(_sql, "ask the database a question of your own, or a saved one", texts.SQL),
    "backup": Verb(_backup, "copy the database beside a running fleet", texts.BACKUP),
    "restore": Verb(_restore, "put a backup in the place of the database", texts.RESTORE),
    "rename": Verb(_rename, "give a strategy another id", texts.RENAME),
    "reset": Verb(_reset, "begin a strategy anew, and keep what it did apart", texts.RESET),
    "ps": Verb(_ps, "containers: replica, strategies, heartbeat, memory, restarts", texts.DOCKER),
    "scale": Verb(_scale, "run so many replicas of the trader", texts.DOCKER),
    "restart": Verb(_restart, "restart the workers one after the other", texts.DOCKER),
    "logs": Verb(_logs, "what the workers did, of one strategy or all", texts.LOGS),
    "pause": Verb(_steers("pause"), "no entries, exits go on", texts.PAUSE + texts.CONTROL),
    "resume": Verb(_steers("resume"), "trade again after a pause", texts.RESUME + texts.CONTROL),
    "stop": Verb(_steers("stop"), "exits only, until flat, then released", texts.STOP + texts.CONTROL),
    "start": Verb(_steers("start"), "trade again after a stop or failures", texts.START + texts.CONTROL),
    "exit": Verb(_steers("exit_position"), "sell what is held, now", texts.EXIT + texts.CONTROL),
    "kill-switch": Verb(_kill_switch, "stop every entry of the fleet", texts.KILL_SWITCH),
    "schema": Verb(_schema, "what editors complete and check the files by", texts.SCHEMA),
    "completion": Verb(_completion, "complete the command in bash, zsh or fish", texts.COMPLETION),
}
