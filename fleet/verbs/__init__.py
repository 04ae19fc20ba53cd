"""The verbs of the `fleet` command. A module holds all that one is: its options, its help with examples, and what
carries it out. Verbs that have their options and texts in common share a module.

A module is loaded when its verb is named, and nothing before: start-up stays light. So the list of verbs, which
`fleet --help` and every completion show, stands here.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from fleet.verbs.verb import Verb


class Listed(NamedTuple):
    """A verb in the list: the module that holds it, and what it does in a line."""

    module: str
    summary: str


VERBS: Mapping[str, Listed] = {
    "demo": Listed("demo", "watch a fleet trade on a simulated exchange"),
    "init": Listed("init", "make a folder to start in"),
    "up": Listed("up", "run the configured fleet"),
    "validate": Listed("validate", "check the configuration"),
    "migrate": Listed("migrate", "create the database or bring it up to date"),
    "backfill": Listed("backfill", "fetch candles"),
    "import": Listed("importing", "store candles from files"),
    "trade": Listed("trade", "trade on paper, or replay over stored candles"),
    "status": Listed("status", "what workers, series and strategies are doing"),
    "gaps": Listed("gaps", "which candles are missing, and why"),
    "report": Listed("report", "how every strategy performed"),
    "trades": Listed("trades", "round trips, newest first, and what is open"),
    "chart": Listed("chart", "price, entries, exits and equity of a strategy as a picture"),
    "why": Listed("why", "why a strategy traded, or did not"),
    "sql": Listed("sql", "ask the database a question of your own, or a saved one"),
    "backup": Listed("backup", "copy the database beside a running fleet"),
    "restore": Listed("restore", "put a backup in the place of the database"),
    "rename": Listed("rename", "give a strategy another id"),
    "reset": Listed("reset", "begin a strategy anew, and keep what it did apart"),
    "ps": Listed("containers", "containers: replica, strategies, heartbeat, memory, restarts"),
    "scale": Listed("containers", "run so many replicas of the trader"),
    "restart": Listed("containers", "restart the workers one after the other"),
    "logs": Listed("logs", "what the workers did, of one strategy or all"),
    "pause": Listed("controls", "no entries, exits go on"),
    "resume": Listed("controls", "trade again after a pause"),
    "stop": Listed("controls", "exits only, until flat, then released"),
    "start": Listed("controls", "trade again after a stop or failures"),
    "exit": Listed("controls", "sell what is held, now"),
    "kill-switch": Listed("kill_switch", "stop every entry of the fleet"),
    "schema": Listed("schema", "what editors complete and check the files by"),
    "completion": Listed("completion", "complete the command in bash, zsh or fish"),
}


def load(name: str) -> Verb:
    """The verb with this name, and with it whatever carries it out. KeyError where there is none."""
    found: Verb = import_module(f"{__name__}.{VERBS[name].module}").VERBS[name]
    return found
