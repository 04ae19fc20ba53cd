"""`fleet validate` on strategies of one's own: whatever their files do costs their own row only."""

import os

import pytest

from db import candles
from fleet import cli, proof
from strategies import kinds
from tests.candle_files import HOURLY
from tests.replayed import waves
from tests.trading_desk import high, opened

OWN = """\
import os, time
from domain.kinds import Kind
from domain.strategy import Signal


class Own:
    warmup = 2

    def signal(self, indicators):
        {body}


KIND = Kind(
    name="own", doc="own", params={{}}, warmup=lambda params: 2, check=lambda params: {checked},
    build=lambda params: {made},
)
"""
MINE = high("mine").replace("rules", "own").replace("{ entry: close > 100, exit: close < 100 }", "{}")


@pytest.fixture
def validated(tmp_path, monkeypatch, capsys):
    """Validate a fleet with a strategy of one's own, beside a shipped one: the status, what was printed and told."""
    monkeypatch.chdir(tmp_path)

    def run(body="return Signal()", made="Own()", checked="[]", text=None):
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "own.py").write_text(OWN.format(body="return Signal()", made="Own()", checked="[]"))
        settings, db = opened(tmp_path, high(), MINE, more="plugins: mine\n")
        candles.store(db, HOURLY, waves(100), 0, 1)
        db.close()
        (tmp_path / "mine" / "own.py").write_text(text or OWN.format(body=body, made=made, checked=checked))
        status = cli.main(["validate", "--offline", "--config", "config", "--database", str(settings.database)])
        told = capsys.readouterr()
        return status, [line for line in told.out.splitlines() if "binance" in line], told.err

    return run


def test_a_strategy_that_works_trades(validated):
    """Nothing is to be said of it."""
    status, (mine, shipped), _ = validated()
    assert status == 0
    assert mine.split()[-1] == shipped.split()[-1] == "yes"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ({"body": "raise ValueError('boom')"}, "raised ValueError: boom at mine/own.py:10"),
        ({"body": "raise SystemExit(3)"}, "raised SystemExit: 3 at mine/own.py:10"),
        ({"body": "indicators('nothing', 3)"}, "at mine/own.py:10"),
        ({"body": "exec('1 +')"}, "raised SyntaxError: invalid syntax at mine/own.py:10"),
        ({"body": "os._exit(7)"}, "its process ended with status 7"),
        ({"body": "return 'buy'"}, "raised AttributeError"),
        ({"made": "1 / 0"}, "raised ZeroDivisionError: division by zero at mine/own.py:15"),
    ],
)
def test_a_strategy_that_fails_has_a_remark(validated, code, told):
    """With the line of its own file, if it was there; the other one is proven."""
    status, (mine, shipped), _ = validated(**code)
    assert status == 1
    assert told in mine
    assert " no " in mine
    assert shipped.split()[-1] == "yes"


@pytest.mark.parametrize("body", ["while True: pass", "time.sleep(10**6)"])
def test_a_strategy_that_does_not_return_has_a_remark(validated, monkeypatch, body):
    """Whether it computes or sleeps."""
    monkeypatch.setattr(proof, "LIMIT", 0.5)
    status, (mine, shipped), _ = validated(body)
    assert status == 1
    assert "took longer than 0.5 s for one bar" in mine
    assert shipped.split()[-1] == "yes"


def test_an_edit_within_a_second_counts(tmp_path):
    """Also where the size is the same: what stands in the file is what is traded."""
    file = tmp_path / "own.py"
    for made in ("Own()", "1 / 0"):
        file.write_text(OWN.format(body="return Signal()", made=made, checked="[]"))
        os.utime(file, (1, 1))
        known = kinds.load([tmp_path])
    with pytest.raises(ZeroDivisionError):
        known["own"].build({})
    assert list(tmp_path.iterdir()) == [file]


def test_a_kind_that_cannot_check_its_parameters_is_named(validated):
    """With the strategy's file."""
    status, rows, err = validated(checked="1 / 0")
    assert (status, rows) == (2, [])
    assert "config/strategies/1.yaml:6: params: the kind own raised ZeroDivisionError: division by zero" in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\ndef (", "mine/own.py:2: SyntaxError: invalid syntax"),
        ("import json\njson.loads('{')", "mine/own.py:2: JSONDecodeError: "),
        ("x = '\0'", "mine/own.py: "),
    ],
)
def test_a_file_that_is_no_kind_is_named(validated, text, told):
    """By its own name and line, not by whoever read it."""
    status, rows, err = validated(text=text)
    assert (status, rows) == (2, [])
    assert err.startswith(told)
