"""Whatever the fleet writes is nobody else's, also under a umask that lets everybody read and write."""

import json
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from db.sqlite.connection import connect
from tests.backfilling import until
from tests.unit.test_config import HOUSE

FLEET = Path(sys.executable).with_name("fleet")
SIMULATOR = [sys.executable, "-m", "exchange.simulated", "--clock"]
MADE = {"trading.db", "trading.db-wal", "trading.db-shm", "trading.db.lock", "trading.db.halt", "trading.db.fleet_id",
        "backup.db", "kept.db", "supervisor.lock", "simulator.log", "backfiller.log", "trader-1.log", ".database",
        "clock.json"}  # fmt: skip


def spelled(folder, *words):
    """A verb on the fleet of a folder."""
    which = ["--config", folder / "config", "--database", folder / "data" / "trading.db"]
    return [FLEET, words[0], *which, *words[1:]]


def fleet(folder, *words, statuses=(0,)):
    """A verb under a umask that takes nothing away."""
    command = spelled(folder, *words)
    done = subprocess.run(command, cwd=folder, umask=0, capture_output=True, text=True, check=False)
    assert done.returncode in statuses, done.stderr


def demonstrated(folder):
    """A demo under such a umask, until its workers have noted which database they use."""
    command = spelled(folder, "demo", "--seconds", "600", "--speed", "3600")
    process = subprocess.Popen(command, cwd=folder, umask=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until((folder / "config" / ".database").exists)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@pytest.fixture
def lived(tmp_path):
    """A folder in which a fleet has lived under such a umask, and what lay in it before; `data` is made by a test."""
    shutil.copytree(HOUSE / "config" / "demo", tmp_path / "config", ignore=shutil.ignore_patterns(".database"))
    before = {tmp_path, *tmp_path.rglob("*")}

    def live():
        demonstrated(tmp_path)
        clock = subprocess.Popen([*SIMULATOR, tmp_path / "clocks" / "clock.json"], stdout=subprocess.PIPE, umask=0)
        assert json.loads(clock.stdout.readline())
        clock.send_signal(signal.SIGTERM)
        clock.communicate()
        fleet(tmp_path, "kill-switch", "on", "--reason", "a test")
        fleet(tmp_path, "backup", "data/backup.db")
        fleet(
            tmp_path, "trade", "--replay", "--keep", "data/kept.db", statuses=(0, 1)
        )  # 1: a series without candles yet
        fleet(tmp_path, "restore", "data/backup.db")
        with connect(tmp_path / "data" / "trading.db", any_filesystem=True) as db:
            db.read("meta_all")
            found = {path: stat.S_IMODE(path.lstat().st_mode) for path in tmp_path.rglob("*") if path not in before}
        names = {path.name for path in found}
        assert names >= MADE
        assert any(name.startswith("trading.db.replaced-") for name in names)
        return found

    return live


def test_every_file_and_folder_is_its_owners(lived):
    """Database and company, logs, notes, copies, clocks."""
    assert {path: oct(mode) for path, mode in lived().items() if mode & 0o077} == {}


def test_in_a_folder_of_a_group_they_are_the_groups(lived, tmp_path):
    """Nobody else's; what lies beside the database and the logs can be written by every member."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o2770)
    found = lived()
    assert {path: oct(mode) for path, mode in found.items() if mode & 0o007} == {}
    theirs = {path: mode for path, mode in found.items() if path.is_relative_to(data)}
    wanted = {path: 0o2770 if path.is_dir() else 0o660 for path in theirs}
    assert {path: oct(mode) for path, mode in theirs.items()} == {path: oct(mode) for path, mode in wanted.items()}
