"""`fleet import`: every format, every mistake by line, twice the same, and the recorded market data."""

import gzip
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, feather, parquet

from db.market_data import candles, gaps
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from domain.gaps import Cause
from tests.kit.series import ETHER, HOURLY, at

HOURS = [at(number) for number in range(5)]
ROWS = [(100.5, 101.25, 99.75, 100.0, 12.5)] * 5


def named(tmp_path, ending, content):
    """A file whose name says what it holds."""
    path = tmp_path / f"binance__BTC-USDT__1h.{ending}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def stored(tmp_path, series=HOURLY):
    """What is in the database."""
    with connect_readonly(tmp_path / "trading.db") as db:
        return candles.between(db, series, 0, 2**40)


def table(header, times, extra=""):
    """CSV text."""
    lines = [f"{time},{','.join(map(str, row))}{extra}" for time, row in zip(times, ROWS, strict=True)]
    return "\n".join([*([header] if header else []), *lines]) + "\n"


def dates(pattern):
    """The hours in another way of writing."""
    return [datetime.fromtimestamp(hour, UTC).strftime(pattern) for hour in HOURS]


HEADER = "timestamp,open,high,low,close,volume"
TEXTS = {
    "seconds": table(HEADER, HOURS),
    "milliseconds": table(HEADER, [hour * 1000 for hour in HOURS]),
    "microseconds": table(HEADER, [hour * 1_000_000 for hour in HOURS]),
    "iso": table("Date,Open,High,Low,Close,Volume", dates("%Y-%m-%d %H:%M:%S")),
    "iso with a zone": table("datetime,open,high,low,close,volume", dates("%Y-%m-%dT%H:%M:%S+00:00")),
    "no header": table("", HOURS),
    "Binance's dumps": table("", [hour * 1000 for hour in HOURS], extra=",1700003999999,1,2,3,4,0"),
    "newest first": "\n".join([HEADER, *reversed(table("", HOURS).splitlines())]),
    "semicolons": table(HEADER, HOURS).replace(",", ";"),
    "tabs": table(HEADER, HOURS).replace(",", "\t"),
    "old line ends": table(HEADER, HOURS).replace("\n", "\r"),
    "days without separators": table(HEADER, dates("%Y%m%d%H%M")),
    "a note above": "All times are UTC,https://example.org\n" + table(HEADER, HOURS),
    "quotes around everything": re.sub("[^,\n]+", r'"\g<0>"', table(HEADER, HOURS)),
    "byte order mark": "\ufeff" + table(HEADER, HOURS),
    "CryptoDataDownload": "https://www.CryptoDataDownload.com\n"
    "unix,date,symbol,open,high,low,close,Volume USDT,Volume BTC\n"
    + "\n".join(f"{hour},x,BTC/USDT,100.5,101.25,99.75,100.0,99999,12.5" for hour in HOURS),
}


@pytest.mark.parametrize("form", TEXTS)
def test_text_in_every_form(tmp_path, imports, form):
    """The same five candles come out, the volume that of the base currency."""
    assert imports(named(tmp_path, "csv", TEXTS[form])) == 0
    assert [(candle.timestamp, *candle[1:]) for candle in stored(tmp_path)] == [
        (hour, *row) for hour, row in zip(HOURS, ROWS, strict=True)
    ]


def frame(times):
    """Columns as freqtrade has them."""
    columns = dict(zip(("open", "high", "low", "close", "volume"), map(list, zip(*ROWS, strict=True)), strict=True))
    return pa.table({"date": times, **columns})


@pytest.mark.parametrize("unit", ["s", "ms", "ns"])
@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_columnar_files(tmp_path, imports, ending, unit):
    """Dates of any resolution."""
    times = pa.array(np.array(HOURS, dtype="datetime64[s]").astype(f"datetime64[{unit}]"))
    buffer = io.BytesIO()
    if ending == "parquet":
        parquet.write_table(frame(times), buffer)
    else:
        feather.write_feather(frame(times), buffer)
    assert imports(named(tmp_path, ending, buffer.getvalue())) == 0
    assert [candle.timestamp for candle in stored(tmp_path)] == HOURS


