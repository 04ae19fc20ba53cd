"""`fleet import` of archives: the series that their members name, what else lies in them, and what explodes."""

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from db.market_data import candles
from db.sqlite.connection import connect_readonly

START = 1_704_067_200  # 2024-01-01 00:00 UTC
KRAKEN = {
    "XBTUSD_60": (3600, 42_000),
    "XBTUSD_1": (60, 42_500),
    "ETHUSD_60": (3600, 2_300),
    "XDGEUR_1440": (86_400, 0.08),
}
BINANCE = ("--exchange", "binance", "--symbol", "BTC/USDT", "--timeframe", "1h")


def rows(step, price, count=6, first=START):
    """Lines of bars, as Kraken and Binance dump them."""
    return "".join(f"{first + step * place},{price},{price},{price},{price},1,7\n" for place in range(count))


def zipped(path, members):
    """An archive with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def kraken(tmp_path):
    """Kraken's history of some pairs."""
    members = {f"Q1/{name}.csv": rows(*each) for name, each in KRAKEN.items()}
    return zipped(tmp_path / "Kraken_OHLCVT.zip", members)


def stored(tmp_path):
    """The series in the database, each with its number of bars and its newest close."""
    with connect_readonly(tmp_path / "trading.db") as db:
        found = candles.heads(db)
        return {str(each): (head.candles, candles.newest(db, each, 1)[0].close) for each, head in found.items()}


def test_every_series_that_an_archive_names(tmp_path, imports):
    """Kraken's names: XBT is BTC, XDG is DOGE, the number is minutes."""
    assert imports(kraken(tmp_path)) == 0
    assert stored(tmp_path) == {
        "kraken BTC/USD 1h": (6, 42_000), "kraken BTC/USD 1m": (6, 42_500), "kraken ETH/USD 1h": (6, 2_300),
        "kraken DOGE/EUR 1d": (6, 0.08),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [(("--symbol", "BTC/USD"), {"kraken BTC/USD 1h", "kraken BTC/USD 1m"}),
     (("--timeframe", "1h"), {"kraken BTC/USD 1h", "kraken ETH/USD 1h"}),
     (("--symbol", "DOGE/EUR", "--timeframe", "1d", "--exchange", "kraken"), {"kraken DOGE/EUR 1d"})],
)  # fmt: skip
def test_only_what_was_asked_for(tmp_path, imports, capsys, asked, found):
    """What is left out is told."""
    assert imports(kraken(tmp_path), *asked) == 0
    assert set(stored(tmp_path)) == found
    assert "files of other series left out" in capsys.readouterr().err


def test_an_archive_without_what_was_asked_for(tmp_path, imports, capsys):
    """Exit status 1, with what it holds."""
    assert imports(kraken(tmp_path), "--symbol", "SOL/USD") == 1
    told = capsys.readouterr().err
    assert "BTC/USD 1h" in told
    assert "nothing that was asked for" in told


def test_members_of_one_series_are_one(tmp_path, imports, capsys):
    """Binance's months, whatever the archive around them is called."""
    january, february = rows(3600, 1, 744), rows(3600, 2, 696, START + 744 * 3600)
    path = zipped(tmp_path / "x.zip", {"BTCUSDT-1h-2024-02.csv": february, "BTCUSDT-1h-2024-01.csv": january})
    assert imports(path, "--format", "json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["exchange"], told["symbol"], told["timeframe"], told["inserted"], told["gaps"]) == (
        "binance", "BTC/USDT", "1h", 1440, 0,
    )  # fmt: skip


