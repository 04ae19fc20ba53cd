"""Leases: who may act for a strategy, until when, under which epoch. Always in real time."""

from collections.abc import Iterable

from db.connection import Database, Transaction


def claim(db: Database, strategy_ids: Iterable[str], holder: str, now_ms: int, length_ms: int) -> dict[str, int]:
    """Take the strategies that nobody holds, or whose holder has let the lease expire; their epochs by id.

    The epoch grows whenever the holder changes or a lease has expired in between, so that what the holder before still
    writes is refused.
    """
    with db.write() as tx:
        claims = {strategy_id: _epoch(tx, strategy_id, holder, now_ms) for strategy_id in strategy_ids}
        taken = {strategy_id: epoch for strategy_id, epoch in claims.items() if epoch is not None}
        for strategy_id, epoch in taken.items():
            expires_ms = now_ms + length_ms
            tx.run("leases_take", strategy_id=strategy_id, holder=holder, epoch=epoch, expires_ms=expires_ms)
    return taken


def renew(db: Database, holder: str, strategy_ids: Iterable[str], now_ms: int, length_ms: int) -> set[str]:
    """Hold on to the strategies for another `length_ms`; returns those that are still held."""
    with db.write() as tx:
        return {
            strategy_id
            for strategy_id in strategy_ids
            if tx.run(
                "leases_renew", strategy_id=strategy_id, holder=holder, now_ms=now_ms, expires_ms=now_ms + length_ms
            )
        }


def release(db: Database, holder: str) -> None:
    """Give every lease back at once."""
    with db.write() as tx:
        tx.run("leases_release", holder=holder)


def _epoch(tx: Transaction, strategy_id: str, holder: str, now_ms: int) -> int | None:
    """The epoch under which `holder` may act from now on, None where somebody else does."""
    rows = tx.read("leases_read", strategy_id=strategy_id)
    if not rows:
        return 1
    alive = rows[0]["expires_ms"] > now_ms
    if alive and rows[0]["holder"] != holder:
        return None
    return int(rows[0]["epoch"]) + (0 if alive else 1)
