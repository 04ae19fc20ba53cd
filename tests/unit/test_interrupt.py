"""Code that takes too much CPU time is interrupted."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from runtime.interrupt import TookTooLong, run_with_time_limit

SHORT = 0.05  # seconds


def spin(seconds):
    """Use so much CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def test_what_is_quick_returns():
    """And is left alone afterwards."""
    assert run_with_time_limit(SHORT, lambda: "answer") == "answer"
    assert spin(2 * SHORT) == "done"


def test_a_loop_is_interrupted():
    """Once: what comes after it is not."""
    with pytest.raises(TookTooLong):
        run_with_time_limit(SHORT, lambda: spin(3600))
    assert spin(2 * SHORT) == "done"


class Slow:
    """It takes its time to go."""

    def __del__(self):
        """Beyond the limit."""
        spin(1.3 * SHORT)


def test_an_interrupt_is_not_lost_where_an_object_ends():
    """Python drops what is raised in `__del__` or a weak reference's callback: what comes after it is interrupted."""
    with pytest.raises(TookTooLong):
        run_with_time_limit(SHORT, lambda: [type(Slow()), spin(3600)])


def test_who_goes_on_is_interrupted_again():
    """A strategy that catches everything."""

    def stubborn():
        with suppress(BaseException):
            spin(3600)
        spin(3600)

    with pytest.raises(TookTooLong):
        run_with_time_limit(SHORT, stubborn)


def test_a_sleeper_is_interrupted():
    """It computes nothing, and holds up everybody else."""
    with pytest.raises(TookTooLong):
        run_with_time_limit(SHORT, lambda: time.sleep(3600))
    assert time.sleep(3 * SHORT) is None


COMPUTES = """
import time
from runtime.interrupt import run_with_time_limit
def spin():
    end = time.thread_time() + 0.3
    while time.thread_time() < end:
        pass
    return "done"
print("begins", flush=True)
print(run_with_time_limit(1.0, spin))
"""


@pytest.fixture
def process():
    """A process that computes for 0.3 s, and may take one second for it."""
    with subprocess.Popen([sys.executable, "-c", COMPUTES], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout.readline() == "begins\n"
        yield started


def test_a_process_that_was_stopped_has_not_slept(process):
    """SIGSTOP for longer than the limit, in the middle of it."""
    process.send_signal(signal.SIGSTOP)
    time.sleep(2)
    process.send_signal(signal.SIGCONT)
    assert process.communicate(timeout=100) == ("done\n", None)


def test_a_busy_machine_interrupts_nobody(process):
    """It waits for its processor for longer than the limit, beside nine others."""
    (processor, *_) = os.sched_getaffinity(0)
    began = time.monotonic()
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(9)]
    for each in (process, *hogs):
        os.sched_setaffinity(each.pid, {processor})
    said, _ = process.communicate(timeout=100)
    for hog in hogs:
        hog.kill()
        hog.wait()
    assert (said, time.monotonic() - began > 1.0) == ("done\n", True)


def test_an_error_goes_through():
    """The limit ends with it."""
    with pytest.raises(ZeroDivisionError):
        run_with_time_limit(SHORT, lambda: 1 / 0)
    assert spin(2 * SHORT) == "done"
