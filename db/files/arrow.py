"""How much a Feather file unpacks into, before any of it is unpacked: its messages say so.

The format is Arrow's IPC (https://arrow.apache.org/docs/format/Columnar.html): messages whose metadata are flatbuffers
(Message.fbs). pyarrow unpacks a whole message at once, whatever its size.
"""

import struct
from collections.abc import Iterator

import pyarrow as pa

MAGIC = 8  # bytes before the first message
HEADER, FIELDS, DATA, BUFFERS, COMPRESSION = 2, 16, 1, 2, 3  # places of fields, and bytes of one buffer's description
PLAIN = -1  # the size of a buffer that was left as it is


def unpacked(content: bytes) -> int:
    """Bytes that all columns take in memory. Raises what pyarrow and struct raise where the file is damaged."""
    source = pa.BufferReader(content)
    source.seek(MAGIC)
    return sum(size for message in pa.ipc.MessageReader.open_stream(source) for size in _sizes(message))


def _sizes(message: pa.ipc.Message) -> Iterator[int]:
    """The sizes of one message's buffers; each packed one begins with its own."""
    if message.type not in {"record batch", "dictionary"}:
        return
    about, body = message.metadata.to_pybytes(), memoryview(message.body)
    batch = _table(about, _number(about, 0), HEADER)
    if message.type == "dictionary":
        batch = _table(about, batch, DATA)
    buffers, packed = _table(about, batch, BUFFERS), _field(about, batch, COMPRESSION)
    for place in range(_number(about, buffers)):
        start, length = struct.unpack_from("<qq", about, buffers + 4 + FIELDS * place)
        size = struct.unpack_from("<q", body, start)[0] if packed and length else PLAIN
        yield length if size == PLAIN else size


def _number(about: bytes, place: int) -> int:
    found: int = struct.unpack_from("<i", about, place)[0]
    return found


def _field(about: bytes, table: int, number: int) -> int:
    """Where a field of a table stands, 0 where it is left out."""
    known = table - _number(about, table)
    size, entry = struct.unpack_from("<H", about, known)[0], 4 + 2 * number
    offset: int = struct.unpack_from("<H", about, known + entry)[0] if entry < size else 0
    return offset and table + offset


def _table(about: bytes, table: int, number: int) -> int:
    """Where the table or the list begins that a field points at."""
    place = _field(about, table, number)
    return place + _number(about, place)
