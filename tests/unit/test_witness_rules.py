"""The list of rules beside the witness names cases and tests that there are."""

import re
from pathlib import Path

from tests.witness.cases import CASES

TESTS = Path(__file__).resolve().parents[1]
ROWS = re.findall(r"^\| .* \| ([^|]+) \|$", (TESTS / "witness" / "README.md").read_text(), re.MULTILINE)


def test_every_rule_is_held_by_something_that_exists():
    """Each name of the last column is a case, or a file of tests."""
    names = {name for row in ROWS for name in row.split(", ") if row != "held by"}
    files = {file.stem for file in TESTS.glob("*/test_*.py")}
    assert len(ROWS) > 60
    assert names - {"all"} - CASES.keys() - files == set()


def test_every_case_holds_a_rule():
    """What no row names is walked for nothing."""
    assert CASES.keys() - {name for row in ROWS for name in row.split(", ")} == set()
