"""The product beside a second trader that was written from the semantics alone: tests/witness."""

import pytest

from tests.witness.cases import CASES
from tests.witness.product import quiet
from tests.witness.running import compared


@pytest.mark.parametrize("name", CASES)
def test_the_product_decides_fills_and_reports_as_the_semantics_say(name, data, tmp_path):
    """Every decision, value, trade, point of equity, position and column of a report is the witness's."""
    quiet()
    found = compared(CASES[name](data), tmp_path)
    assert found.differences[:5] == []
    assert found.counts["decisions"] >= 100
    assert found.counts["trades"] >= 4
    assert found.counts["strategy_performance"] >= 1
