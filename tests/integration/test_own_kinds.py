"""A kind of one's own trades alike whether it is written in columns or bar by bar, from validation to its decisions."""

import re
from pathlib import Path

import pytest

from db.market_data import storing
from fleet import cli
from tests.kit.series import HOURLY
from tests.replayed import waves
from tests.trading import assigned, high, opened, ring, rows

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "strategies.md").read_text()
COLUMNS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]  # the kind `falls` of the page
BAR_BY_BAR = """\
from domain.kinds import Kind
from domain.strategy import Signal


class Falls:
    def signal(self, indicators):
        close = indicators.column("close")
        falls = all(close[-place] < close[-place - 1] for place in range(1, 4))
        average = float(indicators("sma", 5)[-1])
        return Signal(
            entry="3 falling closes" if falls else None,
            exit="close above SMA(5)" if close[-1] > average else None,
            reason="no fall",
            indicators={"sma_5": average},
        )


KIND = Kind(name="single", doc="the same", params={}, build=lambda params: Falls(), warmup=lambda params: 5)
"""
STOP = "exits: { stop: 0.05 }"
COUNT = 300


def strategy(kind):
    """The file of a strategy of that kind."""
    text = high(kind, more=STOP).replace("strategy: rules", f"strategy: {kind}").replace("warmup: 2", "warmup: 5")
    return text.replace("params: { entry: close > 100, exit: close < 100 }", "params: {}")


@pytest.fixture
def fleet(tmp_path):
    """Both, over the same candles: the settings and the open database."""
    for name, code in (("falls", COLUMNS), ("single", BAR_BY_BAR)):
        (tmp_path / "config" / "mine").mkdir(parents=True, exist_ok=True)
        (tmp_path / "config" / "mine" / f"{name}.py").write_text(code)
    settings, db = opened(tmp_path, strategy("falls"), strategy("single"), more="plugins: mine\n")
    with db:
        yield settings, db


def test_both_decide_the_same(fleet):
    """Each decision with its reason and its values, and what comes of it; and that is something."""
    settings, db = fleet
    storing.store(db, HOURLY, waves(30), 0, 1)
    made = assigned(settings, db)
    for number, candle in enumerate(waves(COUNT)[30:], 30):
        storing.store(db, HOURLY, [candle], 0, 1)
        ring(made, number)
    chosen = "select timestamp, action, code, reason, indicators from decisions where strategy_id = ? order by 1"
    found, expected = (rows(db, chosen.replace("?", f"'{name}'")) for name in ("falls", "single"))
    assert found == expected
    assert {action for _, action, *_ in found} == {"enter", "exit", "hold"}


def test_validation_counts_the_same(fleet, capsys):
    """One is asked once, the other for every bar."""
    settings, db = fleet
    storing.store(db, HOURLY, waves(COUNT), 0, 1)
    where = ["--config", str(settings.directory), "--database", str(settings.database)]
    assert cli.main(["validate", "--offline", *where]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "entry true on" in line]
    counts = {line.split()[0]: line.partition("entry true on")[2] for line in told}
    assert counts["falls"] == counts["single"]
    assert not counts["falls"].startswith(" 0 of")


AHEAD = ("fell[1:] = close[1:] < close[:-1]", "fell[:-1] = close[1:] < close[:-1]")
LONG = ("return Signals(entry, exit", "return Signals(entry[1:], exit")
FLOATS = ("return Signals(entry, ", "return Signals(entry * 1.0, ")


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        (AHEAD, 0, "looks ahead: on the bar"),
        (
            LONG,
            1,
            "raised TypeError: entry, exit and undefined of Signals are numpy arrays of booleans; one is bool of",
        ),
        (
            FLOATS,
            1,
            "raised TypeError: entry, exit and undefined of Signals are numpy arrays of booleans; one is float64",
        ),
    ],
)
def test_columns_that_cannot_be_traded_are_told(fleet, capsys, change, status, told):
    """What is wrong with them, in the row of that strategy."""
    settings, db = fleet
    storing.store(db, HOURLY, waves(COUNT), 0, 1)
    (settings.directory / "mine" / "falls.py").write_text(COLUMNS.replace(*change))
    where = ["--config", str(settings.directory), "--database", str(settings.database)]
    assert cli.main(["validate", "--offline", *where]) == status
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("falls ")]
    assert told in line
