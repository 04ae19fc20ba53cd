"""Code that takes too much CPU time is interrupted."""

import time

import pytest

from runtime.interrupt import TookTooLong, within

SHORT = 0.05  # seconds


def spin(seconds):
    """Use so much CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def test_what_is_quick_returns():
    """And is left alone afterwards."""
    assert within(SHORT, lambda: "answer") == "answer"
    assert spin(2 * SHORT) == "done"


def test_a_loop_is_interrupted():
    """Once: what comes after it is not."""
    with pytest.raises(TookTooLong):
        within(SHORT, lambda: spin(3600))
    assert spin(2 * SHORT) == "done"


def test_waiting_is_no_cpu_time():
    """A busy machine interrupts nobody."""
    assert within(SHORT, lambda: time.sleep(3 * SHORT)) is None


def test_an_error_goes_through():
    """The limit ends with it."""
    with pytest.raises(ZeroDivisionError):
        within(SHORT, lambda: 1 / 0)
    assert spin(2 * SHORT) == "done"
