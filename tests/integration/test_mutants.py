"""`make mutants` in small: what a test holds is killed, and what no test looks at survives."""

import re

import pytest

from tests.mutants.killing import compiled, drawn, nearest, survives, told, tree_of
from tests.mutants.rooms import ROOMS, ROOT, found
from tests.witness.mutations import Break, of_python


def broken(file: str, line: str, after: str) -> Break:
    """The break of a file by which a line becomes another."""
    source = (ROOT / file).read_text()
    return next(each for each in of_python(file, source) if told(each).partition(": ")[2] == f"{line}  ->  {after}")


def test_a_broken_ledger_is_killed_by_its_tests_only():
    """The same mutant survives tests that do not look at it."""
    mutant = broken(
        "domain/ledger.py",
        "return cents(self.cash + cents(worth, unit), unit)",
        "return cents(self.cash - cents(worth, unit), unit)",
    )
    with tree_of("domain") as tree:
        assert not survives(tree, mutant, ["tests/unit/test_domain_decide.py"])
        assert survives(tree, mutant, ["tests/unit/test_counted.py"])
        assert (tree / mutant.file).read_text() == (ROOT / mutant.file).read_text()


def test_the_tests_of_a_module_are_asked_first():
    """Those that have its name, then those that name it more often; the others as they are listed, and none twice."""
    mutant = next(of_python("domain/position.py", (ROOT / "domain/position.py").read_text()))
    tests = found(ROOMS["domain"].tests)
    first, *others = nearest(mutant, tests)
    named = [len(re.findall(r"\bposition\b", (ROOT / each).read_text())) for each in others]
    silent = [each for each in tests if "position" not in (ROOT / each).read_text()]
    assert first == "tests/unit/test_domain_position.py"
    assert named == sorted(named, reverse=True)
    assert others[-len(silent) :] == silent
    assert sorted([first, *others]) == sorted(tests)


@pytest.mark.parametrize("room", ROOMS)
def test_a_draw_is_the_same_for_a_seed(room):
    """No two of one line; every room has tests to be asked."""
    chosen = drawn(room, 1, 5)
    assert chosen == drawn(room, 1, 5) != drawn(room, 2, 5)
    assert len({(each.file, each.line) for each in chosen}) == 5
    assert all(compiled(each) for each in chosen)
    assert found(ROOMS[room].tests)
