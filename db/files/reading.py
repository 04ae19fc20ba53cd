"""A file of candles, whatever it is: its rows and what did not fit."""

from pathlib import Path
from zipfile import ZipFile

from db.files import columnar, listed, text
from db.files.archive import Member, opened
from db.files.columns import UNNAMED, Columns
from db.files.sheet import Sheet
from domain.errors import Rejected

COLUMNAR = (".parquet", ".feather")


def read(path: Path, symbol: str = "", member: Member | None = None, archive: ZipFile | None = None) -> Sheet:
    """The rows of a file, or of a member of an archive. `symbol` (BASE/QUOTE, nothing where it is not known): by its
    currencies some call their volumes.

    Raises Rejected where it is no table of candles, cannot be read, or unpacks into too much.
    """
    with opened(path, member, archive) as (name, file):
        if name.lower().endswith(COLUMNAR):
            sheet = columnar.read(name, file.read(), symbol)
        else:
            sheet = listed.read(name, file.read()) if _is_json(name) else text.read(name, file, symbol)
    if not sheet.rows and not sheet.rejects.count:
        raise Rejected(f"{name}: holds no row")
    return sheet


def columns(path: Path, member: Member | None = None, archive: ZipFile | None = None) -> Columns:
    """Where its columns stand. Raises what `read` raises."""
    with opened(path, member, archive) as (name, file):
        if _is_json(name):
            return UNNAMED
        return columnar.columns(name, file.read()) if name.lower().endswith(COLUMNAR) else text.columns(name, file)


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json")