def test_gz_and_zip(tmp_path, imports):
    """Around text; an archive may hold several files."""
    assert imports(named(tmp_path, "csv.gz", gzip.compress(TEXTS["seconds"].encode()))) == 0
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        lines = TEXTS["no header"].splitlines()
        archive.writestr("a.csv", "\n".join(lines[:2]))
        archive.writestr("b.csv", "\n".join(lines[2:]))
    assert imports(named(tmp_path, "zip", buffer.getvalue())) == 0
    assert len(stored(tmp_path)) == 5


BAD = {
    "12:30,1,1,1,1,1": "a time of day",
    f'"{HOURS[1]},5,6,4,5,1': "a quotation mark that is not closed",
    f"{HOURS[1]},5,6,4,5,{'1' * 140_000}": "longer than 65536 characters",
    f'{HOURS[1]},5,6,4,5,"{"1" * 1_000}': "a quotation mark",
    f"{HOURS[1]},5,6,4,5,\udcff": "could not convert",
    "nan,5,6,4,5,1": "no time",
    "inf,5,6,4,5,1": "no time",
    "3600,5,6,4,5,1": "older than 2009",
    "1.7E+12,5,6,4,5,1": "a spreadsheet has rounded",
    f"{HOURS[0] + 7},1,1,1,1,1": "not the open",
    f"{HOURS[1]},5,4,3,5,1": "prices out of order",
    f"{HOURS[1]},nan,4,3,5,1": "not a number",
    f"{HOURS[1]},5,6,4,5,-1": "volume -1",
    f"{HOURS[1]},5,6": "too few columns",
    "4102444800,5,6,4,5,1": "not closed yet",
    f"{HOURS[1]},5e16,6e16,4,5,1": "price 6e+16: 1e+15 and more are not stored",
    f"{HOURS[1]},5,6,4,5,1e19": "volume 1e+19: 1e+18 and more are not stored",
    "45292.5,5,6,4,5,1": "a spreadsheet's number of a day",
    "31/12/2023 05:00,5,6,4,5,1": "write the year first",
}


@pytest.mark.parametrize("line", BAD)
def test_bad_lines_are_told_and_good_ones_kept(tmp_path, imports, capsys, line):
    """By file and line, with the reason; exit status 1."""
    good = TEXTS["seconds"].splitlines()
    path = named(tmp_path, "csv", "\n".join([*good[:2], line, *good[3:]]).encode(errors="surrogateescape"))
    assert imports(path) == 1
    told = capsys.readouterr()
    assert f"{path.name}:3: " in told.err
    assert BAD[line] in told.err
    assert "1 rejected" in told.out
    assert len(stored(tmp_path)) == 4


def test_two_rows_of_a_bar_that_differ_are_both_told(tmp_path, imports, capsys):
    """Nobody knows which is right: neither is stored. The same row twice is one."""
    good = TEXTS["seconds"].splitlines()
    path = named(tmp_path, "csv", "\n".join([*good, f"{HOURS[1]},5,6,4,5,1", good[3]]))
    assert imports(path) == 1
    told = capsys.readouterr().err
    assert [f"{path.name}:{line}: another row for the same bar differs" in told for line in (3, 7)] == [True, True]
    assert [candle.timestamp for candle in stored(tmp_path)] == [HOURS[0], *HOURS[2:]]


