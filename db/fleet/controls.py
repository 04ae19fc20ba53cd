"""Controls: what a person has allowed. They survive restarts and work whoever trades."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from db.database import Database, Transaction
from db.fleet import events
from db.fleet.events import Code, Event
from db.sqlite import private
from db.sqlite.filesystem import HALT, beside
from domain.clock_text import LAST_MS
from domain.errors import Forbidden
from domain.secrets import hidden
from domain.small_files import Unfit, json_object, text_of, whole

LONGEST = 1_000  # characters of a reason that stands in the kill switch's file
FLEET = events.FLEET  # the scope of the kill switch


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
    """What is forbidden, by scope: a strategy's id, or ``fleet`` for the kill switch."""
    rows = db.read("controls_read")
    found = {row["scope"]: Control(Level(row["level"]), row["reason"], row["since_ms"]) for row in rows}
    file, mirrored = halt_file(db.store), found.pop(FLEET, None)
    if os.path.lexists(file):
        return {FLEET: mirrored or _written(file)} | found
    if mirrored is None:
        return found
    return {FLEET: mirrored._replace(reason=f"{mirrored.reason} (in the database; {file.name} is gone)")} | found


def mirrored(reader: Database | Transaction) -> bool:
    """Whether the database itself says that the kill switch is on."""
    return bool(reader.read("controls_halted"))


def put(db: Database, strategy_ids: Iterable[str], levels: Iterable[Level], reason: str, now_ms: int) -> None:
    """Control some strategies; an exit stands beside a pause or stop, and a stop remains where a pause comes later."""
    wanted = [(each, level) for each in strategy_ids for level in levels]
    with db.write() as tx:
        for strategy_id, level in wanted:
            if level is Level.EXIT:
                tx.run("exit_orders_write", strategy_id=strategy_id, reason=reason, now_ms=now_ms)
            else:
                tx.run("controls_write", scope=strategy_id, level=level.value, reason=reason, now_ms=now_ms)


def resume(db: Database, strategy_ids: Iterable[str]) -> None:
    """Take a pause back; who was stopped or disabled stays so."""
    with db.write() as tx:
        for strategy_id in strategy_ids:
            tx.run("controls_resume", scope=strategy_id)


def start(db: Database, strategy_ids: Iterable[str]) -> None:
    """Take back all that was ordered of strategies, and that they were disabled after failures."""
    with db.write() as tx:
        tx.run("strategies_changed")
        for strategy_id in strategy_ids:
            tx.run("controls_delete", scope=strategy_id)
            tx.run("exit_orders_delete", strategy_id=strategy_id)
            tx.run("strategies_set_state", strategy_id=strategy_id, state="active", reason=None)


def exit_orders(db: Database) -> dict[str, Control]:
    """What is to be sold now, by strategy."""
    rows = db.read("exit_orders_read")
    return {row["strategy_id"]: Control(Level.EXIT, row["reason"], row["since_ms"]) for row in rows}


def standing(db: Database) -> list[tuple[str, Control]]:
    """All that people have ordered and that stands, with its scope: what is forbidden, and what is to be sold."""
    return [*load(db).items(), *exit_orders(db).items()]


def halt_file(path: Path) -> Path:
    """The kill switch of a database: a file beside it, which works while somebody holds the write lock."""
    return beside(path, HALT)


def halt(db: Database, reason: str, now_ms: int) -> None:
    """Turn the kill switch on: the file first, which every write transaction of a trader looks at; then its mirror."""
    make_halt_file(db.store, reason, now_ms)
    mirror(db, reason, now_ms)


def make_halt_file(path: Path, reason: str, now_ms: int, who: str = "") -> Path:
    """Make the kill switch's file. That it is there counts; on a full disk the reason is missing in it. `who` turns it
    on.

    Raises OSError where not even an empty file can be made.
    """
    file = halt_file(path)
    if not os.path.lexists(file):
        private.create(file, path)
    with suppress(OSError):  # a full disk, or a folder of this name
        private.put(file, json.dumps({"reason": hidden(reason), "since_ms": now_ms, "who": hidden(who)}), path)
    return file


def mirror(db: Database, reason: str, now_ms: int) -> None:
    """Note in the database that the kill switch is on. Raises Unavailable while somebody else holds the lock."""
    with db.write() as tx:
        tx.run("controls_write", scope=FLEET, level=Level.REDUCING.value, reason=reason, now_ms=now_ms)
        events.note(tx, Event(now_ms, Code.HALTED, events.FLEET, f"the kill switch was turned on: {reason}"))


def release(db: Database) -> None:
    """Turn the kill switch off. Raises Forbidden where its file cannot be removed."""
    with db.write() as tx:
        tx.run("controls_delete", scope=FLEET)
    try:
        halt_file(db.store).unlink(missing_ok=True)
    except OSError as error:
        raise Forbidden(f"the kill switch is still on: {error}; remove that file by hand") from error


def halted_by(path: Path) -> str | None:
    """Who turned the kill switch of a database on, as its file says; None where it does not."""
    try:
        who = json_object(text_of(halt_file(path), links=False)).get("who")
    except (OSError, Unfit):
        return None
    return _text(who) if who and isinstance(who, str) else None


def written(path: Path) -> Control | None:
    """What the kill switch's file of a database says of itself; None where there is none. It counts by being there,
    whatever it is.
    """
    file = halt_file(path)
    return _written(file) if os.path.lexists(file) else None


def _written(file: Path) -> Control:
    """What the file says, whatever it is."""
    try:
        said = json_object(text_of(file, links=False))
        reason = said["reason"] if isinstance(said["reason"], str) else "no text"
        return Control(Level.REDUCING, _text(reason), whole(said["since_ms"], 0, LAST_MS))
    except (OSError, Unfit, KeyError):
        return Control(Level.REDUCING, f"{file.name} says no reason: made by hand, or on a full disk", 0)


def _text(said: str) -> str:
    """A text of a file that may be anything: half a character is none for SQLite."""
    return said[:LONGEST].encode(errors="backslashreplace").decode()
