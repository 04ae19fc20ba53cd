"""Facts about the database itself: environment, fleet_id, the clock of candle time."""

from db.database import Database
from domain.errors import ConfigError


def environment(db: Database) -> str:
    """Whose data this is: real or simulated."""
    return _value(db, "environment") or ""


def fleet_id(db: Database) -> str:
    """16 hexadecimal digits drawn when the database was created."""
    return _value(db, "fleet_id") or ""


def clock_text(db: Database) -> str | None:
    """The clock of candle time in JSON, None for real time."""
    return _value(db, "clock")


def set_clock(db: Database, text: str) -> None:
    """Let candle time follow this clock, in every process that reads it from now on."""
    with db.write() as tx:
        tx.run("meta_write", key="clock", value=text)


def set_backup(db: Database, copied_ms: int, file: str) -> None:
    """Note when the newest backup was made, and where."""
    with db.write() as tx:
        tx.run("meta_write", key="backup_ms", value=str(copied_ms))
        tx.run("meta_write", key="backup_file", value=file)


def set_fleet_id(db: Database, text: str) -> None:
    """Let a copy of a database name its orders as that one does."""
    with db.write() as tx:
        tx.run("meta_write", key="fleet_id", value=text)


def set_replayed(db: Database) -> None:
    """Note that what stands here was decided in a replay."""
    with db.write() as tx:
        tx.run("meta_write", key="replayed", value="1")


def replayed(db: Database) -> bool:
    """Whether it was: nothing runs on such a database."""
    return _value(db, "replayed") is not None


def check_environment(db: Database, expected: str) -> None:
    """Raise ConfigError where the database holds the other kind of data."""
    found = environment(db)
    if found != expected:
        raise ConfigError(
            f"{db.store} holds {found} data, the configuration asks for {expected}: name another file with --database"
        )


def _value(db: Database, key: str) -> str | None:
    rows = db.read("meta_read", key=key)
    return str(rows[0]["value"]) if rows else None