def contrary(tmp_path, name, header):
    """Two files of one series that say the second and the fourth hour differently, the last one of them otherwise."""
    first, second = (tmp_path / name.format(each) for each in ("01", "02"))
    lines = TEXTS["seconds" if header else "no header"].splitlines()
    first.write_text("\n".join(lines[:-1]))
    place = 2 if header else 1
    second.write_text("\n".join(each.replace("100.5", "100") if number in {place, place + 2} else each
                                for number, each in enumerate(lines)))  # fmt: skip
    return first, second


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("kept", [0, 10])
def test_two_files_that_say_a_bar_differently_are_both_told(
    tmp_path, imports, capsys, monkeypatch, header, turned, kept
):
    """As two rows of one file are: neither is stored, whichever comes first; what they agree on is."""
    monkeypatch.setattr("backfiller.reader.KEPT", kept)
    files = contrary(tmp_path, "BTCUSDT-1h-2023-{}.csv", header)
    assert imports(*(files[::-1] if turned else files)) == 1
    told = capsys.readouterr()
    numbers = (3, 5) if header else (2, 4)
    for path in files:
        for number in numbers:
            assert f"{path.name}:{number}: a row of another file for the same bar differs" in told.err
    assert "together: 5 candles, 3 new, 4 rejected" in told.out
    assert [candle.timestamp for candle in stored(tmp_path)] == [HOURS[0], HOURS[2], HOURS[4]]


def test_a_symbol_column_may_contradict_another_file(tmp_path, imports, capsys):
    """Which names its series, as the rows do."""
    (tmp_path / "all.csv").write_text(SYMBOLS.replace(f"BTCUSDT,{HOURS[1]},100", f"BTCUSDT,{HOURS[1]},99"))
    (tmp_path / "one.csv").write_text(SYMBOLS)
    (tmp_path / "BTCUSDT-1h-2023-11.csv").write_text("\n".join(f"{hour},100,100,100,100,1" for hour in HOURS))
    files = [tmp_path / name for name in ("all.csv", "BTCUSDT-1h-2023-11.csv", "one.csv")]
    (tmp_path / "all.csv").write_text((tmp_path / "all.csv").read_text().replace(",99,100,100,100", ",100,100,99,99"))
    assert imports(*files, "--exchange", "binance", "--timeframe", "1h") == 1
    assert capsys.readouterr().err.count("a row of another file for the same bar differs") == 3
    assert [candle.timestamp for candle in stored(tmp_path)] == [HOURS[0], *HOURS[2:]]
    assert len(stored(tmp_path, ETHER)) == 5


def test_a_file_given_twice_says_the_same(tmp_path, imports, capsys):
    """Also a part of it."""
    path = named(tmp_path, "csv", TEXTS["seconds"])
    assert imports(path, path) == 0
    assert "together: 10 candles, 5 new, 0 rejected" in capsys.readouterr().out


def test_a_later_command_revises(tmp_path, imports, capsys):
    """What a person imports anew is meant: it is counted."""
    first, second = contrary(tmp_path, "BTCUSDT-1h-2023-{}.csv", True)
    assert (imports(first), imports(second)) == (0, 0)
    assert "2 revised" in capsys.readouterr().out


def test_a_broken_row_does_not_cost_the_good_one_of_its_bar(tmp_path, imports):
    """Whichever comes first."""
    good = TEXTS["seconds"].splitlines()
    broken = f"{HOURS[1]},5,4,3,5,1"
    assert imports(named(tmp_path, "csv", "\n".join([*good[:2], broken, *good[2:], broken]))) == 1
    assert len(stored(tmp_path)) == 5


@pytest.mark.parametrize("number", [1, 4])
def test_a_stray_quote_costs_its_own_line(tmp_path, imports, capsys, number):
    """Also that of a file without a header."""
    lines = [f"{HOURS[0] + 3600 * place},1,2,0.5,1,1" for place in range(300)]
    lines[number - 1] = f'"{lines[number - 1]}'
    assert imports(named(tmp_path, "csv", "\n".join(lines))) == 1
    assert f":{number}: a quotation mark" in capsys.readouterr().err
    assert len(stored(tmp_path)) == 299


@pytest.mark.parametrize(("step", "told"), [(60, "1m"), (86_400, "1d")])
def test_bars_of_another_timeframe_are_refused(tmp_path, imports, capsys, step, told):
    """With what they look like; nothing is stored."""
    lines = [f"{HOURS[0] + step * place},1,2,0.5,1,1" for place in range(180)]
    assert imports(named(tmp_path, "csv", "\n".join(lines))) == 1
    assert f"its rows are {told} apart, not 1h" in capsys.readouterr().err
    assert stored(tmp_path) == []


