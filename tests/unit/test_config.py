"""The configuration: what is wrong is told all at once, with its place; what is right comes out frozen."""

import os
import tempfile
from contextlib import contextmanager
from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path

import ccxt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from config.complaints import ConfigurationInvalid
from config.fallback import fallback
from config.load import load
from config.settings import Delisted
from domain import exchanges
from domain.errors import ConfigError
from strategies import kinds
from tests.kit.series import HOURLY

GOOD = """\
strategy_id: one
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: rsi
capital: 1000
"""
NOBODY = 65534
HOUSE = Path(__file__).resolve().parents[2]


def loaded(folder, strategy=GOOD, fleet="", **options):
    """The settings of one strategy file and a fleet.yaml."""
    (folder / "strategies").mkdir(exist_ok=True)
    (folder / "strategies" / "one.yaml").write_text(strategy)
    (folder / "fleet.yaml").write_text(fleet)
    return load(folder, kinds.load, environ={}, **options)


def complaints(folder, strategy=GOOD, fleet=""):
    """What is wrong, as it is told."""
    with pytest.raises(ConfigurationInvalid) as caught:
        loaded(folder, strategy, fleet)
    return caught.value.complaints


@pytest.mark.parametrize("folder", ["config", "config/demo"])
def test_what_is_shipped_is_right(folder):
    """At least four kinds on three exchanges, and the demo."""
    found = load(HOUSE / folder, kinds.load, environ={})
    assert {each.kind for each in found.strategies} >= {"rsi", "macd", "scalping", "trend"}
    assert len({each.series.exchange for each in found.strategies}) >= 2


def test_defaults(tmp_path):
    """What nobody says."""
    one = loaded(tmp_path).strategies[0]
    assert one.series == HOURLY
    assert dict(one.params) == {"length": 14, "oversold": 30, "overbought": 70}
    assert (one.terms.capital, one.terms.warmup, one.mode, one.enabled) == (Decimal(1000), 322, "paper", True)


def test_settings_are_frozen(tmp_path):
    """Nobody changes them later."""
    found = loaded(tmp_path)
    with pytest.raises(FrozenInstanceError):
        found.environment = "simulated"


def test_every_mistake_is_told_at_once(tmp_path):
    """With file, line, key, value, reason and the nearest spelling."""
    wrong = GOOD.replace("rsi", "rsy").replace("1h", "7x").replace("capital: 1000", "capitol: 1000")
    found = complaints(tmp_path, wrong, "databse: x\nsupervision: { traders: 0 }\n")
    told = {(each.file.rpartition("/")[2], each.line, each.key): each for each in found}
    assert told["one.yaml", 4, "timeframe"].value == "7x"
    assert told["one.yaml", 5, "strategy"].suggestion == "rsi"
    assert told["one.yaml", 6, "capitol"].suggestion == "capital"
    assert told["fleet.yaml", 1, "databse"].suggestion == "database"
    assert "from 1 to 200" in told["fleet.yaml", 2, "supervision.traders"].reason


EXCHANGES = {"krakn": "kraken", "Binance": "binance", "coinbse": "coinbase"}


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_exchange_that_there_is_not(tmp_path, name):
    """Told with the nearest one, in either file, without asking anybody."""
    series = f"series: [{{ exchange: {name}, symbol: BTC/USD, timeframe: 1h }}]\n"
    found = complaints(tmp_path, GOOD.replace("binance", name), f"exchanges: {{ {name}: {{ rate: 1 }} }}\n{series}")
    told = {(Path(each.file).name, each.line, each.key) for each in found}
    assert told == {
        ("one.yaml", 2, "exchange"),
        ("fleet.yaml", 1, f"exchanges.{name}"),
        ("fleet.yaml", 2, "series.exchange"),
    }
    assert all(each.reason.endswith(f"did you mean {EXCHANGES[name]}?") for each in found)


