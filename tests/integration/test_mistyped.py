"""What somebody types who is not sure: a verb with a slip in it, a strategy as a word, the wrong folder."""

import json
import re

import pytest

from config import files
from config.complaints import ConfigurationInvalid
from fleet import cli
from tests.replayed import STRATEGY, settings, walked, waves


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Two strategies that traded for ten days."""
    names = {"one": "BTC/USDT", "two": "ETH/USDT"}
    texts = [STRATEGY.format(name=name, symbol=symbol, capital=1000) for name, symbol in names.items()]
    return walked(tmp_path_factory.mktemp("typed"), texts, {symbol: waves(240) for symbol in names.values()})


@pytest.fixture
def typed(database, capsys):
    """The exit status of a verb, and what it said."""

    def run(*words):
        where = ["--database", str(database), "--config", str(database.parent / "config")]
        status = cli.main([words[0], *where, *words[1:]])
        return status, capsys.readouterr()

    return run


def test_a_verb_with_a_slip_is_told_with_the_one_that_was_meant(capsys):
    """Thirty others are no answer."""
    assert [cli.main(["statsu"]), cli.main(["foo"])] == [2, 2]
    told = capsys.readouterr().err
    assert "there is no verb 'statsu'; did you mean status?" in told
    assert "there is no verb 'foo': `fleet --help` lists them" in told
    assert "kill-switch" not in told


def test_a_value_and_a_table_with_a_slip_are_told_likewise(typed):
    """An option's choices, and what `fleet sql` knows by name."""
    assert "did you mean leaderboard?" in typed("report", "--view", "leaderbord")[1].err
    status, told = typed("sql", "leaderbord")
    assert (status, "did you mean leaderboard?" in told.err) == (2, True)


@pytest.mark.parametrize("words", [("one",), ("--strategy", "one")])
def test_a_report_takes_strategies_as_words(typed, words):
    """As `why`, `trades` and `chart` do; the option stays."""
    status, told = typed("report", *words, "--format", "json")
    assert (status, [row["strategy_id"] for row in json.loads(told.out)]) == (0, ["one"])


def test_status_of_one_strategy_shows_it_and_its_series(typed):
    """Nothing of the other one; an unknown one is told."""
    rows = json.loads(typed("status", "two", "--format", "json")[1].out)
    assert [row.get("strategy_id", row["series"]) for row in rows] == ["binance ETH/USDT 1h", "two"]
    assert typed("status", "twoo")[0] == 2
    assert "did you mean two?" in typed("status", "twoo")[1].err


def test_a_report_since_a_moment_that_is_to_come_is_refused(typed):
    """An empty report would say that nobody traded."""
    for words in (("report",), ("trades",), ("why", "one"), ("chart", "one")):
        status, told = typed(*words, "--since", "2230-01-01")
        assert (status, "--since 2230-01-01 00:00 is still to come" in told.err) == (2, True)


@pytest.mark.parametrize("words", [("report",), ("why", "one"), ("status",), ("sql",), ("up",), ("backfill", "--once")])
def test_in_the_wrong_folder_one_sentence_says_so(tmp_path, monkeypatch, capsys, words):
    """And what to do; nothing of mistakes in a configuration that is not there."""
    monkeypatch.chdir(tmp_path)
    assert cli.main([*words]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("no fleet in this folder (there is no config/): go to the folder that holds config/")
    assert "`fleet init`" in told


def test_only_what_starts_something_says_that_nothing_was_started(tmp_path, capsys):
    """A check of the files starts nothing."""
    where = ["--config", str(settings(tmp_path, []).directory)]
    (tmp_path / "config" / "fleet.yaml").write_text("rat: 1\n")
    assert cli.main(["validate", *where]) == cli.main(["up", *where]) == 2
    first, second = (line for line in capsys.readouterr().err.splitlines() if "mistake" in line)
    assert first == "1 mistake in the configuration"
    assert second == f"{first}; nothing was started"


def test_a_strategy_beside_its_folder_is_told(tmp_path):
    """It was passed over in silence."""
    (tmp_path / "my-third.yaml").write_text("strategy_id: my-third\n")
    (stray,) = files.read(tmp_path).strays
    into = tmp_path / "strategies"
    assert str(stray) == f"{tmp_path / 'my-third.yaml'}: file: is not read: strategies belong into {into}"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("timeframe: 1min", "timeframe = '1min': use a number and m, h, d or w"),
        ("mode: live", "mode = 'live': live orders are not offered yet: write paper, or leave the line out"),
        ("capital: $1000", "capital = '$1000': is no number"),
    ],
)
def test_a_wrong_value_is_told_once_and_in_a_sentence(tmp_path, line, told):
    """With what to write instead."""
    text = STRATEGY.format(name="one", symbol="BTC/USDT", capital=1000) + "mode: paper\n"
    wrong = re.sub(rf"(?m)^{line.split(':')[0]}:.*$", line, text)
    with pytest.raises(ConfigurationInvalid) as caught:
        settings(tmp_path, [wrong])
    assert told in str(caught.value)
    assert str(caught.value).count("1min") <= 1


def test_an_answer_of_sql_has_no_title(typed):
    """It was called `rows`."""
    assert typed("sql", "select 1 as one")[1].out.split()[0] == "one"
    assert typed("sql", "select 1 as one where 0")[1].out == "no rows\n"


def test_resuming_who_was_not_paused_says_so(typed):
    """It trades as before, not again."""
    assert "one trades as before: it was not held back" in typed("resume", "one")[1].out
    typed("pause", "one")
    assert "one trades again" in typed("resume", "one")[1].out
