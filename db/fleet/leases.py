"""Leases: who may act for a strategy or do what only one may do, and under which epoch. Always in real time.

A claim is held for as long as the life of its holder lasts (`db.fleet.workers`): it is written only when it changes
hands, and renewed by nothing but the heartbeat of its holder.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from db.database import Database, Row, Transaction
from db.fleet import events, workers
from db.fleet.events import Code, Event
from domain.errors import LeaseLost


class Kind(StrEnum):
    """What can be claimed."""

    STRATEGY = "strategy"  # by its id
    DUTY = "duty"  # what only one may do, such as backfill:kraken


class Claim(NamedTuple):
    """What was taken: its epoch, and who had it and died instead of giving it back (None: nobody)."""

    epoch: int
    expired: str | None = None


class Right(NamedTuple):
    """What somebody who writes says of himself: `holder` has this claim under this epoch."""

    kind: Kind
    claim: str
    holder: str
    epoch: int


def claim(db: Database, kind: Kind, names: Iterable[str], holder: str, now_ms: int, length_ms: int) -> dict[str, Claim]:
    """Take those that nobody has, or whose holder lives no more; by name. Nothing where `holder` itself does not.

    The epoch grows whenever the holder changes or its life has ended in between, so that what the holder before still
    writes is refused.
    """
    with db.write() as tx:
        if not workers.lives(tx, holder, now_ms):
            return {}
        wanted = sorted(names)
        known = {row["claim"]: row for row in tx.read_each("claims_read", [_asked(kind, each) for each in wanted])}
        found = {each: _claim(known.get(each), holder, (now_ms, length_ms)) for each in wanted}
        taken = {name: each for name, each in found.items() if each is not None}
        rows = [_asked(kind, each) | {"holder": holder, "epoch": taken[each].epoch} for each in taken]
        tx.run_many("claims_take", rows)
        _note_taken_over(tx, taken, holder, now_ms)
    return taken


def give_up(db: Database, kind: Kind, holder: str, names: Iterable[str]) -> None:
    """Give some back at once; those that somebody else holds by now are left alone."""
    with db.write() as tx:
        rows = [{"kind": kind, "holder": holder, "claim": each} for each in sorted(names)]
        tx.run_many("claims_give_up", rows)


def release(db: Database, holder: str) -> None:
    """Give everything back at once, of whatever kind."""
    with db.write() as tx:
        tx.run("claims_release", holder=holder)


def held(db: Database, kind: Kind, now_ms: int, length_ms: int) -> dict[str, str]:
    """The holders that live, by what they hold."""
    rows = db.read("claims_held", kind=kind)
    return {row["claim"]: row["holder"] for row in rows if _valid(row, now_ms, length_ms)}


def holders(db: Database, kind: Kind, now_ms: int, length_ms: int) -> set[str]:
    """Those who hold anything of a kind and live: costs a look at each of them, however much they hold."""
    return {row["holder"] for row in db.read("claims_holders", kind=kind) if _valid(row, now_ms, length_ms)}


def held_by(db: Database, kind: Kind, holder: str) -> set[str]:
    """What stands under a name, whether or not it lives."""
    return {row["claim"] for row in db.read("claims_of", kind=kind, holder=holder)}


def count(db: Database, kind: Kind, holder: str) -> int:
    """How much stands under a name."""
    return int(db.read("claims_count", kind=kind, holder=holder)[0][0])


def check(tx: Transaction, right: Right, now_ms: int) -> None:
    """Raise LeaseLost unless somebody still has the right by which he writes: asked in the transaction that writes."""
    kind, name, holder, epoch = right
    rows = tx.read("claims_read", kind=kind, claim=name)
    row = rows[0] if rows else {"holder": None, "epoch": 0, "expires_ms": None}
    if (row["holder"], row["epoch"]) != (holder, epoch) or (row["expires_ms"] or 0) <= now_ms:
        raise LeaseLost(
            f"{kind.value} {name}: {holder} may not write under epoch {epoch}, for {row['holder'] or 'nobody'} has it "
            f"under {row['epoch']}, or its life ran out: claim it again"
        )


def _asked(kind: Kind, name: str) -> dict[str, object]:
    """What is asked about."""
    return {"kind": kind, "claim": name}


def _claim(row: Row | None, holder: str, moment: tuple[int, int]) -> Claim | None:
    """What `holder` would get of what stands there, None where somebody else acts."""
    if row is None:
        return Claim(1)
    before = row["holder"]
    if before is None:
        return Claim(row["epoch"] + 1)
    if before == holder:
        return Claim(row["epoch"])
    return None if _valid(row, *moment) else Claim(row["epoch"] + 1, before)


def _valid(row: Row, now_ms: int, length_ms: int) -> bool:
    """Whether the holder lives. A life that ends later than any can is of a clock that has been set back."""
    return row["expires_ms"] is not None and bool(now_ms < row["expires_ms"] <= now_ms + length_ms)


def _note_taken_over(tx: Transaction, taken: dict[str, Claim], holder: str, now_ms: int) -> None:
    """An event for each that was somebody's who died."""
    found = [
        Event(
            now_ms, Code.TAKEN_OVER, name, f"{each.expired} lives no more, {holder} acts from now on",
            holder=holder, epoch=each.epoch,
        )
        for name, each in taken.items()
        if each.expired is not None
    ]  # fmt: skip
    if found:
        events.note(tx, *found)
