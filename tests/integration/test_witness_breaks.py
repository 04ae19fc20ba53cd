"""The product is broken on purpose, a line at a time: the witness notices. `make breaks` draws more of them."""

import pytest

from tests.kit.rows import change
from tests.witness import breaks, fixed
from tests.witness.cases import CASES
from tests.witness.compare import Comparison
from tests.witness.living import lived
from tests.witness.product import quiet
from tests.witness.running import driven, reported, shown, summed, timed


@pytest.fixture(scope="module")
def reports(data, tmp_path_factory):
    """The differences of every report of a walk, with these views in the place of the product's own."""
    quiet()
    case = CASES["falling"](data)
    lives, product = lived(case), driven(case, tmp_path_factory.mktemp("walk"))
    change(product.database, "update decisions set stored_ms = 1, seen_ms = 2, recorded_ms = 4")

    def differences(views):
        found = Comparison()
        with product.views(views):
            reported(case, lives, product, found, moments=())
            shown(case, lives, product, found)
            timed(case, lives, product, found)
            summed(case, lives, product, found)
        return found.differences

    return differences


def test_every_area_is_broken():
    """What decides, fills and keeps the ledger, and each view."""
    assert {each.area for each in fixed.FIXED} == set(breaks.areas())


def test_whole_views_agree(reports):
    """As they are."""
    assert reports(breaks.views_with()) == []


@pytest.mark.parametrize("each", fixed.sql(), ids=lambda each: each.area)
def test_a_broken_view_is_noticed(reports, each):
    """In one of the reports."""
    assert reports(breaks.views_with(each.broken())) != []


@pytest.mark.parametrize("each", fixed.python(), ids=lambda each: each.area)
def test_a_broken_line_is_noticed(data, each):
    """In a tree of its own."""
    assert "should be" in breaks.noticed(each.broken(), breaks.walks([CASES[each.case](data)]))


def test_a_line_that_is_gone_is_to_be_renewed():
    """The message says where."""
    with pytest.raises(LookupError, match=r"renew it in tests\.witness\.fixed"):
        fixed.Fixed("exits", "domain/exits.py", "nobody wrote this", "").broken()