def test_a_name_and_an_option_that_differ_are_refused(tmp_path, imports, capsys):
    """Exit status 2, nothing is stored."""
    assert imports(named(tmp_path, "csv", TEXTS["seconds"]), "--timeframe", "1m") == 2
    assert "its name says 1h, the command says 1m" in capsys.readouterr().err
    assert not (tmp_path / "trading.db").exists()


def test_the_volume_of_the_quote_currency_is_not_taken(tmp_path, imports, capsys):
    """It is another number."""
    assert imports(named(tmp_path, "csv", TEXTS["seconds"].replace("volume", "Volume USDT"))) == 1
    assert "no column for volume" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Volume BTC", "volume_(btc)", "Vol", "volumefrom", "Volume (coins)"])
def test_the_volume_of_the_base_currency_has_many_names(tmp_path, imports, name):
    """Also where that of the quote currency stands before it."""
    text = table(f"timestamp,open,high,low,close,Volume USDT,{name}", HOURS)
    assert imports(named(tmp_path, "csv", text.replace(",12.5", ",999,12.5"))) == 0
    assert {candle.volume for candle in stored(tmp_path)} == {12.5}


SYMBOLS = "symbol,timestamp,open,high,low,close,volume\n" + "".join(
    f"{symbol},{hour},{price},{price},{price},{price},1\n"
    for hour in HOURS
    for symbol, price in (("BTCUSDT", 100), ("ETH/USDT", 5))
)


def test_a_symbol_column_is_believed_before_the_label(tmp_path, imports, capsys):
    """Rows of another market are no rows of this one."""
    assert imports(named(tmp_path, "csv", SYMBOLS)) == 1
    assert ":3: a row of ETH/USDT, not of BTC/USDT" in capsys.readouterr().err
    assert [candle.close for candle in stored(tmp_path)] == [100.0] * 5


def test_a_symbol_column_that_says_something_else_refuses_the_file(tmp_path, imports, capsys):
    """Nothing is stored."""
    path = tmp_path / "candles.csv"
    path.write_text(SYMBOLS)
    assert imports(path, "--exchange", "binance", "--symbol", "SOL/USDT", "--timeframe", "1h") == 1
    assert (
        "its symbol column says BTCUSDT, ETH/USDT, not SOL/USDT; give --symbol as the file says"
        in capsys.readouterr().err
    )
    assert stored(tmp_path, Series("binance", "SOL/USDT", "1h")) == []


@pytest.mark.parametrize(("chosen", "counts"), [([], (5, 5)), (["--symbol", "ETH/USDT"], (0, 5))])
def test_all_markets_of_a_symbol_column_come_in(tmp_path, imports, chosen, counts):
    """Or the one that was asked for."""
    path = tmp_path / "candles.csv"
    path.write_text(SYMBOLS)
    assert imports(path, "--exchange", "binance", "--timeframe", "1h", *chosen) == 0
    pairs = [Series("binance", symbol, "1h") for symbol in ("BTC/USDT", "ETH/USDT")]
    assert tuple(len(stored(tmp_path, each)) for each in pairs) == counts


def labelled(exchange, length, symbol="BTC/USDT"):
    """CSV text whose columns tell the series."""
    rows = "".join(f"{exchange},{length},{symbol},{hour},{','.join(map(str, ROWS[0]))}\n" for hour in HOURS)
    return f"Exchange,Interval,{'symbol' if symbol else 'note'},{HEADER}\n{rows}"


