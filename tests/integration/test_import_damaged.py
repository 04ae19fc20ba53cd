"""`fleet import` of damaged files: a sentence, never a traceback, never a candle that a checksum would have caught."""

import gzip
import io
import json
import random
import zipfile

import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from backfiller.contents import contents
from backfiller.file_names import Label
from backfiller.manifest import manifest
from db.files.archive import unzipped

START = 1_704_067_200  # 2024-01-01 00:00 UTC
NOW = START + 10**8
ROWS = [(START + 3600 * place, 100.0 + place, 105.0 + place, 95.0, 101.0 + place, 7.25) for place in range(200)]
FLIPS = 300
WISH = Label("binance", "BTC/USDT", "1h")


def text():
    """The rows as lines."""
    return "\n".join(["timestamp,open,high,low,close,volume", *(",".join(map(str, row)) for row in ROWS)]).encode()


def table():
    """The rows as columns."""
    names = ("timestamp", "open", "high", "low", "close", "volume")
    return pa.table(dict(zip(names, zip(*ROWS, strict=True), strict=True)))


def zipped(method=zipfile.ZIP_DEFLATED):
    """A zip with two members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        lines = text().splitlines()
        archive.writestr("a.csv", b"\n".join(lines[:100]))
        archive.writestr("b.csv", b"\n".join([lines[0], *lines[100:]]))
    return buffer.getvalue()


def columnar(write, **options):
    """A file of columns."""
    buffer = io.BytesIO()
    write(table(), buffer, **options)
    return buffer.getvalue()


CHECKED = {
    "csv.gz": lambda: gzip.compress(text(), mtime=0),
    "zip": zipped,
    "lzma.zip": lambda: zipped(zipfile.ZIP_LZMA),
    "bz2.zip": lambda: zipped(zipfile.ZIP_BZIP2),
    "stored.zip": lambda: zipped(zipfile.ZIP_STORED),
}
UNCHECKED = {
    "csv": text,
    "json": lambda: json.dumps([[row[0] * 1000, *row[1:]] for row in ROWS]).encode(),
    "parquet": lambda: columnar(parquet.write_table),
    "zstd.parquet": lambda: columnar(parquet.write_table, compression="zstd"),
    "feather": lambda: columnar(feather.write_feather),
    "zstd.feather": lambda: columnar(feather.write_feather, compression="zstd"),
}


def flipped(content, seed=11):
    """The same bytes with one bit turned, at places drawn by seed."""
    draw = random.Random(seed)
    for _ in range(FLIPS):
        damaged = bytearray(content)
        damaged[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        yield bytes(damaged)


def brought(folder, ending, content):
    """The rows that come out of a file, and how much of it was refused."""
    path = folder / f"x.{ending}"
    path.write_bytes(content)
    found, loaded = manifest(path, WISH), []
    if found.loads:
        with unzipped(path) as archive:
            loaded = [contents(load, NOW, archive) for load in found.loads]
    rows = [tuple(row) for each in loaded for bars in each.bars.values() for row in bars.table.tolist()]
    return rows, len(found.refused) + sum(each.rejected for each in loaded)


@pytest.mark.parametrize("ending", CHECKED | UNCHECKED)
def test_whole_files_come_in_whole(tmp_path, ending):
    """What the others are damaged from."""
    assert brought(tmp_path, ending, (CHECKED | UNCHECKED)[ending]()) == (ROWS, 0)


@pytest.mark.parametrize("ending", CHECKED)
def test_a_turned_bit_is_caught_by_the_checksum(tmp_path, ending):
    """Whatever comes out are the rows that went in; where any is missing it is told."""
    for damaged in flipped(CHECKED[ending]()):
        rows, refused = brought(tmp_path, ending, damaged)
        assert set(rows) <= set(ROWS)
        assert refused or rows == ROWS


@pytest.mark.parametrize("ending", UNCHECKED)
def test_a_turned_bit_is_no_traceback(tmp_path, ending):
    """Where nothing sums up the bytes, each row is still a candle, or told."""
    for damaged in flipped(UNCHECKED[ending]()):
        rows, refused = brought(tmp_path, ending, damaged)
        assert refused or len(rows) == len(ROWS)


def test_a_list_that_was_cut_is_no_whole_archive(tmp_path):
    """It says how many files it has: what is not listed would be lost in silence."""
    damaged = bytearray(zipped())
    damaged[damaged.rindex(b"PK\5\6") + 10] = 3
    assert brought(tmp_path, "zip", bytes(damaged)) == ([], 1)
