"""What the fleet knows of each exchange as a whole: how far its clock is from ours, and how many markets it lists."""

from typing import NamedTuple

from db.database import Database


class ExchangeFacts(NamedTuple):
    """`offset_ms`: what its clock is ahead of candle time on this machine. `markets`: how many it listed last."""

    offset_ms: int
    markets: int


UNKNOWN = ExchangeFacts(0, 0)


def load(db: Database) -> dict[str, ExchangeFacts]:
    """What is known, by exchange."""
    return {row["exchange"]: ExchangeFacts(row["offset_ms"], row["markets"]) for row in db.read("exchanges_all")}


def offsets(db: Database) -> dict[str, int]:
    """What each exchange's clock is ahead of candle time on this machine, milliseconds; others are at 0."""
    return {name: facts.offset_ms for name, facts in load(db).items()}


def set_offset(db: Database, exchange: str, offset_ms: int) -> None:
    """The exchange's clock is so far ahead of candle time on this machine."""
    with db.write() as tx:
        tx.run("exchanges_set_offset", exchange=exchange, offset_ms=offset_ms)


def set_markets(db: Database, exchange: str, markets: int) -> None:
    """The exchange lists so many markets; writes nothing where that is known."""
    if load(db).get(exchange, UNKNOWN).markets != markets:
        with db.write() as tx:
            tx.run("exchanges_set_markets", exchange=exchange, markets=markets)
