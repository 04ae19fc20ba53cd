"""The strategies of a process are found by id and by series, whatever comes, changes and goes."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as drawn

from domain.candles import Series
from tests.kit.series import ETHER, HOURLY
from trader.active_strategies import ActiveStrategies
from trader.active_strategy import ActiveStrategy

SERIES = (HOURLY, ETHER, replace(HOURLY, timeframe="5m"))
EVENTS = drawn.lists(
    drawn.tuples(
        drawn.sampled_from("abcd"),
        drawn.sampled_from([None, *SERIES]),  # None: it is let go of
        drawn.sampled_from([None, 0, 60, 120]),
        drawn.booleans(),
    )
)


def strategy(strategy_id: str, series: Series, decided: int | None, *, active: bool = True) -> ActiveStrategy:
    """One of which only this is of interest here."""
    settings = cast(Any, SimpleNamespace(strategy_id=strategy_id, series=series))
    nothing = cast(Any, None)
    return ActiveStrategy(
        settings=settings, strategy=nothing, run_id="", epoch=1, position=nothing, decided=decided, failures=0,
        active=active,
    )  # fmt: skip


@given(EVENTS)
def test_each_series_knows_its_strategies_and_how_far_all_of_them_are(events):
    """As worked out from all of them, after every change; asked in between or only at the end."""
    found = ActiveStrategies()
    for strategy_id, series, decided, active in events:
        if series is not None:
            found[strategy_id] = strategy(strategy_id, series, decided, active=active)
        else:
            found.pop(strategy_id, None)
        if decided:
            found.closes()
    assert set(found.series) == {each.settings.series for each in found.values()}
    assert found.disabled == {each.strategy_id for each in found.values() if not each.active}
    for series in SERIES:
        members = [each for each in found.values() if each.settings.series == series]
        assert sorted(each.strategy_id for each in found.of(series)) == sorted(each.strategy_id for each in members)
        assert list(map(id, sorted(found.of(series), key=id))) == sorted(map(id, members))
        assert found.decided().get(series) == min((each.decided or 0 for each in members), default=None)
    assert found.closes() == {bar + 2 * series.seconds for series, bar in found.decided().items() if bar}


def test_nothing_is_left_of_those_that_all_went():
    """They can be cleared, and compared with a dict."""
    found = ActiveStrategies()
    found["a"] = strategy("a", HOURLY, 60, active=False)
    assert (found.decided(), list(found)) == ({HOURLY: 60}, ["a"])
    found.clear()
    assert (found == {}, found.decided(), set(found.series), list(found.of(HOURLY))) == (True, {}, set(), [])
    assert found.disabled == set()


def test_whoever_looks_for_a_few_does_not_go_through_all():
    """Their ids are a dict's own, which meet a set as one; those of any other mapping are gone through in Python."""
    found = ActiveStrategies()
    assert [type(each) for each in (found.keys(), found.values(), found.items())] == [
        type(each) for each in ({}.keys(), {}.values(), {}.items())
    ]