def test_the_exchanges_are_those_of_ccxt():
    """The list is read instead of the library (`make exchanges` renews it)."""
    assert exchanges.names() - exchanges.CLOSED == set(ccxt.exchanges)
    assert exchanges.CLOSED.isdisjoint(ccxt.exchanges)


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ("params: { length: 1 }", "params.length", "from 2 to 200"),
        ("params: { oversold: 80 }", "params.oversold", "below overbought"),
        ("params: { lenght: 9 }", "params.lenght", ""),
        ("stake: { fraction: 2 }", "stake", "from 0 to 1"),
        ("stake: { risk: 0.01 }", "stake", "needs exits.stop"),
        ("stake: { fixed: 2000 }", "stake", "more than the capital"),
        ("exits: { target: 0.002 }", "exits.target", "costs of a round trip"),
        ("exits: { stop: 1.5 }", "exits.stop", "below 1"),
        ("exits: { stop: 2 art(20) }", "exits.stop", ""),
        ("exits: { check: open }", "exits.check", "one of close, intrabar"),
        ("mode: live", "mode", "not offered yet"),
        ("enabled: maybe", "enabled", "true or false"),
        ("api_key: abc", "api_key", "environment"),
        ("capital: 1000", "capital", "twice"),
        ("warmup: 1", "warmup", "from 2"),
    ],
)
def test_a_mistake_in_a_strategy(tmp_path, change, key, words):
    """Each with its key and its reason."""
    (found,) = complaints(tmp_path, f"{GOOD}{change}\n")
    assert found.key == key
    assert words in found.reason
    assert found.line == 7


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ("environment: test", "environment", "real, simulated"),
        ("exchanges: { binance: { base_url: ftp://x } }", "exchanges.binance.base_url", "http://"),
        ("exchanges: { binance: { base_url: 'http://:8700/b' } }", "exchanges.binance.base_url", "names no host"),
        ("exchanges: { binance: { base_url: 'http:///b' } }", "exchanges.binance.base_url", "names no host"),
        ("exchanges: { binance: { base_url: 'http://h:99999' } }", "exchanges.binance.base_url", "names no host"),
        ("exchanges: { binance: { rate: 0 } }", "exchanges.binance.rate", "from 0.01"),
        ("exchanges: { binance: { secret: x } }", "exchanges.binance.secret", "environment"),
        ("series: [{ exchange: binance, symbol: btcusdt, timeframe: 1h }]", "series.symbol", "BASE/QUOTE"),
        ("series: [{ exchange: binance, symbol: A/B, timeframe: 1h, since: 2999-01-01 }]", "series.since", "past"),
        ("supervision: { lease: 1, heartbeat: 1 }", "supervision.lease", "twice the heartbeat"),
        ("retention: { equity: 0 }", "retention.equity", "from 1"),
        ("database: [a]", "database", "text"),
        ("a: b: c", "YAML", ""),
        ("- 1", "file", "mapping"),
    ],
)
def test_a_mistake_in_the_fleet(tmp_path, change, key, words):
    """Each with its key and its reason."""
    found = complaints(tmp_path, fleet=f"{change}\n")
    assert key in [each.key for each in found]
    assert any(words in each.reason for each in found)


def test_capital_that_cannot_buy_the_minimum(tmp_path):
    """Five dollars, with a reserve, so that it can be sold again after a stop."""
    (found,) = complaints(tmp_path, GOOD.replace("1000", "5"))
    assert "5.25" in found.reason


def test_two_strategies_with_one_id(tmp_path):
    """Both places are named."""
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "other.yaml").write_text(GOOD)
    (found,) = complaints(tmp_path)
    assert "other.yaml" in found.reason
    assert found.file.endswith("one.yaml")


def test_a_matrix_is_many_strategies(tmp_path):
    """One for each combination; the id says which."""
    matrix = GOOD.replace("symbol: BTC/USDT\ntimeframe: 1h\n", "") + (
        "matrix:\n  symbol: [BTC/USDT, ETH/USDT]\n  timeframe: [1h, 4h]\n  params: [{ length: 7 }, { length: 14 }]\n"
    )
    found = loaded(tmp_path, matrix).strategies
    assert len(found) == 8
    assert "one-btc-usdt-1h-1" in {each.strategy_id for each in found}
    assert {each.params["length"] for each in found} == {7, 14}


