"""Whatever is built otherwise decides the same: tests/golden has every row of a life of twenty strategies."""

from collections import Counter

import pytest

from domain.strategy import Action
from tests.golden.file import read
from tests.golden.walked import lived
from tests.witness.product import quiet


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What the fleet writes today."""
    quiet()
    return list(lived(tmp_path_factory.mktemp("golden")))


def test_every_row_is_the_same(rows):
    """Decisions with reasons and indicators, orders with their ids, trades, equity, positions: to the last digit."""
    golden = read()
    differing = [(was, now) for was, now in zip(golden, rows, strict=False) if was != now]
    assert differing[:3] == []
    assert len(rows) == len(golden)


def test_the_life_has_something_of_everything(rows):
    """At least 20,000 decisions, each action, and exits of every sort."""
    decided = [row.split("\t") for row in rows if row.startswith("decisions\t")]
    actions, codes = Counter(row[3] for row in decided), Counter(row[4] for row in decided)
    assert len(decided) >= 20_000
    assert {repr(each.value) for each in Action} == {*actions}
    for code in ("exit_signal", "stop", "target", "trailing_stop", "time_limit", "gap", "warming_up", "missed_exit"):
        assert codes[repr(code)] > 5, code
