"""One policy for every loop of a worker: what needs a person ends the process, all else is tried again."""

import pytest

from domain.errors import ConfigError, DatabaseLost, Forbidden, Rejected, Unavailable
from runtime import loop
from runtime.command import Parser, guarded
from runtime.loop import After, LoopThread
from runtime.stop import Stop

AGAIN = [Unavailable("busy"), Rejected("no"), ValueError("broken"), ZeroDivisionError("by a strategy")]
PERSON = [(ConfigError("wrong"), 2), (Forbidden("not here"), 1), (DatabaseLost("gone"), 1)]


class Turns:
    """Turns that raise what is listed, one after the other, and then end."""

    def __init__(self, *errors):
        self.errors, self.taken = list(errors), 0

    def __call__(self):
        """One turn."""
        self.taken += 1
        if self.errors:
            raise self.errors.pop(0)
        return After.END


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(loop, "FIRST", 0.001)


@pytest.mark.parametrize("error", AGAIN, ids=lambda each: type(each).__name__)
def test_whatever_a_turn_raises_is_told_and_tried_again(error):
    """The loop goes on after it."""
    turn, told = Turns(error), []
    loop.turns(Stop(), turn, 0.0, told.append)
    assert (turn.taken, told) == (2, [error])


def test_whoever_is_told_of_an_error_may_end_the_loop():
    """One that was to end by itself does not try for ever."""
    turn = Turns(*AGAIN)
    loop.turns(Stop(), turn, 0.0, lambda _: After.END)
    assert turn.taken == 1


@pytest.mark.parametrize(("error", "status"), PERSON, ids=lambda each: type(each).__name__)
def test_what_needs_a_person_ends_the_process_with_its_status(error, status):
    """Wrong configuration with 2, what is not allowed with 1; it is not tried a second time."""
    turn = Turns(error)
    assert guarded("trader", lambda _: loop.turns(Stop(), turn, 0.0), Parser().parse_args([])) == status
    assert turn.taken == 1


@pytest.mark.parametrize(("error", "_status"), PERSON, ids=lambda each: type(each).__name__)
def test_a_thread_hands_what_needs_a_person_to_the_main_thread(error, _status):
    """It ends, and the main thread raises the same error."""
    thread = LoopThread("kraken", Stop(), Turns(error))
    thread.start()
    thread.join(10)
    with pytest.raises(type(error)) as raised:
        thread.refuse_ended()
    assert raised.value is error


def test_a_thread_goes_on_after_any_other_error_and_refuses_nothing():
    """Its error costs nobody else anything."""
    turn = Turns(*AGAIN)
    thread = LoopThread("kraken", Stop(), turn)
    thread.start()
    thread.join(10)
    thread.refuse_ended()
    assert (turn.taken, thread.is_alive()) == (len(AGAIN) + 1, False)


def test_a_loop_that_is_asked_to_stop_takes_no_other_turn():
    """The request ends the pause too."""
    stop, taken = Stop(), []
    loop.turns(stop, lambda: taken.append(stop.set()), 1000.0)
    assert taken == [None]
