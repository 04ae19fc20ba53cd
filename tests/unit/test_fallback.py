"""What holds where files are broken, file by file."""

import pytest

from config import files
from config.complaints import ConfigurationInvalid
from config.fallback import fallback
from config.load import located
from config.source import bare, parse
from runtime.agreement import remember_database
from strategies import kinds
from tests.trading import high

MATRIX = high("m").replace("symbol: BTC/USDT\n", "") + "matrix: { symbol: [BTC/USDT, ETH/USDT] }\n"
GOOD = {
    "fleet.yaml": "any_filesystem: true\nretention: { equity: 7 }\n",
    "strategies/a.yaml": high("a"),
    "strategies/m.yaml": MATRIX,
}
BROKEN = "{ [\n"


def fallen_back(folder, **today):
    """The settings of a folder that was good and of which some files say something else today; None: gone."""
    (folder / "strategies").mkdir()
    for name, text in (GOOD | {name.replace("__", "/") + ".yaml": text for name, text in today.items()}).items():
        if text is not None:
            (folder / name).write_text(text)
    return fallback(folder, kinds.load, GOOD, environ={})


def traded(settings):
    """The ids of the strategies that may do everything."""
    return [each.strategy_id for each in settings.strategies]


def test_a_broken_strategy_costs_itself(tmp_path):
    """By the ids that its file held when it was good, a matrix's too; the complaint names the place."""
    settings = fallen_back(tmp_path, strategies__m=BROKEN)
    assert traded(settings) == ["a"]
    assert set(settings.unread) == {"m-btc-usdt", "m-eth-usdt"}
    assert "m.yaml:2" in settings.complaint


def test_a_kind_that_is_gone_costs_its_strategies(tmp_path):
    """They are known by their file, not by what it needs."""
    settings = fallen_back(tmp_path, strategies__a=high("a").replace("rules", "mine"))
    assert "a" in settings.unread
    assert len(settings.strategies) == 2


def test_a_broken_fleet_file_stands_as_it_was(tmp_path):
    """The strategies follow their files."""
    settings = fallen_back(tmp_path, fleet=BROKEN, strategies__b=high("b"))
    assert settings.retention.equity == 7
    assert "b" in traded(settings)
    assert (settings.unread, "fleet.yaml:2" in settings.complaint) == ({}, True)


def test_a_file_that_is_gone_is_removed(tmp_path):
    """It is no broken one."""
    settings = fallen_back(tmp_path, strategies__a=None, strategies__m=BROKEN)
    assert traded(settings) == []
    assert "a" not in settings.unread


def test_an_id_that_stands_twice_costs_the_newcomer(tmp_path):
    """The file that the id was known from goes on; so does the rest of both."""
    settings = fallen_back(tmp_path, strategies__b=high("a"))
    assert settings.unread == {}
    assert [each.file.rpartition("/")[2] for each in settings.strategies if each.strategy_id == "a"] == ["a.yaml:1"]
    assert len(settings.strategies) == 3


def test_an_id_that_stands_twice_in_one_file_costs_that_id(tmp_path):
    """Nobody can say which one is meant."""
    twice = MATRIX.replace("BTC/USDT, ETH/USDT", "BTC/USDT, BTC/USDT")
    assert list(fallen_back(tmp_path, strategies__m=twice).unread) == ["m-btc-usdt"]


def test_a_strategy_that_moved_to_a_sound_file_trades(tmp_path):
    """Whatever has become of the file that it stood in."""
    settings = fallen_back(tmp_path, strategies__a=BROKEN, strategies__b=high("a"))
    assert "a" in traded(settings)
    assert settings.unread == {}


def test_a_broken_variable_is_no_file(tmp_path):
    """Nothing stands in for it: it has to be mended."""
    (tmp_path / "fleet.yaml").write_text("")
    with pytest.raises(ConfigurationInvalid, match="TRADEFLEET_SUPERVISION__LEASE"):
        fallback(tmp_path, kinds.load, GOOD, environ={"TRADEFLEET_SUPERVISION__LEASE": "long"})


def test_a_folder_that_is_gone_stands_as_it_was(tmp_path):
    """Whole: taken for empty, every strategy would count as removed."""
    assert len(fallback(tmp_path / "gone", kinds.load, GOOD, environ={}).strategies) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("database: live/a.db\nseries: [\n", "live/a.db"),
        ('database: "live/a.db" # ours\n}', "live/a.db"),
        ("database: [a]\n", None),
        ("database: a.db\ndatabase: b.db\n", None),
        ("  database: a.db\n]", None),
        ("}", None),
    ],
)
def test_the_database_of_a_broken_file(tmp_path, text, found):
    """Its line where that can be read, else the one last used; never a guess."""
    (tmp_path / "fleet.yaml").write_text(text)
    if found is None:
        with pytest.raises(ConfigurationInvalid):
            located(tmp_path, environ={})
        remember_database(tmp_path, tmp_path / "used.db")
    assert str(located(tmp_path, environ={})[0]) == (found or str(tmp_path / "used.db"))


def test_a_copied_note_does_not_count(tmp_path):
    """It names the database of the folder that it came from."""
    (tmp_path / "one").mkdir()
    remember_database(tmp_path / "one", tmp_path / "used.db")
    (tmp_path / "one").rename(tmp_path / "two")
    assert files.remembered(tmp_path / "two") is None


@pytest.mark.parametrize("text", [*GOOD.values(), "a: 1e5 # hunter2\nb: [0x10, yes, '1e5', 2020-01-01, 010]\n", ""])
def test_what_is_kept_says_the_same_without_comments(text):
    """A comment may hold anything."""
    assert parse("", bare(text)).value == parse("", text).value
    assert "#" not in bare(text)


def test_an_address_with_a_user_is_not_kept():
    """What is kept holds no password."""
    assert files.storable({"fleet.yaml": "exchanges: { binance: { base_url: 'http://me:word@host' } }"}) is None
