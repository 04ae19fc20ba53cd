"""`fleet validate`: whatever a strategy of one's own does costs its own row only; what is hardly meant is told."""

import json
import os
from dataclasses import replace
from decimal import Decimal

import pytest

from db.market_data import gaps, markets, storing
from domain.candles import Source
from domain.gaps import Cause
from fleet import cli
from runtime import candle_checks
from strategies import kinds
from tests.kit.candles import recorded
from tests.kit.series import HOURLY, START
from tests.replayed import settings, waves
from tests.trading import MARKET, high, opened

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
        own = tmp_path / "config" / "mine" / "own.py"
        own.parent.mkdir(parents=True)
        own.write_text(OWN.format(body="return Signal()", made="Own()", checked="[]"))
        settings, db = opened(tmp_path, high(), MINE, more="plugins: mine\n")
        storing.store(db, HOURLY, waves(100), 0, 1)
        db.close()
        own.write_text(text or OWN.format(body=body, made=made, checked=checked))
        status = cli.main(["validate", "--offline", "--config", "config", "--database", str(settings.database)])
        told = capsys.readouterr()
        lines = [line for line in told.out.splitlines() if "binance BTC" in line or line.startswith("of all")]
        return status, lines, told.err

    return run


def test_a_strategy_that_works_trades(validated):
    """Nothing is to be said of it, but how often it gave signals, and that nobody was asked: once, of all."""
    status, (mine, shipped, shared), _ = validated()
    closes = [each.close for each in waves(100)[2:]]
    above, below = sum(each > 100 for each in closes), sum(each < 100 for each in closes)
    assert status == 0
    assert [row.split(" yes ")[1].strip() for row in (mine, shipped)] == [
        "entry true on 0 of 98 candles, exit on 0",
        f"entry true on {above} of 98 candles, exit on {below}",
    ]
    assert shared == "of all 2: no exchange was asked (--offline)"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ({"body": "raise ValueError('boom')"}, "raised ValueError: boom at config/mine/own.py:10"),
        ({"body": "raise SystemExit(3)"}, "raised SystemExit: 3 at config/mine/own.py:10"),
        ({"body": "indicators('nothing', 3)"}, "at config/mine/own.py:10"),
        ({"body": "exec('1 +')"}, "raised SyntaxError: invalid syntax at config/mine/own.py:10"),
        ({"body": "os._exit(7)"}, "its process ended with status 7"),
        ({"body": "return 'buy'"}, "raised AttributeError"),
        ({"made": "1 / 0"}, "raised ZeroDivisionError: division by zero at config/mine/own.py:15"),
    ],
)
def test_a_strategy_that_fails_has_a_remark(validated, code, told):
    """With the line of its own file, if it was there; the other one is proven."""
    status, (mine, shipped, _shared), _ = validated(**code)
    assert status == 1
    assert told in mine
    assert " no " in mine
    assert " yes " in shipped


@pytest.mark.parametrize("body", ["while True: pass", "time.sleep(10**6)"])
def test_a_strategy_that_does_not_return_has_a_remark(validated, monkeypatch, body):
    """Whether it computes or sleeps."""
    monkeypatch.setattr(candle_checks, "LIMIT", 0.5)
    status, (mine, shipped, _shared), _ = validated(body)
    assert status == 1
    assert "took longer than 0.5 s for one bar" in mine
    assert " yes " in shipped


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
        ("x = 1\ndef (", "config/mine/own.py:2: SyntaxError: invalid syntax"),
        ("import json\njson.loads('{')", "config/mine/own.py:2: JSONDecodeError: "),
        ("x = '\0'", "config/mine/own.py: "),
    ],
)
def test_a_file_that_is_no_kind_is_named(validated, text, told):
    """By its own name and line, not by whoever read it."""
    status, rows, err = validated(text=text)
    assert (status, rows) == (2, [])
    assert f"plugins: {told}" in err


