"""Whether a worker is dead is known of the processes of one place only, and never said of one that lives."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from db.fleet.workers import Worker
from runtime import process_place
from runtime.process_place import ProcessPlace, container_in

CONTAINER, OTHER = "a" * 64, "b" * 64
MOUNTS = f"""\
612 598 8:1 /var/lib/docker/containers/{OTHER}/mounts/shm /run/shm rw - ext4 /dev/sda1 rw
613 598 8:1 /var/lib/docker/containers/{CONTAINER}/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw
"""


def of(pid, **change):
    """A worker in our place."""
    here = process_place.here()
    who = Worker(
        worker_id="w", room="trader", host="h", pid=pid, started_ms=1, place=here.place, birth=process_place.birth(pid)
    )
    return replace(who, **change)


@pytest.fixture
def process():
    """A real process that sleeps."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as found:
        yield found
        found.kill()


def test_a_process_that_was_killed_is_dead_whether_or_not_it_was_reaped(process):
    """While it lives it is not, not even frozen."""
    who = of(process.pid)
    assert process_place.dead([who], process_place.here()) == []
    os.kill(process.pid, signal.SIGSTOP)
    assert process_place.dead([who], process_place.here()) == []
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert process_place.dead([who], process_place.here()) == ["w"]
    process.wait()
    assert process_place.dead([who], process_place.here()) == ["w"]


def test_a_pid_that_was_given_to_another_process_says_that_the_one_before_is_dead(process):
    """It began at another moment."""
    assert process_place.dead([of(process.pid, birth=1)], process_place.here()) == ["w"]
    assert process_place.dead([of(os.getpid())], process_place.here()) == []


def test_a_process_that_is_hidden_from_us_is_not_dead(process, monkeypatch, tmp_path):
    """`/proc` may be mounted so that it shows nobody else's processes; once it is gone, it is."""
    who, here = of(process.pid), process_place.here()
    monkeypatch.setattr(process_place, "PROC", tmp_path)
    assert process_place.dead([who], here) == []
    process.kill()
    process.wait()
    assert process_place.dead([who], here) == ["w"]


@pytest.mark.parametrize("change", [{"place": "boot mnt:[1] pid:[1]"}, {"place": None}, {"birth": None}])
def test_of_processes_elsewhere_nothing_is_known(change):
    """Another boot, another namespace, or nothing that says which: whatever its pid is here."""
    assert process_place.dead([of(2**22, **{"birth": 5} | change)], process_place.here()) == []


def test_a_container_that_comes_back_knows_that_its_life_before_has_ended():
    """It has its id and other namespaces. A process that shares its processes may live, another container too."""
    ours = ProcessPlace("boot mnt:[2] pid:[2]", CONTAINER, 9)
    before = of(1, place="boot mnt:[1] pid:[1]", container=CONTAINER, birth=9)
    assert process_place.dead([before], ours) == ["w"]
    assert process_place.dead([replace(before, container=OTHER)], ours) == []
    assert process_place.dead([replace(before, place="boot mnt:[1] pid:[2]")], ours) == []
    assert process_place.dead([replace(before, container=None)], ours._replace(container=None)) == []


def test_the_container_is_the_one_whose_name_is_ours():
    """Not one whose mounts the host shows as well."""
    assert container_in(MOUNTS) == CONTAINER
    assert container_in(MOUNTS.splitlines()[0]) is None
