"""Leases: who may act for a strategy, until when, under which epoch. Always in real time."""

from collections.abc import Iterable
from typing import NamedTuple

from db.database import Database, Row, Transaction


class Claim(NamedTuple):
    """A lease that was taken: its epoch, and who let it expire instead of giving it back (None: nobody)."""

    epoch: int
    expired: str | None = None


def claim(db: Database, strategy_ids: Iterable[str], holder: str, now_ms: int, length_ms: int) -> dict[str, Claim]:
    """Take the strategies that nobody holds, or whose holder has let the lease expire; by id.

    The epoch grows whenever the holder changes or a lease has expired in between, so that what the holder before still
    writes is refused.
    """
    with db.write() as tx:
        claims = {each: _claim(tx, each, holder, (now_ms, length_ms)) for each in strategy_ids}
        taken = {strategy_id: found for strategy_id, found in claims.items() if found is not None}
        row = {"holder": holder, "expires_ms": now_ms + length_ms}
        tx.run_many("leases_take", [row | {"strategy_id": each, "epoch": taken[each].epoch} for each in sorted(taken)])
    return taken


def renew(db: Database, holder: str, now_ms: int, length_ms: int) -> set[str]:
    """Hold on to all that `holder` has for another `length_ms`, in one statement; what it still holds."""
    with db.write() as tx:
        tx.run("leases_renew", holder=holder, now_ms=now_ms, expires_ms=now_ms + length_ms)
        return {row["strategy_id"] for row in tx.read("leases_of", holder=holder, now_ms=now_ms)}


def give_up(db: Database, holder: str, strategy_ids: Iterable[str]) -> None:
    """Give some leases back at once; those that somebody else holds by now are left alone."""
    with db.write() as tx:
        tx.run_many("leases_give_up", [{"holder": holder, "strategy_id": each} for each in sorted(strategy_ids)])


def held(db: Database, now_ms: int, length_ms: int) -> dict[str, str]:
    """The holders of all leases that are valid, by strategy."""
    rows = db.read("leases_all")
    return {row["strategy_id"]: row["holder"] for row in rows if _valid(row, now_ms, length_ms)}


def release(db: Database, holder: str) -> None:
    """Give every lease back at once."""
    with db.write() as tx:
        tx.run("leases_release", holder=holder)


def _claim(tx: Transaction, strategy_id: str, holder: str, moment: tuple[int, int]) -> Claim | None:
    """What `holder` would get, None where somebody else acts."""
    rows = tx.read("leases_read", strategy_id=strategy_id)
    if not rows:
        return Claim(1)
    row, valid = rows[0], _valid(rows[0], *moment)
    if valid and row["holder"] != holder:
        return None
    given_back = valid or not row["expires_ms"]
    return Claim(row["epoch"] + (0 if valid else 1), None if given_back else row["holder"])


def _valid(row: Row, now_ms: int, length_ms: int) -> bool:
    """Whether a lease holds. One that ends later than any could was given under a clock that has been set back."""
    return bool(now_ms < row["expires_ms"] <= now_ms + length_ms)