def columned(tmp_path, ending, text):
    """A file of that text whose name tells nothing."""
    path = tmp_path / f"candles.{ending}"
    if ending == "csv":
        path.write_text(text)
    else:
        parquet.write_table(csv.read_csv(io.BytesIO(text.encode())), path)
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize(("exchange", "length"), [("Coinbase Pro", "1H"), ("coinbase", "60min")])
def test_exchange_and_timeframe_are_taken_from_columns(tmp_path, imports, ending, exchange, length):
    """Where nobody has typed them."""
    assert imports(columned(tmp_path, ending, labelled(exchange, length))) == 0
    assert len(stored(tmp_path, Series("coinbase", "BTC/USDT", "1h"))) == 5


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("typed", "told"),
    [(("--exchange", "binance"), "its exchange column says coinbase, not binance"),
     (("--timeframe", "4h"), "its timeframe column says 1h, not 4h"),
     (("--symbol", "SOL/USDT"), "its symbol column says BTC/USDT, not SOL/USDT")],
)  # fmt: skip
def test_columns_that_contradict_what_was_typed_refuse_the_file(tmp_path, imports, capsys, ending, typed, told):
    """As a symbol column does."""
    assert imports(columned(tmp_path, ending, labelled("coinbase", "1h")), *typed) == 1
    assert told in capsys.readouterr().err
    with connect_readonly(tmp_path / "trading.db") as db:
        assert candles.heads(db) == {}


def test_columns_that_contradict_a_name_refuse_the_file(tmp_path, imports, capsys):
    """A name that says its exchange; who calls files so is known better by a column."""
    assert imports(named(tmp_path, "csv", labelled("kraken", "1h"))) == 1
    assert "its exchange column says kraken, not binance" in capsys.readouterr().err
    (tmp_path / "BTCUSDT-1h-2023-11.csv").write_text(labelled("bybit", "1h"))
    assert imports(tmp_path / "BTCUSDT-1h-2023-11.csv") == 0
    assert len(stored(tmp_path, Series("bybit", "BTC/USDT", "1h"))) == 5


def test_of_a_file_of_several_exchanges_one_may_be_chosen(tmp_path, imports, capsys):
    """The others are told; without a choice all come in."""
    text = labelled("kraken", "1h") + labelled("bybit", "1h").partition("\n")[2]
    path = columned(tmp_path, "csv", text)
    assert imports(path, "--exchange", "bybit") == 0
    assert "its exchange column says kraken too: 5 rows left out" in capsys.readouterr().err
    assert imports(path) == 0
    assert [len(stored(tmp_path, Series(each, "BTC/USDT", "1h"))) for each in ("kraken", "bybit")] == [5, 5]


def test_a_column_that_may_mean_two_timeframes(tmp_path, imports, capsys):
    """It is told what to type; then it contradicts nothing."""
    path = columned(tmp_path, "csv", labelled("kraken", "60"))
    assert imports(path) == 1
    assert "timeframe '60' may be minutes or seconds: say it with --timeframe" in capsys.readouterr().err
    assert imports(path, "--timeframe", "1h") == 0


def local_hours(offset):
    """A month of hours in which clocks are set back, as they show them in Berlin, with or without the offset."""
    first = datetime(2023, 10, 15, tzinfo=UTC)
    moments = [(first + timedelta(hours=each)).astimezone(ZoneInfo("Europe/Berlin")) for each in range(600)]
    lines = [f"{each:%Y-%m-%d %H:%M:%S}{offset and f'{each:%z}'},{100 + number},200000,1,3,4"
             for number, each in enumerate(moments)]  # fmt: skip
    return "\n".join(["date,open,high,low,close,volume", *lines])


def test_local_times_are_not_taken_for_utc(tmp_path, imports, capsys):
    """Clocks were set in between: nothing of it is stored."""
    assert imports(named(tmp_path, "csv", local_hours(""))) == 1
    told = capsys.readouterr().err
    assert (
        "its times are local ones: on 2023-10-29 an hour comes twice, as where clocks are set (Central Europe)" in told
    )
    assert stored(tmp_path) == []


def test_offsets_are_honoured_bar_by_bar(tmp_path, imports):
    """+02:00 before clocks are set back, +01:00 after."""
    assert imports(named(tmp_path, "csv", local_hours("yes"))) == 0
    start = int(datetime(2023, 10, 15, tzinfo=UTC).timestamp())
    assert [(each.timestamp, each.open) for each in stored(tmp_path)] == [
        (start + 3600 * number, 100 + number) for number in range(600)
    ]


