"""The demo decides the same candle by candle, however fast the machine is; what it tells one to type can be typed."""

import re
import shlex
import subprocess
import sys

import pytest

from tests.acceptance.test_fleet import BIN, HOUSE
from tests.kit.rows import rows

SHORT = ("--seconds", "4", "--speed", "3600")  # four hours
WHAT = {
    "decisions": "select strategy_id, timestamp, action, code, reason, indicators from decisions order by 1, 2",
    "trades": "select strategy_id, timestamp, side, price, qty, fee, fee_currency, pnl from trades order by 1, 2, 3",
    "equity": "select strategy_id, timestamp, cash, qty, close, equity from equity order by 1, 2",
}
BURNS = [sys.executable, "-c", "while True: pass"]


def ran(folder, *words):
    """A demo in a folder, run to its end: what it said."""
    folder.mkdir()
    line = [BIN / "fleet", "demo", *SHORT, *words]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "data" / "demo" / "trading.db", done.stdout


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A demo of seed 1, with two traders."""
    return ran(tmp_path_factory.mktemp("demo") / "first")


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Another with one trader, on a machine that has more to do than it can."""
    burners = [subprocess.Popen(BURNS) for _ in range(3)]
    try:
        return ran(tmp_path_factory.mktemp("demo") / "second", "--traders", "1")
    finally:
        for each in burners:
            each.kill()
            each.wait()


def report(said):
    """The part of what a demo says that its seed alone decides."""
    return said[said.index("strategy_performance") : said.index("first trade after")]


@pytest.mark.parametrize("what", WHAT)
def test_one_seed_decides_the_same(first, second, what):
    """Every decision with its reason and values, every fill, every point of equity: digit for digit."""
    assert rows(second[0], WHAT[what]) == rows(first[0], WHAT[what]) != []


def test_one_seed_reports_the_same(first, second):
    """To the letter."""
    assert report(second[1]) == report(first[1])


def test_another_seed_decides_otherwise(first, tmp_path):
    """It has other prices."""
    other, _ = ran(tmp_path / "other", "--seed", "2")
    assert rows(other, WHAT["trades"]) != rows(first[0], WHAT["trades"])


def test_every_candle_is_decided_from_the_first_to_the_last(second):
    """The bar that closed at the beginning comes first, the one that closed at the end last; none came too late."""
    span = "select distinct min(timestamp), max(timestamp), count(*) from decisions join strategies using (strategy_id)"
    begin, hours = 1_743_379_200, 14_400
    expected = {"5m": (begin - 300, begin + hours - 300, 49), "15m": (begin - 900, begin + hours - 900, 17)}
    for timeframe, found in expected.items():
        assert rows(second[0], f"{span} where timeframe = '{timeframe}' group by strategy_id") == [found]
    assert rows(second[0], "select count(*) from decisions where action in ('stale', 'blocked', 'failed')") == [(0,)]


def test_somebody_makes_money(first):
    """Most of those that have traded after these hours."""
    made = [made for (made,) in rows(first[0], "select total_pnl + open_pnl from strategy_performance") if made]
    assert sum(each > 0 for each in made) > len(made) / 2


def test_what_fees_took_is_told(first):
    """In each quote currency, as the report has it."""
    totals = "select quote, sum(total_pnl + open_pnl), sum(fees) from strategy_performance group by quote"
    found = rows(first[0], totals)
    assert found
    for quote, made, fees in found:
        told = f"{quote} made {made + fees:+.2f} before fees; fees took {fees:.2f}: {made:+.2f} is left."
        assert told in first[1]


def typed(said):
    """The commands that a demo tells one to type."""
    return re.search(r"first trade after \d+\.\d s\..* Next:\n\n((?:  .+\n)+)", said)[1].splitlines()


def test_what_it_tells_to_type_can_be_typed(first):
    """Three commands, as they are printed, from the same folder: each is done and says something."""
    path, said = first
    assert len(typed(said)) == 3
    for line in typed(said):
        done = subprocess.run(shlex.split(line), cwd=path.parents[2], capture_output=True, text=True, check=False)
        assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr


def test_in_a_folder_with_a_configuration_it_is_checked(tmp_path):
    """Where one is, nobody is told to make another; the first candle is enough to say so."""
    line = [BIN / "fleet", "demo", "--seconds", "0.1", "--database", tmp_path / "trading.db"]
    said = subprocess.run(line, cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    last = re.search(r"Next:\n\n(?:  .+\n){2}(  .+)\n", said)[1]
    assert last.endswith("fleet validate --offline")
    assert subprocess.run(shlex.split(last), cwd=HOUSE, capture_output=True, check=False).returncode == 0


def candles(folder, hours):
    """A file of so many hours of minutes, and the moment at which they end."""
    end = 1_700_006_400 // 900 * 900
    lines = (f"{at},100,{101 + at % 7},99,{100 + at % 1},1" for at in range(end - hours * 3600, end, 60))
    file = folder / "binance__BTC-USDT__1m.csv"
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines, ""]))
    return file, end


def test_a_replay_begins_where_the_newest_part_of_the_file_does(tmp_path):
    """The demo ends where the file does; who has no candles stands by, and nobody waits for it."""
    file, end = candles(tmp_path, 30)
    path, _ = ran(tmp_path / "replayed", "--replay", file)
    found = rows(path, "select strategy_id, max(timestamp), count(*) from decisions group by 1")
    assert found == [("btc-bin-5m", end - 300, 49)]


def test_a_replay_of_too_little_is_refused(tmp_path):
    """With how long the file is, before anything is started."""
    file, _ = candles(tmp_path, 3)
    line = [BIN / "fleet", "demo", *SHORT, "--replay", file, "--database", tmp_path / "trading.db"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, "--seconds times --speed (4 h)" in done.stderr) == (2, True)


def test_with_a_fault_it_runs_free(tmp_path):
    """The exchange answers nothing: candle time waits for nobody, the demo ends in time and says that nobody traded."""
    _, said = ran(tmp_path / "free", "--fault", "broken:binance", "--fault", "broken:kraken")
    assert "no trade yet" in said
