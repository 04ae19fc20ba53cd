"""Database files for tests."""

import shutil
from pathlib import Path

from db.database import Database
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate


def fresh(folder: Path, environment: str = "real") -> Database:
    """A connection to a new database in `folder`."""
    path = folder / "trading.db"
    migrate(path, environment, any_filesystem=True)
    return connect(path, any_filesystem=True)


def deleted(path: Path) -> None:
    """Take a file away."""
    path.unlink()


def replaced(path: Path) -> None:
    """Put a copy in a file's place."""
    twin = path.with_name("twin")
    shutil.copy(path, twin)
    twin.replace(path)