@pytest.fixture
def warned(tmp_path, monkeypatch, capsys, data):
    """Validate rules on recorded hours, as JSON: the warnings, of which none stops anything."""
    monkeypatch.chdir(tmp_path)

    def run(params="{ entry: rsi(2) < 10, exit: rsi(2) > 60 }", *more, twin=False, **market):
        rules = high().replace("{ entry: close > 100, exit: close < 100 }", params).replace("warmup: 2\n", "")
        text = f"{rules.rstrip()}\n" + "".join(f"{line}\n" for line in more)
        settings, db = opened(tmp_path, text, *[text.replace("one", "two")] * twin)
        markets.save(db, [replace(MARKET, **market)], 1)
        storing.store(db, HOURLY, recorded(data, "binance__BTC-USDT__1h.csv.gz", 500), Source.IMPORT, 1)
        db.close()
        where = ["--offline", "--config", "config", "--database", str(settings.database)]
        assert cli.main(["validate", *where, "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert {row["trades"] for row in rows if row["section"] == "strategies"} == {"yes"}
        return [row for row in rows if row["section"] == "warnings"]

    return run


@pytest.mark.parametrize("stake", ["{ fraction: 1 }", "{ risk: 0.01 }"])
def test_rules_that_may_be_meant_are_not_warned_of(warned, stake):
    """Also with a stop that is measured in ATRs, and a risk that needs it."""
    exits = "exits: { stop: 2 atr(14), target: 0.05 }"
    assert warned("{ entry: rsi(2) < 10, exit: rsi(2) > 60 }", exits, f"stake: {stake}") == []


@pytest.mark.parametrize(
    ("params", "key", "why"),
    [
        (
            "{ entry: close > donchian(20).upper, exit: rsi(2) > 60 }",
            "entry",
            "write donchian(20).upper[1] for",
        ),
        ("{ entry: close > 1, exit: rsi(2) > 60 }", "entry", "was true on every one of the"),
        ("{ entry: rsi(2) < 10, exit: rsi(2) > 101 }", "exit", "stored candles: rsi(2) > 101"),
        ("{ entry: rsi(2) < 10, exit: rsi(2) < 50 }", "exit", "wherever the entry was"),
        ("{ entry: rsi(2) < 10 and volume != sma(20), exit: rsi(2) > 60 }", "entry", "write sma(volume, 20)"),
        ("{ entry: rsi(2) < 10 }", "exit", "there is none, so it buys once and never sells"),
    ],
)
def test_rules_that_are_hardly_meant(warned, params, key, why):
    """By file, line and key, with why and what to write."""
    (found,) = warned(params)
    place = (found["strategy_id"], found["file"], found["line"], found["key"])
    assert place == ("one", "config/strategies/0.yaml", 6, f"params.{key}")
    assert why in found["why"]


def test_a_stake_that_the_market_never_takes(warned):
    """Its minimum is above what the capital buys at the newest close."""
    (found,) = warned("{ entry: rsi(2) < 10, exit: rsi(2) > 60 }", "exits: { stop: 2 atr(14) }", min_cost=Decimal(990))
    assert (found["key"], found["line"]) == ("capital", 7)
    assert "every entry would be refused at the close of" in found["why"]
    assert "after a stop it could not be sold again" in found["why"]


@pytest.mark.parametrize(
    ("kind", "params", "more", "key", "why"),
    [
        (
            "rules",
            "{ entry: rsi(14) < 30, exit: close > 1 }",
            "",
            "params.entry",
            "rsi(14) is undefined (the price never",
        ),
        ("rsi", "{}", "", "params", "undefined on all of them, for the price never moved"),
        (
            "rules",
            "{ entry: close > sma(50), exit: close > 1 }",
            "warmup: 9",
            "warmup",
            "sma(50) is never defined on 9 bars",
        ),
        ("macd", "{}", "warmup: 9", "warmup", "what it looks at is never defined on 9 bars"),
        (
            "rules",
            "{ entry: close > 1 }",
            "warmup: 9\nexits: { stop: 2 atr(14) }",
            "warmup",
            "atr(14) of the exits is never",
        ),
    ],
)
def test_what_is_never_known(tmp_path, capsys, kind, params, more, key, why):
    """A rule or a kind whose sides are undefined is not only silent: what is undefined is named, and why."""
    rules = high(more=more).replace("{ entry: close > 100, exit: close < 100 }", params).replace("warmup: 2\n", "")
    fleet, db = opened(tmp_path, rules.replace("strategy: rules", f"strategy: {kind}"))
    still = [bar._replace(open=9.0, high=9.0, low=9.0, close=9.0) for bar in waves(700)]
    storing.store(db, HOURLY, still, Source.EXCHANGE, 1)
    db.close()
    where = ["--config", str(tmp_path / "config"), "--database", str(fleet.database), "--format", "json"]
    assert cli.main(["validate", "--offline", *where]) == 0
    found = [row for row in json.loads(capsys.readouterr().out) if row["section"] == "warnings"]
    assert [row for row in found if row["key"] == key and why in row["why"]]


def test_a_risk_whose_stop_is_at_the_price(warned):
    """Steps of the price that are wider than the stop is far: no larger stake would help."""
    rules, exits = "{ entry: rsi(2) < 10, exit: rsi(2) > 60 }", "exits: { stop: 0.03 }"
    (found,) = warned(rules, exits, "stake: { risk: 0.01 }", price_tick=Decimal(100_000))
    assert (found["key"], found["line"]) == ("exits.stop", 8)
    assert "the stop 200000 is not below the price 200000" in found["why"]
    assert found["why"].endswith("write a wider stop")


def test_more_series_than_a_budget_brings_in_time(tmp_path, capsys):
    """A row for an exchange and a timeframe, and a warning with the strategies that would be stale at every bar."""
    text = high("x").replace("symbol: BTC/USDT\n", "").replace("1h", "1m").replace("binance", "kraken")
    symbols = ", ".join(f"A{number:02}/USDT" for number in range(14))
    settings(tmp_path, [f"{text}matrix: {{ symbol: [{symbols}] }}\n"])
    where = ["--config", str(tmp_path / "config"), "--database", "none.db"]
    assert cli.main(["validate", "--offline", *where]) == 0
    lines = capsys.readouterr().out.splitlines()
    head = ["exchange", "timeframe", "rate", "in_time", "configured", "late", "seconds"]
    row = ["kraken", "1m", "1", "12", "14", "2", "15"]
    assert [line.split() for line in lines[lines.index("") + 2 :][:2]] == [head, row]
    (late,) = [line for line in lines if "come too late at every bar of 1m" in line]
    assert late.endswith("(x-a12-usdt, x-a13-usdt)")
    assert cli.main(["validate", "--offline", *where, "--format", "json"]) == 0
    (row,) = [row for row in json.loads(capsys.readouterr().out) if row["section"] == "exchanges"]
    assert (row["exchange"], row["in_time"], row["configured"], row["late"]) == ("kraken", 12, 14, 2)


def test_two_strategies_that_are_one(warned):
    """Named with the one that they repeat."""
    (found,) = warned(twin=True)
    assert (found["strategy_id"], found["key"]) == ("two", "strategy_id")
    assert "does the same as one, trade for trade" in found["why"]


def test_a_warm_up_that_the_exchange_cannot_serve(tmp_path, capsys):
    """Kraken has the newest 720 bars; without candles it is told too."""
    settings(tmp_path, [high(more="warmup: 900").replace("warmup: 2\n", "").replace("binance", "kraken")])
    where = ["--config", str(tmp_path / "config"), "--database", str(tmp_path / "none.db")]
    assert cli.main(["validate", "--offline", *where]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: ")]
    assert "0.yaml:8: warmup: needs 900 bars before its first entry, 0 are stored, kraken serves the newest 720" in line
    assert line.endswith("(one)")


@pytest.mark.parametrize(("cause", "told"), [(Cause.BEFORE_LISTING, True), (Cause.NOT_FETCHED, False)])
def test_a_warm_up_that_is_longer_than_the_history(tmp_path, capsys, cause, told):
    """A coin that was listed 100 bars ago; what is not fetched yet may still come."""
    fleet, db = opened(tmp_path, high(more="warmup: 120").replace("warmup: 2\n", ""))
    storing.store(db, HOURLY, waves(100), Source.EXCHANGE, 1)
    gaps.mark(db, HOURLY, START - 50 * 3600, START - 3600, cause)
    db.close()
    where = ["--config", str(tmp_path / "config"), "--database", str(fleet.database), "--format", "json"]
    assert cli.main(["validate", "--offline", *where]) == 0
    found = [row for row in json.loads(capsys.readouterr().out) if row["section"] == "warnings"]
    why = "needs 120 bars before its first entry, 100 are stored, the exchange has none before them (before_listing)"
    assert [(row["line"], row["why"].partition(":")[0]) for row in found] == [(8, why)] * told


def test_a_warning_that_many_have_is_one_line(tmp_path, capsys):
    """With the ids of some."""
    matrix = high("x").replace("symbol: BTC/USDT\n", "").replace("{ entry: close > 100, exit: close < 100 }", "PARAMS")
    symbols = ", ".join(f"A{n}/USDT" for n in range(9))
    text = matrix.replace("PARAMS", "{ entry: close > 100 }") + f"matrix: {{ symbol: [{symbols}] }}\n"
    settings(tmp_path, [text])
    assert cli.main(["validate", "--offline", "--config", str(tmp_path / "config"), "--database", "none.db"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: ")]
    assert line.endswith("(x-a0-usdt, x-a1-usdt, x-a2-usdt, x-a3-usdt, x-a4-usdt and 4 more)")


def test_a_folder_without_a_strategy_says_so(tmp_path, capsys):
    """With what to do; series alone may be kept, so it is no failure."""
    (tmp_path / "fleet.yaml").write_text("{}\n")
    assert cli.main(["validate", "--offline", "--config", str(tmp_path), "--database", str(tmp_path / "t.db")]) == 0
    said = "warning: {}: folder: no strategy in it is enabled, so nothing is traded: write one"
    assert said.format(tmp_path / "strategies") in capsys.readouterr().out
