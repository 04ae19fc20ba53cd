"""Database files for tests, and candles to fill them with."""

import shutil
from pathlib import Path

from db.database import Database
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from domain.candles import Candle
from tests.kit.series import HOUR, START


def fresh(folder: Path, environment: str = "real") -> Database:
    """A connection to a new database in `folder`."""
    path = folder / "trading.db"
    migrate(path, environment, any_filesystem=True)
    return connect(path, any_filesystem=True)


def bar(number: int, close: float = 100.0, *, length: int = HOUR) -> Candle:
    """The bar that opens `number` bars after START, closing at `close`."""
    return Candle(START + number * length, close, close + 1, close - 1, close, 5.0)


def bars(*numbers: int, close: float = 100.0) -> list[Candle]:
    """Several hourly bars by number."""
    return [bar(number, close) for number in numbers]


def deleted(path: Path) -> None:
    """Take a file away."""
    path.unlink()


def replaced(path: Path) -> None:
    """Put a copy in a file's place."""
    twin = path.with_name("twin")
    shutil.copy(path, twin)
    twin.replace(path)
