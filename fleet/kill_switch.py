"""`fleet kill-switch`: no entry of the whole fleet, allowed again, or how it stands."""

import argparse
import os
import pwd
import socket
from contextlib import suppress
from pathlib import Path

from db import opened
from db.fleet import controls
from db.fleet.controls import FLEET, Control
from db.sqlite.filesystem import real, refuse_apart
from domain.dates import moment
from domain.errors import ConfigError, FleetError, Forbidden, Unavailable
from fleet.strategy_controls import writing
from runtime.clock import now_ms
from runtime.command import located
from runtime.output import say, warn


def kill_switch(options: argparse.Namespace) -> int:
    """Stop every entry of the fleet, or allow them again."""
    if options.switch == "on":
        return _halt(options)
    with writing(options) as db:
        controls.release(db)
        say(f"kill switch off in {db.store}")
    return 0


def state(options: argparse.Namespace) -> int:
    """Say whether it is on: by whom, since when, why, and where that stands; 1 where the database cannot be asked."""
    path = _present(options)
    row, found, trouble = False, controls.written(path), None
    try:
        with opened(path, read_only=True) as db:
            row, found = controls.mirrored(db), controls.load(db).get(FLEET)
    except FleetError as error:
        trouble = f"the database could not be asked: {error}"
        warn(trouble)
    if found is None:
        say(f"kill switch {'off' if trouble is None else 'unknown'} in {path}")
    else:
        say(_state_sentence(path, found, row=row))
    return 1 if trouble else 0


def _state_sentence(path: Path, found: Control, *, row: bool) -> str:
    """How a kill switch that is on stands."""
    file = controls.halt_file(path)
    places = [*([str(file)] if controls.written(path) else []), *([f"the database {path}"] if row else [])]
    since = moment(found.since_ms // 1000) + " UTC" if found.since_ms else "not known"
    return (
        f"kill switch on in {path}: no entries, exits go on\n"
        f"  who     {controls.halted_by(path) or 'not known'}\n"
        f"  since   {since}\n"
        f"  reason  {found.reason}\n"
        f"  where   {' and '.join(places)}\n"
        "`fleet kill-switch off` takes it back"
    )


def _halt(options: argparse.Namespace) -> int:
    """The file first: it works where the database is locked, full, damaged or of another schema. Either counts."""
    path = _present(options)
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
        controls.make_halt_file(path, options.reason, now_ms(), _who())
        refuse_apart(real(path))
    except OSError as error:
        return f"the file of the kill switch could not be made: {error}"
    except Forbidden as error:
        return f"the file of the kill switch stands where others do not look: {error}"
    return None


def _mirror(options: argparse.Namespace) -> str | None:
    """Tell the database; what went wrong."""
    try:
        with writing(options) as db:
            controls.mirror(db, options.reason, now_ms())
    except FleetError as error:
        return f"the database could not be told: {error}"
    return None


def _present(options: argparse.Namespace) -> Path:
    """The database of the options. Raises ConfigError where there is none."""
    path, _ = located(options)
    if not path.is_file():
        raise ConfigError(f"{path} does not exist: name the fleet's database with --database; nobody was stopped")
    return path


def _who() -> str:
    """Who types this, and on which machine; in containers users have no name."""
    user = f"the user {os.getuid()}"
    with suppress(KeyError):
        user = pwd.getpwuid(os.getuid()).pw_name
    return f"{user} on {socket.gethostname()}"
