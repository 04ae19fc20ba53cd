"""The SQLite library: which versions are safe, and what its errors mean."""

import apsw
import pytest

from db.sqlite import engine
from domain.errors import Forbidden, Rejected, Unavailable


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 51, 3), (3, 53, 4), (4, 0, 0)])
def test_fixed_versions_are_used(version):
    """3.51.3 and later, and the two branches that got the fix (sqlite.org/wal.html#walresetbug)."""
    engine.refuse_unsafe(version)


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 46, 1), (3, 50, 6), (3, 51, 2)])
def test_versions_that_can_corrupt_the_file_are_refused(version):
    """Everything else has the WAL-reset bug; the message says what to install."""
    with pytest.raises(Forbidden, match=r"WAL-reset.*pip install"):
        engine.refuse_unsafe(version)


def test_the_installed_library_is_safe():
    """The locked environment brings a fixed SQLite."""
    assert engine.is_fixed(engine.CURRENT)


BRANCHES = [(5, Unavailable), (13, Unavailable), (778, Unavailable), (11, Forbidden), (1032, Forbidden), (19, Rejected)]


@pytest.mark.parametrize(("code", "kind"), BRANCHES)
def test_errors_belong_to_a_branch(code, kind):
    """Extended codes count as their primary ones; the message names the place."""
    with pytest.raises(kind, match=r"trading\.db: some_statement: "):
        engine.fail(apsw.exception_for(code), "trading.db: some_statement")


def test_mistakes_of_the_program_stay_what_they_are():
    """A statement that does not compile is nobody's fault but ours."""
    with pytest.raises(apsw.SQLError):
        engine.fail(apsw.exception_for(1), "x")
