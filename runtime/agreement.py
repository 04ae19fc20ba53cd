"""Whose configuration counts: processes that trade one database agree on what its strategies are.

The newest that was registered counts. Whoever reads other files trades nothing and changes nothing until they agree.
"""

import json
import socket
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from config import files
from config.settings import Settings, StrategySettings
from db.database import Database
from db.fleet import configurations, workers
from db.fleet.configurations import Agreed, Good
from db.sqlite import private
from db.trading.registration import IDENTITY, Registration
from domain.small_files import Unfit, text_of
from runtime import clock
from runtime.light_structlog import structlog

log = structlog.get_logger()


def registrations(settings: Settings) -> list[Registration]:
    """The enabled strategies as the database keeps them."""
    return [registration(each) for each in settings.strategies if each.enabled]


def registration(settings: StrategySettings) -> Registration:
    """A strategy as the database keeps it."""
    return Registration(
        strategy_id=settings.strategy_id,
        series=settings.series,
        mode=settings.mode,
        kind=settings.kind,
        quote=settings.series.symbol.partition("/")[2],
        capital=settings.terms.capital,
        configuration=settings.configuration,
        file=settings.file,
    )


def digest(db: Database, settings: Settings) -> str:
    """SHA-256 of what a configuration trades. A strategy that cannot be read counts as it was registered, so that a
    broken file does not part those who have read it from those who have not yet.
    """
    written = {each.strategy_id: [*each.identity, each.configuration] for each in registrations(settings)}
    for row in db.read("strategies_all") if settings.unread else ():
        if row["strategy_id"] in settings.unread and row["enabled"]:
            written[row["strategy_id"]] = [*(row[name] for name in IDENTITY), row["configuration"]]
    return sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


def in_use(db: Database, found: Agreed, now_ms: int, lease_ms: int, besides: str = "") -> bool:
    """Whether a trader that lives, other than the one named `besides`, has read what counts."""
    alive = workers.alive(db, "trader", now_ms, lease_ms)
    return any(each.detail.get("digest") == found.digest for each in alive if each.worker_id != besides)


def difference(found: Agreed) -> str:
    """That other files count than those that are read here, in words."""
    since = datetime.fromtimestamp(found.since_ms / 1000, UTC).isoformat(" ", "seconds")
    return f"the files here differ from those that count in this database (registered by {found.host} on {since})"


def store_last_good(db: Database, settings: Settings, *, runs: bool = True, mine: str | None = None) -> None:
    """Keep the files of a configuration that counts, for a start without them, and note which database runs with their
    folder, unless what `runs` is a single errand. `mine`: the digest of what it trades, where it is known. Nothing is
    written where they are kept already.
    """
    agreed = configurations.agreed(db)
    if agreed is not None and agreed.digest != (mine or digest(db, settings)):
        return
    if runs:
        remember_database(settings.directory, settings.database)
    found, before = files.digest(settings.texts), configurations.good(db)
    if before is not None and before.digest == found:  # to read thousands of files once more takes its time
        return
    texts = files.storable(settings.texts)
    if texts is None:
        log.warning("configuration_not_kept", reason="an address in it names a user: what is kept holds no password")
    else:
        configurations.keep(db, Good(found, socket.gethostname(), clock.now_ms(), texts))


def remember_database(directory: Path, database: Path) -> None:
    """Note which database was used with this folder; a folder that cannot be written has none (containers are told)."""
    written, file = files.memory(directory, database), directory / files.MEMORY
    with suppress(OSError):
        if not _says(file, written):
            private.put(file, written)


def _says(file: Path, written: str) -> bool:
    """Whether a small file says just this."""
    try:
        return text_of(file, links=False) == written
    except (OSError, Unfit):
        return False
