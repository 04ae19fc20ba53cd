"""Beginning a strategy anew: what it did stays under another id, and it goes on with the next candle.

Safe beside a trader that acts for it: the new one is nobody's until somebody takes its lease, whose epoch grows then,
and it trades under another run, so whatever was decided for the old one is refused. It counts every candle as decided
that the old one has decided.
"""

from itertools import count

from db.database import Database, Row, Transaction
from db.fleet.leases import Kind
from db.trading import strategies
from db.trading.registration import Registration, begin
from domain.candles import Series
from domain.errors import ConfigError, Rejected
from domain.money import decimal


def reset(db: Database, strategy_id: str, now_ms: int) -> str | None:
    """Begin a strategy anew at `now_ms` (real time), with its capital and under its configuration; the id under which
    its history stands, None where it has none and nothing was done.

    Raises ConfigError for one that is not known, not enabled or not on paper, and Rejected while it holds a position.
    """
    strategies.found(db, strategy_id)
    with db.write() as tx:
        row = tx.read("strategies_known", strategy_id=strategy_id)[0]
        _refuse(tx, row)
        if tx.read("totals_of_strategy", strategy_id=strategy_id)[0]["decided"] == 0:
            return None
        archive = _free(tx, strategy_id)
        strategies.move(tx, strategy_id, archive)
        tx.run("strategies_enable", strategy_id=archive, enabled=0)
        begin(tx, _registration(row), now_ms)
        tx.run("strategies_stay", strategy_id=strategy_id, state=row["state"], reason=row["state_reason"])
        tx.run("claims_rename", old=archive, new=strategy_id)
        tx.run("claims_vacate", kind=Kind.STRATEGY, claim=strategy_id)
        return archive


def _refuse(tx: Transaction, row: Row) -> None:
    """Raise where a strategy cannot be begun anew."""
    one = row["strategy_id"]
    if row["mode"] != "paper":
        raise ConfigError(f"{one} trades {row['mode']}: only strategies on paper begin anew")
    if not row["enabled"]:
        raise ConfigError(f"{one} is removed: it begins anew under a new id, in a file of its own")
    position = tx.read("positions_load", strategy_id=one)[0]
    if position["entry_timestamp"] is not None:
        raise Rejected(
            f"{one} holds a position: `fleet pause {one}` and `fleet exit {one}` sell it, then reset it (and "
            f"`fleet resume {one}`)"
        )


def _free(tx: Transaction, strategy_id: str) -> str:
    """The first of ``ID~1``, ``ID~2``… that no strategy has and none ever had."""
    taken = {row["strategy_id"] for name in ("strategies_all", "freed_ids_all") for row in tx.read(name)}
    return next(name for number in count(1) if (name := f"{strategy_id}~{number}") not in taken)


def _registration(row: Row) -> Registration:
    """A strategy as it was registered last."""
    return Registration(
        strategy_id=row["strategy_id"],
        series=Series(row["exchange"], row["symbol"], row["timeframe"]),
        mode=row["mode"],
        kind=row["kind"],
        quote=row["quote"],
        capital=decimal(row["capital"]),
        configuration=row["configuration"],
    )
