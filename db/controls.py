"""Controls: what a person has allowed. They survive restarts and work whoever trades."""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from db.connection import Database

FLEET = "fleet"  # the scope of the kill switch; an id has no room for a slash, so `id/exit` is none either


class Level(StrEnum):
    """What is allowed (TRADING.md section 8). `EXIT` is carried out once, then gone."""

    PAUSE = "pause"  # no entries, exits go on
    STOP = "stop"  # exits only, until flat, then released
    EXIT = "exit"  # sell now
    REDUCING = "REDUCING"  # the whole fleet: no entries, exits go on


class Control(NamedTuple):
    """One of them: since when, and why."""

    level: Level
    reason: str
    since_ms: int

    @property
    def text(self) -> str:
        """It in words."""
        return f"{WORDS[self.level]}: {self.reason}"


WORDS = {
    Level.PAUSE: "paused",
    Level.STOP: "stopped",
    Level.EXIT: "to be sold now",
    Level.REDUCING: "kill switch, no entries",
}


def load(db: Database) -> dict[str, Control]:
    """All controls by scope: a strategy's id, ``ID/exit``, or ``fleet``, which stands while the halt file does."""
    rows = db.read("controls_read")
    found = {row["scope"]: Control(Level(row["level"]), row["reason"], row["since_ms"]) for row in rows}
    mirrored, file = found.pop(FLEET, None), halt_file(db.path)
    if not file.exists():
        return found
    return {FLEET: mirrored or Control(Level.REDUCING, f"{file.name} was made by hand", 0)} | found


def put(db: Database, strategy_ids: Iterable[str], level: Level, reason: str, now_ms: int) -> None:
    """Control some strategies; an exit stands beside a pause or stop."""
    with db.write() as tx:
        for strategy_id in strategy_ids:
            scope = exit_scope(strategy_id) if level is Level.EXIT else strategy_id
            tx.run("controls_write", scope=scope, level=level.value, reason=reason, now_ms=now_ms)


def lift(db: Database, strategy_ids: Iterable[str]) -> None:
    """Let strategies trade again, also those that were disabled after failures."""
    with db.write() as tx:
        for strategy_id in strategy_ids:
            tx.run("controls_delete", scope=strategy_id)
            tx.run("controls_delete", scope=exit_scope(strategy_id))
            tx.run("strategies_set_state", strategy_id=strategy_id, state="active", reason=None)


def exit_scope(strategy_id: str) -> str:
    """Where the order to sell a strategy's position stands."""
    return f"{strategy_id}/exit"


def halt_file(path: Path) -> Path:
    """The kill switch of a database: a file beside it, which works while somebody holds the write lock."""
    return path.with_name(f"{path.name}.halt")


def halt(db: Database, reason: str, now_ms: int) -> None:
    """Turn the kill switch on: the file first, which every write transaction of a trader looks at; then its mirror."""
    halt_file(db.path).write_text(json.dumps({"reason": reason, "since_ms": now_ms}))
    with db.write() as tx:
        tx.run("controls_write", scope=FLEET, level=Level.REDUCING.value, reason=reason, now_ms=now_ms)


def release(db: Database) -> None:
    """Turn the kill switch off."""
    with db.write() as tx:
        tx.run("controls_delete", scope=FLEET)
    halt_file(db.path).unlink(missing_ok=True)
