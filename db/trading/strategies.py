"""Strategies that are known: who is enabled, who is on the way out, and giving one another id."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from db.database import Database, Row, Transaction
from db.fleet import configurations
from db.fleet.leases import Kind
from domain.candles import Series
from domain.errors import ConfigError

NAMED = 20  # ids that a message names
PART = 1_000  # runs that are read at once


class LastRun(NamedTuple):
    """A strategy as its last run was configured (JSON), and whether it holds a position."""

    strategy_id: str
    series: Series
    mode: str
    kind: str
    configuration: str
    held: bool


class Standing(NamedTuple):
    """A strategy as every trader has to know it: its run, and whether it was not disabled after failures."""

    strategy_id: str
    run_id: str
    active: bool


class Registered(NamedTuple):
    """What a run trades: exchange, symbol, timeframe and mode, and its configuration as canonical JSON."""

    identity: tuple[str, str, str, str]
    configuration: str


def changed(tx: Transaction) -> None:
    """Ids, runs or states of strategies change in this transaction: whoever remembers them looks again."""
    tx.run("strategies_changed")


def version(db: Database) -> str:
    """What is another text whenever `standing` may say something else."""
    rows = db.read("meta_read", key="strategies_changed")
    return str(rows[0]["value"]) if rows else ""


def standing(db: Database) -> list[Standing]:
    """All strategies that ever were, in one look."""
    return [Standing(row["strategy_id"], row["run_id"], bool(row["active"])) for row in db.read("strategies_standing")]


def draining(db: Database) -> list[LastRun]:
    """The strategies that are traded only until they are flat."""
    return [_last_run(row) for row in db.read("strategies_draining")]


def last_runs(db: Database, strategy_ids: Iterable[str]) -> list[LastRun]:
    """Strategies as their last run was configured; without those that are not known, or neither enabled nor held."""
    rows = db.read_each("strategies_last_run", [{"strategy_id": each} for each in strategy_ids])
    return [_last_run(row) for row in rows]


def enabled(db: Database) -> set[Series]:
    """The series that any strategy of the configuration is on."""
    return {Series(*row) for row in db.read("strategies_enabled")}


def held(db: Database) -> set[Series]:
    """The series on which any strategy holds a position, whatever the configuration says of it."""
    return {Series(*row) for row in db.read("strategies_held")}


def _last_run(row: Row) -> LastRun:
    return LastRun(row["strategy_id"], Series(row["exchange"], row["symbol"], row["timeframe"]), *row[4:])


def known(db: Database) -> list[str]:
    """The ids of all strategies that are enabled or still to be drained, in order."""
    waiting = {each.strategy_id for each in draining(db)}
    rows = db.read("strategies_all")
    return [row["strategy_id"] for row in rows if row["enabled"] or row["strategy_id"] in waiting]


def ids(db: Database) -> set[str]:
    """The ids of all strategies that ever were."""
    return {row["strategy_id"] for row in db.read("strategies_all")}


def decided(db: Database) -> int:
    """How many bars all strategies have decided."""
    return int(db.read("strategies_decided")[0][0])


def found(db: Database, strategy_id: str) -> Row:
    """What is known of a strategy that ever was, as the statement `strategies_known` names it. Raises ConfigError."""
    refuse_unknown([strategy_id], ids(db), db.store)
    return db.read("strategies_known", strategy_id=strategy_id)[0]


def refuse_unknown(strategy_ids: Sequence[str], known: Iterable[str], path: Path) -> None:
    """Raise ConfigError for ids that are none of those that are known, with those that were perhaps meant."""
    names = sorted(known)
    for each in strategy_ids:
        if each not in names:
            close = get_close_matches(each, names, n=3)
            there = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
            hint = f"did you mean {', '.join(close)}?" if close else f"there are: {there or 'none'}"
            raise ConfigError(f"no strategy {each} in {path}; {hint}")


def rename(db: Database, old: str, new: str, now_ms: int) -> None:
    """Give a strategy another id, with everything it ever did and what a person has ordered of it.

    The freed id keeps its high-water mark for its next holder. Raises ConfigError where `old` is unknown, `new` is
    taken, or a trader acts for it at `now_ms` (real time).
    """
    with db.write() as tx:
        known = {row["strategy_id"] for row in tx.read("strategies_all")}
        refuse_unknown([old], known, db.store)
        if new in known:
            raise ConfigError(f"{new} is taken in {db.store}: choose another id")
        _refuse_held(tx, old, now_ms)
        move(tx, old, new)
        tx.run("controls_delete", scope=new)
        tx.run("controls_rename", old=old, new=new)
        configurations.disagree(tx)


def move(tx: Transaction, old: str, new: str) -> None:
    """Let everything that a strategy ever did stand under another id; the freed one keeps its high-water mark."""
    tx.run("freed_ids_skip", strategy_id=old, freed=new)
    tx.run("freed_ids_note", strategy_id=old)
    tx.run("strategies_rename", old=old, new=new)
    changed(tx)
    tx.run("claims_rename", old=old, new=new)


def _refuse_held(tx: Transaction, strategy_id: str, now_ms: int) -> None:
    """Raise ConfigError while a trader acts for a strategy: it would go on under an id that is no longer its own."""
    rows = tx.read("claims_read", kind=Kind.STRATEGY, claim=strategy_id)
    if rows and (rows[0]["expires_ms"] or 0) > now_ms:
        raise ConfigError(
            f"{strategy_id} is traded by {rows[0]['holder']}: stop the fleet, or let this one go with "
            f"`fleet stop {strategy_id} --flatten`, then rename it"
        )


def registered(db: Database, run_ids: Iterable[str]) -> Iterator[tuple[str, Registered]]:
    """Runs, each with what it was registered with; not all of those texts are in memory at once."""
    asked = [{"run_id": each} for each in run_ids]
    for start in range(0, len(asked), PART):
        for run_id, *identity, configuration in db.read_each("runs_registered", asked[start : start + PART]):
            yield run_id, Registered(tuple(identity), configuration)
