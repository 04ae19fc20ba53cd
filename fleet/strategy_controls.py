"""The verbs by which a person steers strategies: pause, resume, stop, start, exit. They write controls only."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager

from db import opened
from db.database import Database
from db.fleet import controls
from db.fleet.controls import Control, Level
from db.trading import strategies
from domain.errors import ConfigError
from runtime.clock import now_ms
from runtime.command import located
from runtime.output import say

DONE = {
    Level.PAUSE: "paused: no entries, exits go on",
    Level.STOP: "stopped: exits only, until flat, then released",
    Level.EXIT: "is sold within a second, if it holds anything, a trader runs and the market takes it",
}


def pause(options: argparse.Namespace) -> int:
    """No entries; exits go on. Who was stopped stays so."""
    return _put(options, Level.PAUSE)


def stop(options: argparse.Namespace) -> int:
    """Exits only, until flat; with --flatten sold now."""
    return _put(options, Level.STOP, *([Level.EXIT] if options.flatten else []))


def exit_position(options: argparse.Namespace) -> int:
    """Sell what is held now."""
    return _put(options, Level.EXIT)


def resume(options: argparse.Namespace) -> int:
    """Trade again after a pause."""
    return _resume(options, controls.resume)


def start(options: argparse.Namespace) -> int:
    """Trade again, whatever was ordered or went wrong."""
    return _resume(options, controls.start)


def _resume(options: argparse.Namespace, resume: Callable[[Database, Iterable[str]], None]) -> int:
    """Take orders back and say of each strategy whether it trades now; 1 where one that was named does not."""
    with writing(options) as db:
        held = {*(scope for scope, _ in controls.standing(db)), *_disabled(db)}
        resume(db, ids := _chosen(db, options))
        standing, disabled = controls.load(db), _disabled(db)
    for strategy_id in ids:
        again = "again" if strategy_id in held else "as before: it was not held back"
        say(f"{strategy_id} {_stands(strategy_id, standing, disabled, again)} (in {db.store})")
    kept = not options.all and any(each in standing or each in disabled for each in ids)
    return 1 if kept else 0


def _disabled(db: Database) -> set[str]:
    """The strategies that failed too often."""
    return {each.strategy_id for each in strategies.standing(db) if not each.active}


def _stands(strategy_id: str, standing: Mapping[str, Control], disabled: Set[str], again: str) -> str:
    """What a strategy does now, in words."""
    if strategy_id in standing:
        return f"stays {standing[strategy_id].text}: take it back with `fleet start {strategy_id}`"
    if strategy_id in disabled:
        return f"stays disabled, it failed too often: `fleet start {strategy_id}` lets it try again"
    return f"trades {again}" + (" once the kill switch is off" if controls.FLEET in standing else "")


@contextmanager
def writing(options: argparse.Namespace) -> Iterator[Database]:
    """The database of the options, for writing."""
    path, any_filesystem = located(options)
    with opened(path, any_filesystem=any_filesystem) as db:
        yield db


def _put(options: argparse.Namespace, *levels: Level) -> int:
    with writing(options) as db:
        ids = _chosen(db, options)
        controls.put(db, ids, levels, options.reason, now_ms())
        standing = controls.load(db)
    for strategy_id, level in ((each, level) for level in levels for each in ids):
        stays = level is Level.PAUSE and standing[strategy_id].level is Level.STOP
        said = f"stays {standing[strategy_id].text}" if stays else DONE[level]
        say(f"{strategy_id} {said} (in {db.store})")
    return 0


def _chosen(db: Database, options: argparse.Namespace) -> list[str]:
    """The strategies that were named. Raises ConfigError for one that the database does not know, or none."""
    known = strategies.known(db)
    strategies.refuse_unknown(options.strategies, known, db.store)
    if not options.strategies and not options.all:
        raise ConfigError("name a strategy, or --all")
    return known if options.all else options.strategies
