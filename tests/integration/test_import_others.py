"""`fleet import` of what other programs leave behind: pandas, spreadsheets, CryptoDataDownload, freqtrade's folder."""

import gzip
import json

import pandas as pd
import pytest

from db.market_data import candles
from db.sqlite.connection import connect_readonly

START = 1_735_689_600  # 2025-01-01 00:00 UTC
ROWS = [(START + 3600 * place, 93_000.5 + place, 93_010.0, 92_990.25, 93_001.0, 10.5) for place in range(6)]
BINANCE = ("--exchange", "binance", "--symbol", "BTC/USDT", "--timeframe", "1h")


def stored(tmp_path):
    """The candles of every series in the database."""
    with connect_readonly(tmp_path / "trading.db") as db:
        return {str(each): [tuple(row) for row in candles.between(db, each, 0, 2**40)] for each in candles.heads(db)}


def frame(rows=ROWS, *, name="date"):
    """Candles as freqtrade has them in memory."""
    found = pd.DataFrame(rows, columns=["date", "open", "high", "low", "close", "volume"])
    found["date"] = pd.to_datetime(found["date"], unit="s", utc=True)
    return found.rename(columns={"date": name})


def milliseconds(rows=ROWS):
    """freqtrade's JSON, as its `JsonDataHandler` writes it: `orient="values"`."""
    numbers = frame(rows)
    numbers["date"] = [each[0] * 1000 for each in rows]
    return numbers.to_json(orient="values")


def lines(pattern, separator=",", header="timestamp,open,high,low,close,volume", number=str):
    """Text of the rows, with times as `pattern` says."""
    times = [f"{pd.Timestamp(row[0], unit='s'):{pattern}}" for row in ROWS]
    rows = (separator.join([time, *map(number, row[1:])]) for time, row in zip(times, ROWS, strict=True))
    return "\n".join([header.replace(",", separator), *rows]) + "\n"


def german(value):
    """As Excel writes it there."""
    return str(value).replace(".", ",")


