"""The verbs by which a person steers: pause, resume, stop, start, exit, kill-switch. They write controls only."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from db import controls, strategies
from db.connection import Database, connect
from db.controls import Level
from domain.errors import ConfigError, Unavailable
from runtime.clock import now_ms
from runtime.command import located

DONE = {
    Level.PAUSE: "paused: no entries, exits go on",
    Level.STOP: "stopped: exits only, until flat, then released",
    Level.EXIT: "is sold within a second, if it holds anything and a trader runs",
}


def pause(options: argparse.Namespace) -> int:
    """No entries; exits go on."""
    return _put(options, Level.PAUSE)


def stop(options: argparse.Namespace) -> int:
    """Exits only, until flat; with --flatten sold now."""
    status = _put(options, Level.STOP)
    return _put(options, Level.EXIT) if options.flatten else status


def leave(options: argparse.Namespace) -> int:
    """Sell what is held now."""
    return _put(options, Level.EXIT)


def lift(options: argparse.Namespace) -> int:
    """Trade again."""
    with _opened(options) as db:
        for strategy_id in (ids := _chosen(db, options)):
            print(f"{strategy_id} trades again")
        controls.lift(db, ids)
    return 0


def kill_switch(options: argparse.Namespace) -> int:
    """Stop every entry of the fleet, or allow them again."""
    with _opened(options) as db:
        if options.switch == "on":
            _halt(db, options.reason)
            print(f"kill switch on ({controls.halt_file(db.path)}): no entries, exits go on")
        else:
            controls.release(db)
            print("kill switch off")
    return 0


def _halt(db: Database, reason: str) -> None:
    """The file is what counts. It stands even where somebody holds the write lock and its mirror has to wait."""
    try:
        controls.halt(db, reason, now_ms())
    except Unavailable as error:
        print(f"the file stands, but the database could not be told: {error}", file=sys.stderr)


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Database]:
    """The database of the options."""
    path, any_filesystem = located(options)
    with connect(path, any_filesystem=any_filesystem) as db:
        yield db


def _put(options: argparse.Namespace, level: Level) -> int:
    with _opened(options) as db:
        ids = _chosen(db, options)
        controls.put(db, ids, level, options.reason, now_ms())
    for strategy_id in ids:
        print(f"{strategy_id} {DONE[level]}")
    return 0


def _chosen(db: Database, options: argparse.Namespace) -> list[str]:
    """The strategies that were named. Raises ConfigError for one that the database does not know, or none."""
    known = strategies.known(db)
    unknown = [strategy_id for strategy_id in options.strategies if strategy_id not in known]
    if unknown:
        raise ConfigError(f"no strategy {', '.join(unknown)} in {db.path}; there are: {', '.join(known) or 'none'}")
    if not options.strategies and not options.all:
        raise ConfigError("name a strategy, or --all")
    return known if options.all else options.strategies
