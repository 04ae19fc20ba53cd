"""The schema that editors complete and check by, read by a validator from elsewhere: it says what the fleet says."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from config import json_schema
from config.complaints import ConfigurationInvalid
from config.load import load
from fleet import cli
from strategies import kinds
from tests.unit.test_config import GOOD

HOUSE = Path(__file__).resolve().parents[2]
FILES = sorted(file.relative_to(HOUSE) for file in (HOUSE / "config").rglob("*.yaml"))
PAGES = (HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md")))
BLOCKS = [block for page in PAGES for block in re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL)]
SCHEMAS = {name: json.loads((HOUSE / f"config/schema/{name}.json").read_text()) for name in ("fleet", "strategy")}
RULES = GOOD.replace("rsi", "rules")
MATRIX = GOOD.replace("symbol: BTC/USDT\n", "").replace("one", "'{base}-{params}'")


class Plain(yaml.SafeLoader):
    """Reads dates as texts, as editors do."""

    yaml_implicit_resolvers = {  # noqa: RUF012  as its base has it
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith("timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def wrong(name, text):
    """What is wrong with a file, as the validator tells it."""
    return [each.message for each in Draft7Validator(SCHEMAS[name]).iter_errors(yaml.load(text, Plain))]


def refused(folder, name, text):
    """Whether the fleet refuses a file."""
    (folder / "strategies").mkdir()
    (folder / "mine").mkdir()
    (folder / ("fleet.yaml" if name == "fleet" else "strategies/one.yaml")).write_text(text)
    try:
        load(folder, kinds.load, environ={})
    except ConfigurationInvalid:
        return True
    return False


def test_the_files_are_current():
    """They are what the code says: `make schema` writes them."""
    assert {"fleet": json_schema.fleet(), "strategy": json_schema.strategy(kinds.SHIPPED)} == SCHEMAS
    for schema in SCHEMAS.values():
        Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_what_is_shipped_names_its_schema_and_fits_it(file):
    """In its first line, relative to itself, as the editors' language server reads it."""
    text = (HOUSE / file).read_text()
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)[1]
    name = "fleet" if file.name == "fleet.yaml" else "strategy"
    assert (HOUSE / file.parent / named).resolve() == HOUSE / f"config/schema/{name}.json"
    assert wrong(name, text) == []


