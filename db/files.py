"""Candles from files: CSV as anybody writes it, Parquet, Feather, and gz or zip around them. Nothing is believed.

A file becomes rows of six numbers with the line they stood in; what does not fit is told by line with its reason.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow import feather, parquet

from domain.errors import Rejected

LIMIT = 1 << 29  # bytes of one file, unpacked: more is a mistake or an attack
TIMES = (
    "timestamp",
    "unix",
    "unix timestamp",
    "open_time",
    "open time",
    "opentime",
    "time",
    "ts",
    "t",
    "date",
    "datetime",
)
PRICES = {"open": ("open", "o"), "high": ("high", "h"), "low": ("low", "l"), "close": ("close", "c", "close price")}
UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3), (0, 1))  # from here on nano-, micro-, milli-, seconds
DELIMITERS = ",;\t"
SHOWN = 80  # characters of a bad line that are shown


class Line(NamedTuple):
    """One row: where it stood, counted from 1, and timestamp (Unix seconds), open, high, low, close, volume."""

    number: int
    values: tuple[float, ...]


class Reject(NamedTuple):
    """A line that holds no candle: where it stood, why, and what stood there."""

    number: int
    reason: str
    text: str


class Part(NamedTuple):
    """A file, or a member of a zip: its name, its rows in their order, and what did not fit."""

    name: str
    lines: list[Line]
    rejects: list[Reject]


def parts(path: Path, base: str = "") -> Iterator[Part]:
    """Every table in a file. `base` is the base currency, which some volumes carry in their column's name.

    Raises Rejected where the file is no table of candles, and OSError where it cannot be read.
    """
    if path.suffix == ".zip":
        yield from _zipped(path, base)
        return
    with path.open("rb") as file:
        yield _part(path.name, file.read(LIMIT + 1), base)


def _zipped(path: Path, base: str) -> Iterator[Part]:
    """The members of an archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            for member in members:
                with archive.open(member) as file:
                    yield _part(f"{path.name}/{member.filename}", file.read(LIMIT + 1), base)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Rejected(f"{path}: no zip archive that can be read: {error}") from error


def _part(name: str, content: bytes, base: str) -> Part:
    """One table."""
    if name.endswith(".gz"):
        name, content = name.removesuffix(".gz"), _unpacked(name, content)
    if len(content) > LIMIT:
        raise Rejected(f"{name}: more than {LIMIT >> 20} MB unpacked")
    if name.endswith((".parquet", ".feather")):
        return Part(name, *_columns(name, content, base))
    return Part(name, *_csv(name, content, base))


def _unpacked(name: str, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(LIMIT + 1)
    except (OSError, EOFError) as error:
        raise Rejected(f"{name}: no gzip file that can be read: {error}") from error


def _csv(name: str, content: bytes, base: str) -> tuple[list[Line], list[Reject]]:
    """The rows of a text file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(f"{name}: no text: {error}") from error
    lines = text.splitlines()
    head = next((place for place, line in enumerate(lines) if any(sign in line for sign in DELIMITERS)), None)
    if head is None:
        raise Rejected(f"{name}: no columns: a candle needs timestamp, open, high, low, close, volume")
    delimiter = max(DELIMITERS, key=lines[head].count)
    first = next(csv.reader([lines[head]], delimiter=delimiter))
    places, start = (range(6), head) if _is_data(first) else (_places(name, first, base), head + 1)
    good: list[Line] = []
    rejects: list[Reject] = []
    for number, row in enumerate(csv.reader(lines[start:], delimiter=delimiter), start + 1):
        if row:
            _take(number, row, places, good, rejects)
    return good, rejects


def _take(number: int, row: Sequence[str], places: Sequence[int], good: list[Line], rejects: list[Reject]) -> None:
    """One row of a text file."""
    try:
        cells = [row[place] for place in places]
        good.append(Line(number, (_moment(cells[0]), *map(float, cells[1:]))))
    except (ValueError, IndexError, OverflowError) as error:
        reason = "too few columns" if isinstance(error, IndexError) else str(error)
        rejects.append(Reject(number, reason, ",".join(row)[:SHOWN]))


def _is_data(row: Sequence[str]) -> bool:
    """Whether the first row holds numbers instead of names."""
    try:
        float(row[1])
    except (ValueError, IndexError):
        return False
    return True


def _places(name: str, header: Sequence[str], base: str) -> list[int]:
    """Where the six columns stand. Raises Rejected where one is missing."""
    names = [each.strip().strip('"').lower() for each in header]
    volumes = (f"volume {base.lower()}", f"volume_{base.lower()}", "volume", "vol", "v")
    wanted = {
        "timestamp": TIMES,
        **PRICES,
        "volume": (*volumes, *(each for each in names if each.startswith("volume"))),
    }
    found = {column: next((alias for alias in aliases if alias in names), None) for column, aliases in wanted.items()}
    missing = [column for column, alias in found.items() if alias is None]
    if missing:
        raise Rejected(f"{name}: no column for {', '.join(missing)} among {', '.join(names)}")
    return [names.index(alias) for alias in found.values() if alias is not None]


def _columns(name: str, content: bytes, base: str) -> tuple[list[Line], list[Reject]]:
    """The rows of a Parquet or Feather file."""
    source = pa.BufferReader(content)
    try:
        table = parquet.read_table(source) if name.endswith(".parquet") else feather.read_table(source)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Rejected(f"{name}: cannot be read: {error}") from error
    if table.nbytes > LIMIT:
        raise Rejected(f"{name}: more than {LIMIT >> 20} MB unpacked")
    columns = [table.column(place).to_pylist() for place in _places(name, table.column_names, base)]
    good: list[Line] = []
    rejects: list[Reject] = []
    for number, row in enumerate(zip(*columns, strict=True), 1):
        try:
            good.append(Line(number, (_moment(row[0]), *map(float, row[1:]))))
        except (TypeError, ValueError, OverflowError) as error:
            rejects.append(Reject(number, str(error), str(row)[:SHOWN]))
    return good, rejects


def _moment(value: Any) -> float:
    """Unix seconds from seconds, milli-, micro- or nanoseconds, a date, or a date and time (UTC without a zone)."""
    if isinstance(value, datetime):
        when = value
    else:
        try:
            number = float(value)
        except ValueError:
            when = datetime.fromisoformat(value.strip())
        else:
            return number / next(unit for limit, unit in UNITS if abs(number) >= limit)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