MIXED = {
    "another series than its archive": ({"ETHUSDT-1h-2024-01.csv": rows(3600, 2)}, "the archive's says BTC/USDT"),
    "no name beside names": ({"notes.csv": rows(3600, 2)}, "does not tell its series"),
    "a timeframe that is none here": ({"BTCUSDT-1mo-2024-01.csv": rows(3600, 2)}, "1mo"),
    "futures": ({"BTC_USDT-1h-futures.csv": rows(3600, 2)}, "no prices of a spot market"),
    "an archive in an archive": ({"BTCUSDT-1h-2024-02.csv.gz.gz": b"x"}, "unpack it first"),
    "minutes under the name of hours": ({"BTCUSDT-1h-2024-02.csv": rows(60, 2, 90)}, "1m apart"),
}


@pytest.mark.parametrize("name", MIXED)
def test_a_member_that_does_not_fit_costs_itself(tmp_path, imports, capsys, name):
    """It is told, exit status 1; the others are stored."""
    members, told = MIXED[name]
    path = zipped(tmp_path / "BTCUSDT-1h-2024-01.zip", {"BTCUSDT-1h-2024-01.csv": rows(3600, 1)} | members)
    assert imports(path) == 1
    assert told in capsys.readouterr().err
    assert stored(tmp_path) == {"binance BTC/USDT 1h": (6, 1)}


def test_what_is_no_table_is_left_out(tmp_path, imports, capsys):
    """What a Mac, a person and an exchange put beside a table; they are told."""
    foreign = ["__MACOSX/._a.csv", ".DS_Store", "a.csv.CHECKSUM", "README.txt", "docs/licence", "Thumbs.db"]
    path = zipped(tmp_path / "x.zip", {"a.csv": rows(3600, 1)} | dict.fromkeys(foreign, b"\0\1\2,,,"))
    assert imports(path, *BINANCE) == 0
    told = capsys.readouterr().err
    assert "left out" in told
    assert stored(tmp_path) == {"binance BTC/USDT 1h": (6, 1)}


@pytest.mark.parametrize("name", ["more.zip", "more.tar.gz", "BTCUSDT-1h-2024-02.7z", "more/more.rar"])
@pytest.mark.parametrize("typed", [BINANCE, ()])
def test_an_archive_in_an_archive_is_refused(tmp_path, imports, capsys, name, typed):
    """What lies in it is not imported, so the status is 1; the table beside it is read."""
    path = zipped(tmp_path / "x.zip", {"BTCUSDT-1h-2024-01.csv": rows(3600, 1), name: b"PK"})
    assert imports(path, *typed) == 1
    assert f"x.zip/{name}: an archive in an archive is not opened: unpack it first" in capsys.readouterr().err
    assert stored(tmp_path) == {"binance BTC/USDT 1h": (6, 1)}


@pytest.mark.parametrize("name", ["Kraken_OHLCVT.7z", "Kraken_OHLCVT.tar.gz", "BTCUSDT-1h-2024-01.csv.bz2"])
def test_what_is_packed_otherwise_is_told(tmp_path, imports, capsys, name):
    """Whatever its name tells of series."""
    (tmp_path / name).write_bytes(b"x")
    assert imports(tmp_path / name) == 1
    assert f"{name}: packed in a way that is not opened" in capsys.readouterr().err


def test_an_archive_under_another_name_than_its_symbol_column(tmp_path, imports, capsys):
    """A person may know that the market is called otherwise today; it is told, and exit status 1."""
    table = "symbol,timestamp,open,high,low,close,volume\n" + "".join(
        f"MATICUSDT,{START + 3600 * place},1,1,1,1,1\n" for place in range(5)
    )
    path = zipped(tmp_path / "x.zip", {"a.csv": table})
    assert imports(path, "--exchange", "binance", "--symbol", "POL/USDT", "--timeframe", "1h") == 1
    assert "its symbol column says MATICUSDT: taken for POL/USDT" in capsys.readouterr().err
    assert stored(tmp_path) == {"binance POL/USDT 1h": (5, 1)}


