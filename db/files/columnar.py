"""Candles from Parquet and Feather: a piece of the columns at a time, never more than a file of text may hold."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from db.files.arrow import unpacked
from db.files.columns import UNNAMED, Columns, find
from db.files.metered import LIMIT, readable
from db.files.sheet import Said, Sheet
from db.files.times import bare, moment
from domain.errors import Rejected

PIECE = 65_536  # rows that are read at once
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
DAY = 86_400
ROW = 48  # bytes of six numbers


def read(name: str, content: bytes, symbol: str) -> Sheet:
    """All rows. `symbol`: by its currencies some call their volumes. Raises Rejected where it cannot be read, or holds
    too much.
    """
    sheet = Sheet(name)
    number = 0
    for columns, batch in _batches(name, content, symbol):
        with readable(name):
            sheet.bare |= _is_bare(batch.column(columns.places[0]))
            times, *prices = [_values(name, batch.column(place)) for place in columns.places]
            labels = [_texts(batch, place) for place in columns.labels]
        said = map(Said._make, zip(*labels, strict=True))
        for number, row in enumerate(zip(said, times, *prices, strict=True), number + 1):  # noqa: B020  it goes on
            _take(sheet, number, row, needed="symbol" in columns.labelled)
    return sheet


def columns(name: str, content: bytes) -> Columns:
    """Where its columns stand. Raises what `read` raises."""
    return next((found for found, _ in _batches(name, content, "")), UNNAMED)


def _take(sheet: Sheet, number: int, row: Sequence[Any], *, needed: bool) -> None:
    """One row; `needed`: it must tell its symbol."""
    said, time, *prices = row
    try:
        values = (moment(time), *map(float, prices))
    except (TypeError, ValueError, OverflowError) as error:
        reason = "a cell is empty" if None in prices else error
        sheet.rejects.add(number, reason, ",".join(map(str, row)))
    else:
        if needed and not said.symbol:
            sheet.rejects.add(number, "no symbol", ",".join(map(str, row)))
        else:
            sheet.of(said).add(number, values)


def _texts(batch: pa.RecordBatch, place: int | None) -> list[str]:
    """What stands in a column of names."""
    cells = [None] * len(batch) if place is None else batch.column(place).to_pylist()
    return ["" if cell is None else str(cell) for cell in cells]


def _batches(name: str, content: bytes, symbol: str) -> Iterator[tuple[Columns, pa.RecordBatch]]:
    """Pieces of the table, each with where its columns stand."""
    with readable(name):
        found = _parquet(name, content) if name.lower().endswith(".parquet") else _feather(name, content)
    while True:
        with readable(name):
            batch = next(found, None)
            if batch is None:
                return
            columns = find(name, batch.schema.names, symbol)
        yield columns, batch


def _parquet(name: str, content: bytes) -> Iterator[pa.RecordBatch]:
    file = parquet.ParquetFile(pa.BufferReader(content))
    about = file.metadata
    packed = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    _require_small(name, max(packed, about.num_rows * ROW))  # what a column says of itself may end the process
    count = 0
    for batch in file.iter_batches(PIECE):
        count += batch.num_rows
        yield batch
    if count != about.num_rows:
        raise Rejected(f"{name}: damaged: it holds {count} rows where it says {about.num_rows}")


def _feather(name: str, content: bytes) -> Iterator[pa.RecordBatch]:
    source = pa.BufferReader(content)
    _require_small(name, unpacked(content))
    file = pa.ipc.open_file(source)
    for place in range(file.num_record_batches):
        yield file.get_batch(place)


def _require_small(name: str, size: int) -> None:
    if size > LIMIT:
        raise Rejected(f"{name}: unpacks into more than {LIMIT >> 20} MB: it is not read")


def _values(name: str, column: pa.Array) -> list[Any]:
    """A column as Python's values; dates and moments as Unix seconds."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _values(name, column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return _divided(column.cast(pa.int64()), UNITS[kind.unit])
    if pa.types.is_date32(kind):
        return _divided(column.cast(pa.int32()), 1 / DAY)
    if pa.types.is_date64(kind):
        return _divided(column.cast(pa.int64()), 1000)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        raise Rejected(f"{name}: a column holds times of day ({kind}) instead of moments")
    found: list[Any] = column.to_pylist()
    return found


def _is_bare(column: pa.Array) -> bool:
    """Whether a column of times names no zone: by its type, or by its first value."""
    if pa.types.is_timestamp(column.type):
        return column.type.tz is None
    texts = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return texts and len(column) > 0 and bare(column[0].as_py())


def _divided(column: pa.Array, unit: float) -> list[float | None]:
    return [None if value is None else value / unit for value in column.to_pylist()]
