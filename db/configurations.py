"""Configurations: whose counts in this database, and the newest files that were good."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from db.connection import Database, Transaction

AGREED = "configuration"  # the key in `meta`


class Agreed(NamedTuple):
    """Whose configuration counts: the digest of what it trades, the host that registered it, since when."""

    digest: str
    host: str
    since_ms: int


class Good(NamedTuple):
    """Files that were good: their digest, the host that read them, since when, and their YAML by file name."""

    digest: str
    host: str
    since_ms: int
    files: Mapping[str, str]


def agreed(db: Database | Transaction) -> Agreed | None:
    """Whose configuration counts; None before the first registration, and after a rename."""
    rows = db.read("meta_read", key=AGREED)
    return Agreed(**json.loads(rows[0]["value"])) if rows else None


def agree(tx: Transaction, mine: Agreed) -> None:
    """From now on this one counts."""
    tx.run("meta_write", key=AGREED, value=json.dumps(mine._asdict()))


def disagree(tx: Transaction) -> None:
    """Nobody's counts: every process registers what it has, at its next heartbeat."""
    tx.run("meta_forget", key=AGREED)


def good(db: Database) -> Good | None:
    """The newest files that were good, None where none ever were."""
    rows = db.read("configurations_read")
    return Good(rows[0]["digest"], rows[0]["host"], rows[0]["since_ms"], json.loads(rows[0]["files"])) if rows else None


def keep(db: Database, found: Good) -> None:
    """Remember files that are good in place of those before; nothing is written where they are the same."""
    if (before := good(db)) is not None and before.files == found.files:
        return
    with db.write() as tx:
        tx.run("configurations_clear")
        tx.run("configurations_write", **(found._asdict() | {"files": json.dumps(found.files)}))