def test_a_file_that_is_no_table(tmp_path, imports, capsys):
    """It is left out; where nothing else was named nothing was imported."""
    (tmp_path / "BTCUSDT-1h-2024-01.zip.CHECKSUM").write_text("8f3a  BTCUSDT-1h-2024-01.zip")
    assert imports(tmp_path / "BTCUSDT-1h-2024-01.zip.CHECKSUM") == 1
    path = zipped(tmp_path / "BTCUSDT-1h-2024-01.zip", {"BTCUSDT-1h-2024-01.csv": rows(3600, 1)})
    assert imports(tmp_path / "BTCUSDT-1h-2024-01.zip.CHECKSUM", path) == 0
    assert capsys.readouterr().err.count("left out: no table") == 2


def encrypted(content):
    """The same archive as if its members needed a password."""
    changed = bytearray(content)
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        changed[content.index(mark) + place] |= 1
    return bytes(changed)


def test_what_cannot_be_read_stops_nothing(tmp_path, imports, capsys):
    """A cut download, an archive with a password, garbage: each a sentence, the files after them are imported."""
    good = [tmp_path / f"good{number}.csv" for number in (1, 2)]
    for number, path in enumerate(good):
        path.write_text(rows(3600, 1, 6, START + number * 6 * 3600))
    whole = zipped(tmp_path / "x.zip", {"a.csv": rows(3600, 1)})
    bad = {"cut.csv.gz": gzip.compress(good[0].read_bytes())[:40], "password.zip": encrypted(whole.read_bytes()),
           "cut.zip": whole.read_bytes()[:90], "no.parquet": b"PAR1", "no.feather": b"ARROW1"}  # fmt: skip
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    assert imports(good[0], *(tmp_path / name for name in bad), good[1], *BINANCE) == 1
    told = capsys.readouterr()
    assert [name for name in bad if name not in told.err] == []
    assert "password.zip/a.csv: needs a password" in told.err
    assert "together: 12 candles, 12 new, 5 rejected" in told.out


def zeros(size):
    """So many bytes that pack to nothing."""
    return b"0" * size


def columns(write, **options):
    """Five megabytes of zeros in columns."""
    buffer, zero = io.BytesIO(), pa.array([0] * 100_000, pa.int64())
    names = ("timestamp", "open", "high", "low", "close", "volume")
    write(pa.table(dict.fromkeys(names, zero)), buffer, **options)
    return buffer.getvalue()


def overlapping(tmp_path):
    """An archive whose list names the same megabytes two hundred times."""
    content = bytearray(zipped(tmp_path / "o.zip", {"a.csv": zeros(15_000_000)}).read_bytes())
    start, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    listed, tail = bytes(content[start:end]) * 200, bytearray(content[end:])
    tail[8:12] = (200).to_bytes(2, "little") * 2
    tail[12:16] = len(listed).to_bytes(4, "little")
    return bytes(content[:start]) + listed + bytes(tail)


BOMBS = {
    "x.csv.gz": lambda _: gzip.compress(zeros(60_000_000), 9),
    "x.zip": lambda folder: zipped(folder / "b.zip", {"a.csv": zeros(60_000_000)}).read_bytes(),
    "nested.zip": lambda folder: zipped(folder / "n.zip", {"a.csv.gz": gzip.compress(zeros(60_000_000))}).read_bytes(),
    "many.zip": lambda folder: zipped(folder / "m.zip", {f"{each}.csv": b"" for each in range(20_001)}).read_bytes(),
    "overlapping.zip": overlapping,
    "x.feather": lambda _: columns(feather.write_feather, compression="zstd"),
    "x.parquet": lambda _: columns(parquet.write_table, compression="zstd"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_explodes_is_not_unpacked(tmp_path, imports, capsys, monkeypatch, name):
    """It is told after some megabytes; what has columns says itself how large it is."""
    path = tmp_path / name
    path.write_bytes(BOMBS[name](tmp_path))
    monkeypatch.setattr("db.files.columnar.LIMIT", 4_000_000)
    assert path.stat().st_size < 4_000_000
    assert imports(path, *BINANCE) == 1
    assert "it is not read" in capsys.readouterr().err