@pytest.mark.parametrize("text", BLOCKS)
def test_what_the_documents_show_fits(text):
    """Every block of YAML is a strategy."""
    assert wrong("strategy", text) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fleet", ""),
        ("fleet", "series:\nretention:\nexchanges:\n  binance:\n"),
        ("fleet", "series: { exchange: binance, symbol: BTC/USDT, timeframe: 1h }"),
        (
            "fleet",
            "series: [{ exchange: kraken, symbol: [BTC/USD], timeframe: [1h, 4h], since: 2024-06-01, last: '9' }]",
        ),
        ("fleet", "series: [{ exchange: kraken, symbol: BTC/USD, timeframe: 1d, since: 90d, derive_from: 1h }]"),
        (
            "fleet",
            "exchanges: { binance: { rate: 1e1, costs: { taker: '0.001' }, delisted: { after: 6h, then: hold } } }",
        ),
        ("fleet", "exchanges: { binance: { aliases: { MATIC/USDT: POL/USDT }, base_url: 'http://127.0.0.1:1/x' } }"),
        (
            "fleet",
            "any_filesystem: yes\nplugins: mine\nlogs: { keep: 1.5 GB }\nsupervision: { lease: 6.5, traders: 3 }",
        ),
        ("strategy", GOOD),
        ("strategy", GOOD + "stake: { fixed: '250' }\nexits: { stop: 2 ATR(20), target: 3e-2, max_bars: 5 }\nmode:\n"),
        ("strategy", GOOD.replace("one", "010").replace("1000", "'1000'") + "enabled: off\nparams: { length: 7 }\n"),
        ("strategy", GOOD.replace("BTC/USDT", "币安人生/USDT") + "warmup: 400\nparams:\n"),
        ("strategy", RULES + "params: { entry: close > 1 }\nstake: { risk: 0.01 }\nexits: { stop: 0.05 }\n"),
        ("strategy", MATRIX + "matrix: { symbol: [BTC/USDT, ETH/USDT], params: [{ length: 7 }, { length: 9 }] }\n"),
    ],
)
def test_what_the_fleet_takes_fits(tmp_path, name, text):
    """However it is spelt."""
    assert not refused(tmp_path, name, text)
    assert wrong(name, text) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fleet", "databse: x.db"),
        ("fleet", "environment: live"),
        ("fleet", "any_filesystem: maybe"),
        ("fleet", "exchanges: { Binance: { rate: 1 } }"),
        ("fleet", "exchanges: { binance: { rate: 0 } }"),
        ("fleet", "exchanges: { binance: { costs: { taker: 0.6 } } }"),
        ("fleet", "exchanges: { binance: { base_url: 'ftp://x' } }"),
        ("fleet", "exchanges: { binance: { base_url: 'https://me:word@x' } }"),
        ("fleet", "exchanges: { binance: { aliases: { matic: POL/USDT } } }"),
        ("fleet", "exchanges: { binance: { delisted: { then: keep } } }"),
        ("fleet", "exchanges: [binance]"),
        ("fleet", "series: [{ exchange: binance, timeframe: 1h }]"),
        ("fleet", "series: [{ exchange: binance, symbol: [], timeframe: 1h }]"),
        ("fleet", "series: [{ exchange: binance, symbol: btc, timeframe: 1h }]"),
        ("fleet", "series: [{ exchange: binance, symbol: BTC/USDT, timeframe: 1M }]"),
        ("fleet", "series: [7]"),
        ("fleet", "supervision: { traders: 1.5 }"),
        ("fleet", "supervision: { traders: many }"),
        ("fleet", "logs: { keep: 200 }"),
        ("strategy", GOOD.replace("capital: 1000\n", "")),
        ("strategy", GOOD.replace("symbol: BTC/USDT\n", "")),
        ("strategy", GOOD.replace("1000", "-1")),
        ("strategy", GOOD.replace("one", "One")),
        ("strategy", GOOD.replace("one", "'{base}'")),
        ("strategy", GOOD.replace("rsi", "rsj")),
        ("strategy", GOOD + "params: { length: 1 }\n"),
        ("strategy", GOOD + "params: { fast: 12 }\n"),
        ("strategy", GOOD + "params: [7]\n"),
        ("strategy", GOOD + "mode: live\n"),
        ("strategy", GOOD + "stake: 250\n"),
        ("strategy", GOOD + "stake: { fraction: 2 }\n"),
        ("strategy", GOOD + "stake: { fixed: 1, risk: 0.1 }\n"),
        ("strategy", GOOD + "exits: { stop: near }\n"),
        ("strategy", GOOD + "exits: { stoploss: 0.1 }\n"),
        ("strategy", GOOD + "exits: { check: always }\n"),
        ("strategy", RULES),
        ("strategy", RULES + "params: { exit: close < 1 }\n"),
        ("strategy", MATRIX + "matrix: { symbol: [] }\n"),
        ("strategy", MATRIX + "matrix: { symbol: [BTC/USDT], params: [{ length: x }] }\n"),
        ("strategy", MATRIX + "matrix: { symbols: [BTC/USDT] }\n"),
        ("strategy", MATRIX + "matrix: { timeframe: [1h] }\n"),
    ],
)
def test_what_the_fleet_refuses_is_wrong(tmp_path, name, text):
    """In an editor as for `fleet validate`."""
    assert refused(tmp_path, name, text)
    assert wrong(name, text)


def test_a_kind_of_ones_own_has_its_place(tmp_path, capsys):
    """With what its parameters mean; a file that cannot be read beside it is told."""
    code, _ = re.findall(r"```python\n(.*?)```", (HOUSE / "docs/strategies.md").read_text(), re.DOTALL)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/falls.py").write_text(code)
    (tmp_path / "fleet.yaml").write_text("plugins: [mine]\nnonsense: 1\n")
    assert cli.main(["schema", "strategy", "--config", str(tmp_path)]) == 0
    made = Draft7Validator(json.loads(capsys.readouterr().out))
    own = yaml.safe_load(GOOD) | {"strategy": "falls", "params": {"count": 3}}
    assert made.is_valid(own)
    assert not made.is_valid(own | {"params": {"count": 1}})
    (tmp_path / "mine/broken.py").write_text("1 / 0")
    assert cli.main(["schema", "--config", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert set(json.loads(out)) == {"fleet.yaml", "strategies/*.yaml"}
    assert "broken.py:1: ZeroDivisionError" in err