def test_a_matrix_names_by_template(tmp_path):
    """With {base} and any parameter."""
    matrix = GOOD.replace("symbol: BTC/USDT\n", "").replace("one", "'{base}-rsi-{length}'") + (
        "matrix: { symbol: [BTC/USDT, ETH/USDT], params: [{ length: 7 }] }\n"
    )
    assert [each.strategy_id for each in loaded(tmp_path, matrix).strategies] == ["btc-rsi-7", "eth-rsi-7"]


def test_a_mistake_in_a_matrix_is_told_where_it_stands(tmp_path):
    """At the line of its entry, by the key that it stands for."""
    matrix = GOOD.replace("symbol: BTC/USDT\n", "") + (
        "matrix:\n  symbol:\n    - BTC/USDT\n    - btcusdt\n  params:\n    - length: 7\n    - { length: 1 }\n"
    )
    found = {(each.line, each.key) for each in complaints(tmp_path, matrix)}
    assert found == {(9, "symbol"), (12, "params.length")}


def test_a_rule_points_at_its_place(tmp_path):
    """File, line, key and column."""
    rules = GOOD.replace("rsi", "rules") + "params:\n  entry: rsi(14) < 30\n  exit: clos > 1\n"
    (found,) = complaints(tmp_path, rules)
    assert (found.line, found.key) == (9, "params.exit")
    assert "at column 1" in found.reason
    assert "did you mean close?" in found.reason


def test_the_series_of_a_strategy_is_kept_as_deep_as_it_needs(tmp_path):
    """Its warm-up and a hundred."""
    found = loaded(tmp_path, fleet="defaults: { last: 50 }\n")
    assert [(each.series.timeframe, each.last) for each in found.series] == [("1h", 422)]


def test_the_environment_overrides(tmp_path):
    """Any key of fleet.yaml; what is wrong names the variable."""
    (tmp_path / "fleet.yaml").write_text("supervision: { traders: 2 }\n")
    found = load(tmp_path, kinds.load, environ={"TRADEFLEET_SUPERVISION__TRADERS": "7"})
    assert found.supervision.traders == 7
    with pytest.raises(ConfigurationInvalid, match="TRADEFLEET_SUPERVISION__TRADERS"):
        load(tmp_path, kinds.load, environ={"TRADEFLEET_SUPERVISION__TRADERS": "many"})


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"SUPERVISON__TRADERS": "4"}, "TRADEFLEET_SUPERVISON__TRADERS: supervison: unknown key; did you mean superv"),
        ({"SUPERVISION__TRADRES": "4"}, "TRADEFLEET_SUPERVISION__TRADRES: supervision.tradres: unknown key; did you m"),
        ({"EXCHANGES__KRAKEN__COST__TAKER": "0"}, "TRADEFLEET_EXCHANGES__KRAKEN__COST__TAKER: exchanges.kraken.cost:"),
        ({"SUPERVISION": "{ traders: 0 }"}, "TRADEFLEET_SUPERVISION: supervision.traders = '0': must"),
        ({"A__B": "1", "A__C": "1"}, "TRADEFLEET_A__B, TRADEFLEET_A__C: a: unknown key"),
        ({"LOGS__KEEP": "1 GB", "RETENTION__EQUITY": "9"}, "fleet.yaml:3: databse: unknown key"),
    ],
)
def test_a_mistake_of_the_environment_names_its_variable(tmp_path, variables, told):
    """Also where the variable is the misspelt one; what stands in the file is the file's."""
    wrong = "databse: x\n" if told.startswith("fleet") else ""
    (tmp_path / "fleet.yaml").write_text(f"supervision: {{ traders: 2 }}\n\n{wrong}")
    with pytest.raises(ConfigurationInvalid) as caught:
        load(tmp_path, kinds.load, environ={f"TRADEFLEET_{name}": value for name, value in variables.items()})
    (line,) = str(caught.value).splitlines()[1:]
    assert line.removeprefix(f"{tmp_path}/").startswith(told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("exits: { stop: 5 }", "exits.stop = '5': must be below 1"),
        ("exits: { target: 0.002 }", "exits.target = '0.002': lies within"),
        ("stake: { fraction: 2 }", "stake = '{fraction: 2}': must be"),
        ("stake: [true, ~]", "stake = '[true, null]': must be"),
        ("capital: yes", "capital = 'true': is no number"),
    ],
)
def test_a_wrong_value_is_shown_as_it_was_written(tmp_path, change, told):
    """As YAML spells it, and only what stands at the key."""
    text = GOOD if change.startswith(("exits", "stake")) else GOOD.replace("capital: 1000\n", "")
    (found,) = complaints(tmp_path, f"{text}{change}\n")
    assert told in str(found)


