"""The verbs by which a person steers: pause, resume, stop, start, exit, kill-switch. They write controls only."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db import controls, strategies
from db.connection import Database, connect
from db.controls import Level
from db.filesystem import real, refuse_apart
from domain.errors import ConfigError, FleetError, Forbidden, Unavailable
from runtime.clock import now_ms
from runtime.command import located
from runtime.output import say, warn

DONE = {
    Level.PAUSE: "paused: no entries, exits go on",
    Level.STOP: "stopped: exits only, until flat, then released",
    Level.EXIT: "is sold within a second, if it holds anything, a trader runs and the market takes it",
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
            say(f"{strategy_id} trades again (in {db.path})")
        controls.lift(db, ids)
    return 0


def kill_switch(options: argparse.Namespace) -> int:
    """Stop every entry of the fleet, or allow them again."""
    if options.switch == "on":
        return _halt(options)
    with _opened(options) as db:
        controls.release(db)
        say(f"kill switch off in {db.path}")
    return 0


def _halt(options: argparse.Namespace) -> int:
    """The file first: it works where the database is locked, full, damaged or of another schema. Either counts."""
    path, _ = located(options)
    if not path.is_file():
        raise ConfigError(f"{path} does not exist: name the fleet's database with --database; nobody was stopped")
    troubles = {"file": _file(path, options), "row": _mirror(options)}
    for trouble in filter(None, troubles.values()):
        warn(trouble)
    if all(troubles.values()):
        raise Unavailable(f"the kill switch is NOT on in {path}: stop the workers themselves")
    say(f"kill switch on in {path}: no entries, exits go on")
    return 1 if troubles["file"] else 0


def _file(path: Path, options: argparse.Namespace) -> str | None:
    """Make the kill switch's file; what went wrong."""
    try:
        controls.make_halt_file(path, options.reason, now_ms())
        refuse_apart(real(path))
    except OSError as error:
        return f"the file of the kill switch could not be made: {error}"
    except Forbidden as error:
        return f"the file of the kill switch stands where others do not look: {error}"
    return None


def _mirror(options: argparse.Namespace) -> str | None:
    """Tell the database; what went wrong."""
    try:
        with _opened(options) as db:
            controls.mirror(db, options.reason, now_ms())
    except FleetError as error:
        return f"the database could not be told: {error}"
    return None


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
        say(f"{strategy_id} {DONE[level]} (in {db.path})")
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
