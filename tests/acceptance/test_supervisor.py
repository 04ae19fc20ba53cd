"""The supervisor with real processes: one that needs a person holds up no other."""

import os
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.settings import Supervision
from fleet.supervisor import Spec, Supervisor
from runtime.stop import Stop
from tests.backfilling import until

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def wrong(tmp_path):
    """What is wrong: a process that finds it ends with 2."""
    file = tmp_path / "wrong"
    file.write_text("btc.yaml:4: no such thing")
    return file


def ending(name, file):
    """A process that ends with 2 while the file is there."""
    environment = os.environ | {"PYTHONPATH": str(HOUSE)}
    return Spec(name=name, module="tests.ending", arguments=(str(file), "2"), environment=environment)


@contextmanager
def supervised(specs, logs, statuses):
    """The processes for the length of the block; the exit status afterwards."""
    supervisor, stop = Supervisor(specs, logs, Supervision(drain=5)), Stop()
    thread = threading.Thread(target=lambda: statuses.append(supervisor.run(stop)))
    thread.start()
    try:
        yield supervisor
    finally:
        stop.set()
        thread.join(20)


def test_the_others_live_on(tmp_path, wrong, capsys):
    """Why the one needs a person is said; once that is mended, it is tried again."""
    statuses, told = [], []
    specs = [ending("broken", wrong), ending("sound", tmp_path / "nothing")]
    with supervised(specs, tmp_path, statuses) as supervisor:
        broken, sound = supervisor.processes
        until(lambda: supervisor.waits and sound.alive)
        until(lambda: told.append(capsys.readouterr().out) or "btc.yaml:4: no such thing" in "".join(told))
        wrong.unlink()
        supervisor.retry()
        until(lambda: broken.alive and not supervisor.waits)
    assert statuses == [0]


def test_it_ends_where_every_process_needs_a_person(tmp_path, wrong):
    """With 1: nothing would go on."""
    statuses = []
    with supervised([ending("one", wrong), ending("two", wrong)], tmp_path, statuses):
        until(lambda: statuses)
    assert statuses == [1]