def test_columns_without_a_zone_may_be_local_too(tmp_path, imports, capsys):
    """pandas writes such; a column of a zone holds moments."""
    naive = csv.read_csv(io.BytesIO(local_hours("").encode()))
    assert naive.schema.field("date").type.tz is None
    parquet.write_table(naive, tmp_path / "binance__BTC-USDT__1h.parquet")
    assert imports(tmp_path / "binance__BTC-USDT__1h.parquet") == 1
    assert "its times are local ones" in capsys.readouterr().err


METATRADER = {
    "5": "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
    + "".join(f"{day}\t100.5\t101.25\t99.75\t100.0\t77\t12.5\t1\n" for day in dates("%Y.%m.%d\t%H:%M:%S")),
    "4": "".join(f"{day},100.5,101.25,99.75,100.0,12.5\n" for day in dates("%Y.%m.%d,%H:%M")),
}


@pytest.mark.parametrize("version", METATRADER)
def test_metatraders_files(tmp_path, imports, capsys, version):
    """Day and time stand apart; whose clock it is is said, and what the volume is."""
    assert imports(named(tmp_path, "csv", METATRADER[version])) == 0
    assert [(each.timestamp, *each[1:]) for each in stored(tmp_path)] == [(hour, *ROWS[0]) for hour in HOURS]
    told = capsys.readouterr().err
    assert "its times are a broker's, whose zone MetaTrader does not name, and are taken for UTC" in told
    assert ("its volume counts changes of the price, not coins" in told) is (version == "4")


def test_weeks_from_thursday_are_told(tmp_path, imports, capsys):
    """In one sentence, with what to do."""
    thursday = 1_704_326_400  # 2024-01-04
    (tmp_path / "XBTUSD_10080.csv").write_text("".join(f"{thursday + 604_800 * n},1,1,1,1,1\n" for n in range(9)))
    assert imports(tmp_path / "XBTUSD_10080.csv") == 1
    assert "its weeks open on Thursdays, as those of Kraken and KuCoin do" in capsys.readouterr().err


@pytest.mark.parametrize(("exchange", "symbol"), [("kraken", "DOT/USD"), ("binanceus", None)])
def test_a_pair_without_separator_is_read_or_refused(tmp_path, imports, capsys, exchange, symbol):
    """DOTUSD is no DO/TUSD: what its exchange does not decide is named, with what to type."""
    path = tmp_path / "candles.csv"
    path.write_text(SYMBOLS.replace("BTCUSDT", "DOTUSD"))
    assert imports(path, "--exchange", exchange, "--timeframe", "1h") == (0 if symbol else 1)
    assert ("'DOTUSD' may be DO/TUSD or DOT/USD: say which with --symbol" in capsys.readouterr().err) is (not symbol)
    assert len(stored(tmp_path, Series(exchange, "DOT/USD", "1h"))) == (5 if symbol else 0)
    assert stored(tmp_path, Series(exchange, "DO/TUSD", "1h")) == []


def test_a_name_without_separator_is_read_or_refused(tmp_path, imports, capsys):
    """By the exchange that was told, else by what the fleet is configured for."""
    path = tmp_path / "DOTUSD_60.csv"
    path.write_text(TEXTS["seconds"])
    assert imports(path, "--exchange", "binanceus") == 2
    assert "DOTUSD_60.csv: its name may mean DO/TUSD or DOT/USD: give --symbol" in capsys.readouterr().err
    series = "any_filesystem: true\nseries: [{exchange: binanceus, symbol: DOT/USD, timeframe: 1h}]\n"
    (tmp_path / "config" / "fleet.yaml").write_text(series)
    assert imports(path, "--exchange", "binanceus") == 0
    assert imports(path) == 0
    assert [len(stored(tmp_path, Series(each, "DOT/USD", "1h"))) for each in ("binanceus", "kraken")] == [5, 5]