@pytest.mark.parametrize("symbol", ["币安人生/USDT", "1000CAT/USDT", "AUDIO/T$.X-Y"])
def test_symbols_of_any_script(tmp_path, symbol):
    """What an exchange lists may be traded; Binance lists the first."""
    assert loaded(tmp_path, GOOD.replace("BTC/USDT", symbol)).strategies[0].series.symbol == symbol


@pytest.mark.parametrize("symbol", ["btc/USDT", "é/USDT", "A B/USDT", "A_B/USDT", "\u202eA/B", "A/B/C", "A"])
def test_what_is_no_symbol(tmp_path, symbol):
    """Small letters, what is not seen, and what is no pair."""
    (found,) = complaints(tmp_path, GOOD.replace("BTC/USDT", f'"{symbol}"'))
    assert found.key == "symbol"


def test_the_image_of_compose_is_no_key(tmp_path):
    """It stands in the shell of whoever types `docker compose` there; a key beside it is told all the same."""
    loaded(tmp_path)
    load(tmp_path, kinds.load, environ={"TRADEFLEET_IMAGE": "registry/tradefleet:1"})
    with pytest.raises(ConfigurationInvalid, match="TRADEFLEET_IMAGES: images: unknown key"):
        load(tmp_path, kinds.load, environ={"TRADEFLEET_IMAGES": "x"})


