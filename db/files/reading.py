"""A file of candles, whatever it is: its rows and what did not fit."""

from pathlib import Path
from zipfile import ZipFile

from db.files import columnar, text
from db.files.archive import Member, opened
from db.files.sheet import Sheet
from domain.errors import Rejected

COLUMNAR = (".parquet", ".feather")


def read(path: Path, symbol: str = "", member: Member | None = None, archive: ZipFile | None = None) -> Sheet:
    """The rows of a file, or of a member of an archive. `symbol` (BASE/QUOTE, nothing where it is not known): by its
    currencies some call their volumes.

    Raises Rejected where it is no table of candles, cannot be read, or unpacks into too much.
    """
    with opened(path, member, archive) as (name, file):
        columns = name.lower().endswith(COLUMNAR)
        sheet = columnar.read(name, file.read(), symbol) if columns else text.read(name, file, symbol)
    if not sheet.rows and not sheet.rejects.count:
        raise Rejected(f"{name}: holds no row")
    return sheet


def names_symbols(path: Path, member: Member | None = None, archive: ZipFile | None = None) -> bool:
    """Whether it has a symbol column. Raises what `read` raises."""
    with opened(path, member, archive) as (name, file):
        if name.lower().endswith(COLUMNAR):
            return columnar.names_symbols(name, file.read())
        return text.names_symbols(name, file)
