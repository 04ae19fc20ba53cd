"""What others must know of the users' own kinds, as traders wrote it down: nobody else runs their files."""

from collections.abc import Iterable
from typing import NamedTuple

from db.database import Database

KEPT = 10  # states of a kind's file that are remembered: the newest


class StoredKind(NamedTuple):
    """A kind: the digest of the file that defines it, its name, its description (JSON, `domain.kind_description`)."""

    digest: str
    name: str
    description: str


class StoredWarmup(NamedTuple):
    """The bars that a strategy needs, by its kind's file and its parameters (JSON); they were checked and are sound."""

    digest: str
    params: str
    warmup: int


def description(db: Database, digest: str) -> str | None:
    """What is known of the kind that a file with this digest defines; None where no trader has run it."""
    rows = db.read("plugin_kinds_description", digest=digest)
    return str(rows[0]["description"]) if rows else None


def warmup(db: Database, digest: str, params: str) -> int | None:
    """The bars that a strategy with these parameters needs; None where no trader has taken on such a one."""
    rows = db.read("plugin_kinds_warmup", digest=digest, params=params)
    return int(rows[0]["warmup"]) if rows else None


def keep(db: Database, kinds: Iterable[StoredKind], warmups: Iterable[StoredWarmup], now_ms: int) -> None:
    """Remember them; nothing is written where they are known. Of each kind the newest states of its file stay."""
    new = [each for each in kinds if description(db, each.digest) != each.description]
    more = [each for each in dict.fromkeys(warmups) if warmup(db, each.digest, each.params) != each.warmup]
    if not new and not more:
        return
    with db.write() as tx:
        for each in new:
            tx.run("plugin_kinds_keep", **each._asdict(), stored_ms=now_ms)
            tx.run("plugin_kinds_forget", name=each.name, kept=KEPT)
        tx.run_many("plugin_kinds_keep_warmup", [each._asdict() for each in more])
