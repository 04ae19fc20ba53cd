"""A disk that is full, a real one: every process waits until there is room, its log on the same disk or not."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from db.fleet import meta
from db.sqlite import backup
from runtime.clock import now_ms
from tests.acceptance.test_fleet import DECISIONS, begin, ended, workers
from tests.backfilling import until
from tests.db_files import fresh
from tests.kit.rows import rows

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")


@pytest.fixture
def disk(tmp_path):
    """A file system of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk):
    """Leave no byte; gives the file that takes them all."""
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
    return disk / "filler"


def test_a_full_disk_ends_nobody(disk):
    """For ten seconds nobody can even tell that it lives: still nobody has ended, and once there is room they go on."""
    path = disk / "trading.db"
    process = begin("demo", "--seconds", "300", "--database", path)
    try:
        until(lambda: path.exists() and len(workers(path)) >= 3 and rows(path, DECISIONS)[0][0] > 5)
        before, filler = set(workers(path)), fill(disk)
        until(lambda: rows(path, "select max(beat_ms) from workers")[0][0] < now_ms() - 10_000)
        assert process.poll() is None
        filler.unlink()
        count = rows(path, DECISIONS)[0][0]
        until(lambda: rows(path, DECISIONS)[0][0] > count + 5)
        assert set(workers(path)) == before
    finally:
        ended(process)


def told(*words, **more):
    """A command that fails with 1 and says why in one line."""
    line = [sys.executable, "-m", "fleet.cli", *map(str, words)]
    done = subprocess.run(line, text=True, check=False, timeout=60, stderr=subprocess.PIPE, **more)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    return done.stderr


def test_a_backup_onto_a_full_disk(disk, tmp_path):
    """What could not be written, and where; nothing stays there."""
    with fresh(tmp_path / "here") as db:
        fill(disk)
        said = told("backup", disk / "copy.db", "--database", db.path, stdout=subprocess.PIPE)
        assert f"into {disk}: " in said
        assert "the disk is full: make room" in said
    assert [each.name for each in disk.iterdir()] == ["filler"]


def test_a_backup_of_a_database_on_a_full_disk(disk, tmp_path):
    """The copy is whole and told; that the database could not note it is told too, and is no failure."""
    with fresh(disk) as db:
        meta.set_clock(db, "{}")  # its -wal and -shm are there
        fill(disk)
        done = subprocess.run(
            [sys.executable, "-m", "fleet.cli", "backup", tmp_path / "copy.db", "--database", db.path],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "rows, checked" in done.stdout
    assert "the backup is whole, but the database could not note it" in done.stderr
    assert backup.check(tmp_path / "copy.db")


@needs_full
@pytest.mark.parametrize("words", [["status"], ["report"], ["report", "--format", "json"], ["--help"]], ids=" ".join)
def test_stdout_takes_no_more(tmp_path, words):
    """Full, or closed: the answer has not arrived."""
    with fresh(tmp_path) as db, FULL.open("w") as full:
        which = [] if words == ["--help"] else ["--database", db.path]
        assert "stdout: No space left on device" in told(*words, *which, stdout=full)
        assert "stdout: Bad file descriptor: it is closed" in told(*words, *which, preexec_fn=lambda: os.close(1))


@needs_full
def test_stderr_takes_no_more(tmp_path):
    """The exit status tells."""
    line = [sys.executable, "-m", "fleet.cli", "status", "--database", tmp_path / "none.db"]
    with FULL.open("w") as full:
        assert subprocess.run(line, stderr=full, check=False).returncode == 2
        assert subprocess.run(line, preexec_fn=lambda: os.closerange(0, 3), check=False).returncode == 2