def test_plugins_lie_beside_the_fleet_file(tmp_path, monkeypatch):
    """Wherever the fleet is started; a folder that lies there instead is told where it is looked for."""
    (tmp_path / "elsewhere" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    (found,) = complaints(tmp_path, fleet="plugins: [mine]")
    assert found.reason == f"folder {tmp_path}/mine does not exist: mine is looked for beside fleet.yaml, move it there"
    (tmp_path / "mine").mkdir()
    assert loaded(tmp_path, fleet="plugins: [mine]").plugins == (tmp_path / "mine",)


def test_a_folder_of_plugins_that_is_not_there(tmp_path):
    """Is told at its line; what does not need it goes on."""
    (tmp_path / "file").write_text("")
    fleet = f"retention: {{ equity: 7 }}\nplugins: [{tmp_path}/mine, {tmp_path}/file]\n"
    told = [str(each) for each in complaints(tmp_path, fleet=fleet)]
    place = f"{tmp_path}/fleet.yaml:2: plugins"
    assert told == [f"{place}: folder {tmp_path}/mine does not exist", f"{place}: {tmp_path}/file is no folder"]
    settings = fallback(tmp_path, kinds.load, {}, environ={})
    assert [each.strategy_id for each in settings.strategies] == ["one"]
    assert (settings.retention.equity, told[0] in settings.complaint) == (7, True)


def test_a_folder_that_is_not_there(tmp_path):
    """Is told as such."""
    with pytest.raises(ConfigError, match="there is no folder"):
        load(tmp_path / "nowhere", kinds.load, environ={})


@pytest.mark.parametrize("place", ["", "fleet.yaml", "strategies", "strategies/one.yaml"])
def test_what_may_not_be_read_is_told(place):
    """Taken for empty, a folder would have all its strategies drained."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        loaded(folder)
        (folder / place).chmod(0)
        with somebody(), pytest.raises(ConfigurationInvalid, match="cannot be read: Permission denied"):
            load(folder, kinds.load, environ={})
        folder.chmod(0o700)


@contextmanager
def somebody():
    """Not root, whom no mode of a file keeps out."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)


def test_aliases_of_aliases_do_not_explode(tmp_path):
    """A billion values in ten lines."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    found = complaints(tmp_path, fleet="\n".join(lines))
    assert any("no configuration needs that" in each.reason for each in found)


def test_yaml_that_wants_to_run_code_is_refused(tmp_path):
    """Tags are not constructed."""
    found = complaints(tmp_path, fleet="database: !!python/object/apply:os.system ['true']\n")
    assert found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.text(max_size=120), some.text(max_size=60))
def test_whatever_is_written_only_complaints_come(tmp_path, strategy, fleet):
    """No text raises anything else."""
    (tmp_path / "strategies").mkdir(exist_ok=True)
    (tmp_path / "strategies" / "one.yaml").write_text(strategy, errors="replace")
    (tmp_path / "fleet.yaml").write_text(fleet, errors="replace")
    try:
        load(tmp_path, kinds.load, environ={})
    except ConfigurationInvalid as error:
        told = error.complaints
        assert told


SCALARS = some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=8))
VALUES = some.recursive(
    SCALARS, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3)
)
IDENTITY = ("strategy_id", "exchange", "symbol", "timeframe", "strategy", "mode")
KEYS = some.sampled_from((*IDENTITY, "params", "capital", "stake", "exits", "enabled", "warmup", "matrix"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.dictionaries(KEYS, VALUES))
def test_whatever_a_key_holds_only_complaints_come(tmp_path, change):
    """Every key of a strategy with any value that YAML can hold."""
    import yaml  # noqa: PLC0415

    (tmp_path / "strategies").mkdir(exist_ok=True)
    (tmp_path / "strategies" / "one.yaml").write_text(yaml.safe_dump(yaml.safe_load(GOOD) | change, allow_unicode=True))
    (tmp_path / "fleet.yaml").write_text("")
    try:
        load(tmp_path, kinds.load, environ={})
    except ConfigurationInvalid as error:
        told = error.complaints
        assert told


@pytest.mark.parametrize(
    ("told", "seconds"), [("90s", 90), ("30m", 1800), ("6h", 21_600), ("2d", 172_800), ("600", 600)]
)
def test_a_time_has_a_unit_or_is_in_seconds(tmp_path, told, seconds):
    """As people write it."""
    found = loaded(tmp_path, fleet=f"exchanges: {{ binance: {{ delisted: {{ after: {told}, then: hold }} }} }}")
    assert found.exchanges["binance"].delisted == Delisted(after=seconds, then="hold")


@pytest.mark.parametrize("told", ["after: 6 hours", "after: 1s", "after: true", "then: keep", "when: 6h"])
def test_what_delisted_cannot_be(tmp_path, told):
    """A complaint names the key."""
    (found,) = complaints(tmp_path, fleet=f"exchanges: {{ binance: {{ delisted: {{ {told} }} }} }}")
    assert told.partition(":")[0] in str(found)


def copied(folder, *names):
    """The same strategy in these files, written in this order."""
    (folder / "strategies").mkdir()
    for age, name in enumerate(names, 1):
        (folder / "strategies" / name).write_text(GOOD)
        os.utime(folder / "strategies" / name, (age, age))


def test_of_two_files_with_one_id_the_newer_is_blamed(tmp_path):
    """Whatever they are called, and whichever of them is read first."""
    copied(tmp_path, "my-first.yaml", "copy.yaml", "another.yaml")
    with pytest.raises(ConfigurationInvalid) as caught:
        load(tmp_path, kinds.load, environ={})
    assert {Path(each.file).name for each in caught.value.complaints} == {"copy.yaml", "another.yaml"}
    assert all("my-first.yaml:1 already" in each.reason for each in caught.value.complaints)


def test_a_copy_silences_nobody(tmp_path):
    """The file that the id was known from goes on, also where it was written after its copy; the copy is left out."""
    copied(tmp_path, "copy.yaml", "my-first.yaml")
    good = {"strategies/my-first.yaml": GOOD}
    found = fallback(tmp_path, kinds.load, good, environ={})
    assert [Path(each.file).name for each in found.strategies] == ["my-first.yaml:1"]
    assert found.unread == {}
    assert found.texts == good
    assert "copy.yaml:1: strategy_id = 'one': is the id of" in found.complaint
