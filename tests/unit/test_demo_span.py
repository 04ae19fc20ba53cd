"""The candle time of a demo."""

import pytest

from fleet.demo_span import BEGIN, DemoSpan

SPAN = DemoSpan(begin=BEGIN, end=BEGIN + 3_600, step=300, settle=2.0, speed=600.0)


def test_bars_of_every_length_close_where_it_begins():
    """The first decision of every strategy is made in time: midnight of a Monday."""
    assert BEGIN % 86_400 == 0
    assert (BEGIN - 345_600) % 604_800 == 0


def test_its_closes():
    """Both ends are among them."""
    assert (SPAN.closes[0], SPAN.closes[-1], len(SPAN.closes)) == (BEGIN, BEGIN + 3_600, 13)


@pytest.mark.parametrize(("step", "settle", "waits"), [(300, 2.0, 37.5), (3600, 2.0, 150.0), (60, 20.0, 22.0)])
def test_where_it_waits(step, settle, waits):
    """After the bar counts as closed, before an entry on it is stale where that is possible."""
    found = DemoSpan(begin=BEGIN, end=BEGIN, step=step, settle=settle, speed=1.0)
    assert found.gate_ms(BEGIN) == round((BEGIN + waits) * 1000)


@pytest.mark.parametrize(("minutes", "told"), [(-10, "0 of 6 s"), (0, "0 of 6 s"), (30, "3 of 6 s"), (90, "6 of 6 s")])
def test_how_much_is_over(minutes, told):
    """In seconds of a demo that never waits, within its length."""
    assert SPAN.passed(SPAN.gate_ms(BEGIN) + minutes * 60_000) == told