TEXTS = {
    "an index without a name": frame().set_index("date").rename_axis(None).to_csv().encode(),
    "a numbered index beside dates": frame().to_csv().encode(),
    "UTF-16": lines("%Y-%m-%d %H:%M", "\t").encode("utf-16"),
    "UTF-16 without its mark": lines("%Y-%m-%d %H:%M").encode("utf-16-le"),
    "decimal commas": lines("%Y-%m-%d %H:%M", ";", number=german).encode(),
    "decimal commas in quotes": lines("%Y-%m-%d %H:%M", number=lambda value: f'"{german(value)}"').encode(),
    "decimal commas without a header": lines("%Y-%m-%d %H:%M", ";", number=german).partition("\n")[2].encode(),
    "thousands": lines("%Y-%m-%d %H:%M", ";", number=lambda value: f"{value:,.2f}").encode(),
    "CryptoDataDownload's hours": lines("%Y-%m-%d %I-%p").encode(),
    "UTC behind": lines("%Y-%m-%d %H:%M:%S UTC").encode(),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_of_others(tmp_path, imports, name):
    """The same candles come out."""
    (tmp_path / "x.csv").write_bytes(TEXTS[name])
    assert imports(tmp_path / "x.csv", *BINANCE) == 0
    assert stored(tmp_path) == {"binance BTC/USDT 1h": ROWS}


@pytest.mark.parametrize("name", ["X.CSV.GZ", "X.GZ"])
def test_endings_in_capitals(tmp_path, imports, name):
    """As old systems write them."""
    (tmp_path / name).write_bytes(gzip.compress(TEXTS["UTC behind"]))
    assert imports(tmp_path / name, *BINANCE) == 0


def test_an_index_of_pandas_in_parquet(tmp_path, imports):
    """Without a name, and with a zone."""
    frame().set_index("date").rename_axis(None).to_parquet(tmp_path / "x.parquet")
    assert imports(tmp_path / "x.parquet", *BINANCE) == 0
    assert stored(tmp_path) == {"binance BTC/USDT 1h": ROWS}


def test_commas_that_may_mean_either_are_not_guessed(tmp_path, imports, capsys):
    """The file is refused with what to write."""
    (tmp_path / "x.csv").write_text(f"time;o;h;l;c;v\n{START};93,125;93,125;93,125;93,125;1\n")
    assert imports(tmp_path / "x.csv", *BINANCE) == 1
    assert "the comma of 93,125 may part thousands or a fraction" in capsys.readouterr().err


@pytest.mark.parametrize("packed", [False, True])
def test_freqtrades_json(tmp_path, imports, packed):
    """A list of rows."""
    path = tmp_path / ("BTC_USDT-1h.json.gz" if packed else "BTC_USDT-1h.json")
    path.write_bytes(gzip.compress(milliseconds().encode()) if packed else milliseconds().encode())
    assert imports(path, "--exchange", "binance") == 0
    assert stored(tmp_path) == {"binance BTC/USDT 1h": ROWS}


BAD = {
    '{"date": [1]}': "no list of rows such as",
    "": "no list of rows such as",
    "[]": "holds no row",
    milliseconds()[:-9]: "damaged",
    milliseconds() + "x": "damaged",
    milliseconds().replace("],[", "] [", 1): "damaged",
    milliseconds().replace("10.5", "null", 1): ":1: a cell is empty",
    milliseconds().replace("10.5", '"x"', 1): ":1: could not convert",
    milliseconds().replace("10.5]", "10.5],[1]", 1): ":2: too few columns",
    milliseconds().replace("10.5", "NaN", 1): ":1: not a number",
}


@pytest.mark.parametrize("text", BAD)
def test_json_that_is_no_list_of_candles(tmp_path, imports, capsys, text):
    """A sentence, or the row by its number."""
    (tmp_path / "BTC_USDT-1h.json").write_text(text)
    assert imports(tmp_path / "BTC_USDT-1h.json", "--exchange", "binance") == 1
    assert BAD[text] in capsys.readouterr().err


def user_data(folder):
    """What freqtrade leaves behind, as `freqtrade download-data` names it."""
    data = folder / "user_data" / "data"
    (data / "binance" / "futures").mkdir(parents=True)
    (data / "kraken").mkdir()
    frame().to_feather(data / "binance" / "BTC_USDT-1h.feather")
    (data / "binance" / "ETH_USDT-1h.json").write_text(milliseconds())
    frame().to_parquet(data / "kraken" / "BTC_USD-1h.parquet")
    for kind in ("1h-futures", "1h-mark", "8h-funding_rate"):
        frame().to_feather(data / "binance" / "futures" / f"BTC_USDT_USDT-{kind}.feather")
    (data / "binance" / "futures" / "leverage_tiers_USDT.json").write_text(json.dumps({"a": [1]}))
    (data / "kraken" / "BTC_USD-trades.feather").write_bytes(b"trades")
    (data / "binance" / ".gitkeep").touch()
    return data


def test_a_folder_of_freqtrade(tmp_path, imports, capsys):
    """The exchange is told by its path; futures and trades are named and left out."""
    assert imports(user_data(tmp_path)) == 0
    assert stored(tmp_path) == dict.fromkeys(("binance BTC/USDT 1h", "binance ETH/USDT 1h", "kraken BTC/USD 1h"), ROWS)
    told = capsys.readouterr().err
    assert "binance/futures/BTC_USDT_USDT-8h-funding_rate.feather: no prices of a spot market" in told
    assert "left out: kraken/BTC_USD-trades.feather: trades, no candles" in told
    assert "leverage_tiers_USDT.json: no table" in told


@pytest.mark.parametrize(
    ("chosen", "found"),
    [(("--exchange", "kraken"), {"kraken BTC/USD 1h"}), (("--symbol", "ETH/USDT"), {"binance ETH/USDT 1h"}),
     (("--symbol", "SOL/USDT"), None)],
)  # fmt: skip
def test_of_a_folder_some_may_be_chosen(tmp_path, imports, capsys, chosen, found):
    """The others are told; where nothing is left the status is 1."""
    assert imports(user_data(tmp_path), *chosen) == (0 if found else 1)
    assert set(stored(tmp_path)) == (found or set())
    told = capsys.readouterr().err
    assert "another series than what was asked for" in told
    assert ("holds nothing that was asked for" in told) is (found is None)


@pytest.mark.parametrize("name", ["BTC_USDT-4h.h5", "notes.xlsx", "candles.csv", "ADA_USDT-1h.feather"])
def test_what_is_wrong_with_a_file_of_a_folder_costs_that_file(tmp_path, imports, capsys, name):
    """It is told, with status 1: HDF5, a workbook, a name that tells no series, a damaged one."""
    data = user_data(tmp_path)
    (data / "binance" / name).write_bytes(b"x")
    assert imports(data) == 1
    told = capsys.readouterr().err
    assert name in told
    assert ("freqtrade convert-data --format-from hdf5" in told) is name.endswith("h5")
    assert len(stored(tmp_path)) == 3


def test_a_single_file_in_the_folder_of_its_exchange(tmp_path, imports):
    """A column or an option know better than a folder, and a folder better than how a file is called."""
    data = user_data(tmp_path)
    (data / "kraken" / "SOLUSDT-1h-2025-01.csv").write_bytes(TEXTS["UTC behind"])
    assert imports(data / "binance" / "BTC_USDT-1h.feather", data / "kraken" / "SOLUSDT-1h-2025-01.csv") == 0
    assert imports(data / "binance" / "ETH_USDT-1h.json", "--exchange", "okx") == 0
    assert set(stored(tmp_path)) == {"binance BTC/USDT 1h", "kraken SOL/USDT 1h", "okx ETH/USDT 1h"}


def test_an_empty_folder(tmp_path, imports, capsys):
    """Status 1."""
    (tmp_path / "empty").mkdir()
    assert imports(tmp_path / "empty") == 1
    assert "empty: holds no table of candles" in capsys.readouterr().err
