"""Configurations: whose counts in this database, and the newest files that were good."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from db.database import Database, Transaction
from domain.clock_text import LAST_MS
from domain.small_files import Unfit, json_object, whole

AGREED = "configuration"  # the key in `meta`


class Agreed(NamedTuple):
    """Whose configuration counts: the digest of what it trades, the host that registered it, since when."""

    digest: str
    host: str
    since_ms: int


class Good(NamedTuple):
    """Files that were good: the digest of them as they were read, the host that read them, since when, and their YAML
    without comments by file name.
    """

    digest: str
    host: str
    since_ms: int
    files: Mapping[str, str]


def agreed(db: Database | Transaction) -> Agreed | None:
    """Whose configuration counts; None before the first registration, after a rename, and where what stands there says
    nobody's: whoever registers next writes it anew.
    """
    rows = db.read("meta_read", key=AGREED)
    try:
        return parsed(rows[0]["value"]) if rows else None
    except Unfit:
        return None


def parsed(text: str) -> Agreed:
    """Whose configuration counts, as `meta` keeps it. Raises Unfit for a text that says nobody's."""
    found = json_object(text)
    digest, host = found.get("digest"), found.get("host")
    if not isinstance(digest, str) or not isinstance(host, str):
        raise Unfit(0, "names no configuration")
    return Agreed(digest, host, whole(found.get("since_ms"), 0, LAST_MS))


def agree(tx: Transaction, mine: Agreed) -> None:
    """From now on this one counts."""
    tx.run("meta_write", key=AGREED, value=json.dumps(mine._asdict()))


def disagree(tx: Transaction) -> None:
    """Nobody's counts: every process registers what it has, at its next heartbeat."""
    tx.run("meta_forget", key=AGREED)


def good(db: Database) -> Good | None:
    """The newest files that were good, None where none ever were."""
    rows = db.read("configurations_read")
    try:
        files = json_object(rows[0]["files"]) if rows else {}
    except Unfit:
        return None
    texts = all(isinstance(text, str) for text in files.values())
    return Good(rows[0]["digest"], rows[0]["host"], rows[0]["since_ms"], files) if rows and texts else None


def keep(db: Database, found: Good) -> None:
    """Remember files that are good in place of those before; nothing is written where they are the same."""
    before = good(db)
    if before is not None and (before.digest, before.files) == (found.digest, found.files):
        return
    with db.write() as tx:
        tx.run("configurations_clear")
        tx.run("configurations_write", **(found._asdict() | {"files": json.dumps(found.files)}))
