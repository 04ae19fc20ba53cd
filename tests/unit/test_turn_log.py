"""What the log hears of turns."""

from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from domain.candles import Candle
from domain.codes import Code
from domain.decide import Decision
from domain.ledger import Ledger
from domain.position import Position
from domain.strategy import Action
from domain.turns import Step, Turn
from tests.kit.series import HOURLY
from trader.turn_log import MINUTE, TurnLog

POSITION = Position(ledger=Ledger(Decimal(0), Decimal(0), Decimal(1000), Decimal(0)))


def turn(*actions, refused=False):
    """A turn with these decisions."""
    decisions = [Decision(action=Action(each), code=Code.SIGNAL, reason="why") for each in actions]
    steps = tuple(
        Step(
            bar=Candle(3600, 1, 1, 1, 1, 1),
            decision=each,
            position=POSITION,
            decided_ms=1,
            equity=None,
            refused=refused,
        )
        for each in decisions
    )
    return Turn(strategy_id="one", run_id="one.1", holder="me", epoch=1, steps=steps)


@pytest.fixture
def tally():
    """One that begins now."""
    return TurnLog(0)


def test_nothing_happened_is_one_line_a_minute(tally):
    """With how many turns there were, and which decisions."""
    with capture_logs() as told:
        for second in range(90):
            tally.add(turn("hold", "hold") if second % 2 else turn("hold"), HOURLY)
            tally.tell(second * 1000)
    assert [each["event"] for each in told] == ["turns"]
    assert (told[0]["turns"], told[0]["hold"], told[0]["seconds"]) == (61, 91, 60)


def test_a_refused_entry_is_a_line(tally):
    """At once."""
    with capture_logs() as told:
        tally.add(turn("stale", refused=True), HOURLY)
    assert [(each["event"], each["action"], each["reason"]) for each in told] == [("turn", "stale", "why")]


def test_a_change_of_state_is_a_line(tally):
    """When entries become forbidden, and when they are allowed again; not while they stay so."""
    with capture_logs() as told:
        for action in ("blocked", "blocked", "hold", "hold", "blocked"):
            tally.add(turn(action), HOURLY)
    assert [each["action"] for each in told] == ["hold", "blocked"]


def test_a_quiet_minute_says_nothing(tally):
    """And the rest is told at the end."""
    with capture_logs() as told:
        tally.tell(5 * MINUTE)
        tally.add(turn("hold"), HOURLY)
        tally.tell(5 * MINUTE + 1)
        tally.tell(5 * MINUTE + 2, last=True)
    assert [each["turns"] for each in told] == [1]