def test_the_recorded_week_of_all_markets(tmp_path, imports, data, capsys):
    """379 markets in one file, at five minutes."""
    (path,) = (data / "candles").glob("universe_*")
    assert imports(path, "--exchange", "binance", "--timeframe", "5m", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told), sum(each["rows"] for each in told)) == (379, 763_104)


def test_many_bad_lines_are_counted(tmp_path, imports, capsys):
    """Twenty are shown."""
    text = HEADER + "\n" + "x,1,1,1,1,1\n" * 50 + TEXTS["no header"]
    assert imports(named(tmp_path, "csv", text)) == 1
    assert "and 30 more rejected lines" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"nonsense", b"a,b,c\n1,2,3\n", b"\xff\xfe\x00\x01,,,,", HEADER.encode()])
def test_what_is_no_table_changes_nothing(tmp_path, imports, content):
    """Exit status 1, the database empty."""
    assert imports(named(tmp_path, "csv", content)) == 1
    assert stored(tmp_path) == []


@pytest.mark.parametrize("ending", ["csv.gz", "zip", "parquet", "feather"])
def test_broken_files_are_told(tmp_path, imports, ending, capsys):
    """Whatever their name promises."""
    assert imports(named(tmp_path, ending, b"garbage")) == 1
    assert "binance__BTC-USDT__1h" in capsys.readouterr().err


def test_a_dry_run_stores_nothing(tmp_path, imports, capsys):
    """Not even a database."""
    assert imports(named(tmp_path, "csv", TEXTS["seconds"]), "--dry-run") == 0
    assert "5 candles" in capsys.readouterr().out
    assert not (tmp_path / "trading.db").exists()


def test_importing_twice_changes_nothing(tmp_path, imports, capsys):
    """The second time all are known."""
    path = named(tmp_path, "csv", TEXTS["seconds"])
    imports(path)
    capsys.readouterr()
    assert imports(path, "--format", "json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["inserted"], told["unchanged"], told["revised"]) == (0, 5, 0)


def test_holes_become_gaps_also_between_files(tmp_path, imports):
    """Inside a file, and between it and what is stored already."""
    lines = TEXTS["no header"].splitlines()
    imports(named(tmp_path, "csv", "\n".join([lines[0], lines[2]])))
    imports(named(tmp_path, "csv", lines[4]))
    with connect_readonly(tmp_path / "trading.db") as db:
        assert [tuple(gap) for gap in gaps.gaps(db, HOURLY)] == [
            (HOURS[1], HOURS[1], Cause.NOT_FETCHED),
            (HOURS[3], HOURS[3], Cause.NOT_FETCHED),
        ]


def test_what_the_name_does_not_tell_must_be_given(tmp_path, imports, capsys):
    """Exit status 2 before anything is stored."""
    path = tmp_path / "candles.csv"
    path.write_text(TEXTS["seconds"])
    assert imports(path) == 2
    assert "--exchange" in capsys.readouterr().err
    assert imports(path, "--exchange", "kraken", "--symbol", "BTC/USD", "--timeframe", "1h") == 0
    assert len(stored(tmp_path, Series("kraken", "BTC/USD", "1h"))) == 5


def test_the_recorded_candles_come_in_whole(tmp_path, imports, data, capsys):
    """The five hourly series of Binance have ten outages with twenty bars each."""
    files = [data / "candles" / f"binance__{base}-USDT__1h.csv.gz" for base in ("BTC", "ETH", "BNB", "SOL", "XRP")]
    assert imports(*files, "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["inserted"], each["gaps"], each["missing"]) for each in told] == [(43_803, 10, 20)] * 5


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_files_never_enter_a_simulated_database(imports, tmp_path, capsys, more):
    """They hold candles of real exchanges: nothing is made, nothing stored."""
    (tmp_path / "config" / "fleet.yaml").write_text("any_filesystem: true\nenvironment: simulated\n")
    assert imports(*more, named(tmp_path, "csv", TEXTS["seconds"])) == 2
    assert "never enter a simulated database" in capsys.readouterr().err
    assert not (tmp_path / "trading.db").exists()
