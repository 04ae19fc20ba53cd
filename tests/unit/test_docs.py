"""What the documents show works as it stands there."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest
import yaml

from config.load import load
from db.reading import reports
from db.sqlite import dialect
from db.sqlite.dialect import view_name
from db.sqlite.migrate import migrate
from domain.codes import Code
from domain.errors import ConfigError
from fleet.starter_files import SHIPPED
from fleet.verbs import VERBS
from strategies import kinds
from strategies.indicators import Indicators
from strategies.rule_parser import parse
from tests.kit.candles import closes, walk, window
from tests.kit.rows import column

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs" / "strategies.md").read_text()
RULES = [line for block in re.findall(r"```rules\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
PAGES = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
BLOCKS = [(page.name, text) for page in PAGES for text in re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL)]
VIEWS = [view_name(view) for view in dialect.views()]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_page_works(rule):
    """It is known to be true or false on enough candles."""
    assert parse(rule).truth(Indicators(window(walk(400)))).at(-1) in (True, False)


@pytest.mark.parametrize(("page", "text"), BLOCKS)
def test_every_file_that_is_shown_loads(tmp_path, page, text):
    """Without a complaint, as a strategy or as fleet.yaml; the matrices of the pages make more than one strategy."""
    (tmp_path / "strategies").mkdir()
    strategy = "strategy_id:" in text
    (tmp_path / ("strategies/one.yaml" if strategy else "fleet.yaml")).write_text(text)
    found = load(tmp_path, kinds.load, environ={}).strategies
    assert len(found) > 1 if "matrix:" in text else len(found) == strategy


def test_every_verb_is_documented():
    """Somewhere, as somebody types it."""
    pages = " ".join(page.read_text() for page in PAGES)
    assert [verb for verb in VERBS if not re.search(rf"(fleet |`|, `){verb}\b", pages)] == []


def test_every_view_and_its_columns_are_documented(tmp_path):
    """What `fleet report --view` and `fleet sql` show, in docs/metrics.md."""
    migrate(tmp_path / "trading.db", "real", any_filesystem=True)
    page = (HOUSE / "docs" / "metrics.md").read_text()
    named = "select name from pragma_table_info(?)"
    columns = {view: column(tmp_path / "trading.db", named, (view,)) for view in VIEWS}
    missing = {view: [name for name in columns[view] if f"`{name}`" not in page] for view in reports.VIEWS}
    assert {view: names for view, names in missing.items() if names or f"`{view}`" not in page} == {}


@pytest.fixture
def own(tmp_path):
    """The kinds of one's own on the page, each loaded from a file."""
    for place, code in enumerate(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)):
        (tmp_path / f"own_{place}.py").write_text(code)
    return kinds.load([tmp_path])


@pytest.mark.parametrize(
    ("kind", "params", "entries", "exits"),
    [
        ("falls", {"count": 3}, [0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("rise", {}, [0, 1, 1, 1, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 0, 0]),
    ],
)
def test_the_kinds_of_the_page_work(own, kind, params, entries, exits):
    """By hand, bar by bar: three falling closes, a close above its average of five; a rise, a fall."""
    strategy = kinds.build(kind, params, own)
    found = closes(50, 51, 52, 53, 52, 51, 50, 51, 52)
    said = [strategy.signal(Indicators(window(found[: place + 1]))) for place in range(1, len(found))]
    assert [signal.entry is not None for signal in said] == [bool(each) for each in entries[1:]]
    assert [signal.exit is not None for signal in said] == [bool(each) for each in exits[1:]]


def test_the_columns_of_the_page_are_what_it_says_bar_by_bar(own):
    """And over the whole window at once."""
    signals = kinds.build("falls", {"count": 3}, own).signals(Indicators(window(closes(9, 8, 7, 6, 5, 6, 5, 4, 3))))
    assert np.flatnonzero(signals.entry).tolist() == [3, 4, 8]
    assert np.flatnonzero(signals.undefined).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x = 1", "defines no KIND"),
        ("1 / 0", "ZeroDivisionError"),
        ("from strategies.rsi import KIND", "exists already"),
    ],
)
def test_a_plugin_that_cannot_be_used_says_why(tmp_path, content, words):
    """With its file."""
    (tmp_path / "mine.py").write_text(content)
    with pytest.raises(ConfigError, match=words) as caught:
        kinds.load([tmp_path])
    assert "mine.py" in str(caught.value)


def test_files_of_editors_are_no_plugins(tmp_path):
    """Emacs' lock, which leads nowhere, and what a Mac keeps beside a file."""
    (tmp_path / ".#own.py").symlink_to("me@host.1:1")
    (tmp_path / "._own.py").write_bytes(b"\0\5\x16\7\xff")
    assert kinds.load([tmp_path]) == kinds.SHIPPED


def keys(schema):
    """Every key that a JSON schema names, however deep."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for part in schema.values():
            yield from keys(part)


def test_every_key_of_the_files_is_documented():
    """Each that `fleet schema` knows stands as code in the pages of the configuration or of strategies."""
    page = (HOUSE / "docs" / "configuration.md").read_text() + PAGE
    known = set(keys([json.loads(file.read_text()) for file in sorted((HOUSE / "config" / "schema").glob("*.json"))]))
    assert len(known) > 60
    assert {name for name in known if not re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", page)} == set()


def test_every_dependency_is_explained():
    """The README's table has a line for each."""
    readme = (HOUSE / "README.md").read_text()
    found = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]["dependencies"]
    assert not [each for each in found if f"`{re.split('[<>=]', each)[0]}`" not in readme]


def test_links_of_the_documents_lead_somewhere():
    """Every relative link is a file."""
    for page in [*HOUSE.glob("*.md"), *(HOUSE / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_shipped_fleet_file_says_what_is_so():
    """Its comments name pages that are there."""
    for name in re.findall(r"docs/\w+\.md", (HOUSE / "config" / "fleet.yaml").read_text()):
        assert (HOUSE / name).exists()
    assert yaml.safe_load((HOUSE / "config" / "fleet.yaml").read_text())["environment"] == "real"


def test_the_page_of_the_numbers_knows_every_code():
    """All that `decisions.code` and `orders.code` may say, but for what is never recorded."""
    page = (HOUSE / "docs" / "metrics.md").read_text()
    assert {code for code in Code if f"`{code.value}`" not in page} == {Code.NOTHING_HELD}


def test_what_init_writes_is_what_is_shipped():
    """Each strategy of the repository's own, and none that a person has put beside them."""
    command = ["git", "ls-files", "config/strategies"]
    tracked = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True).stdout.split()
    assert sorted(f"config/strategies/{name}.yaml" for name in SHIPPED) == sorted(tracked)
