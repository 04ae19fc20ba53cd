"""Ctrl-C at any point of a command: 130, one line at most, nothing half done. Pressed at events, never after a time."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.db_files import fresh
from tests.fleet_processes import HEARS_CTRL_C

INTERRUPTING = Path(__file__).parents[1] / "interrupting"
POINTS = (
    "import fleet.command_line",
    "import argparse",
    "import structlog",
    "import apsw",
    "import fleet.backups",
    "import rich.progress",
    "open .part",  # the copy's first byte
    "os.link .part",  # the moment at which it gets its name
    "exit",
)


def interrupted(point, words, **more):
    """A command in which Ctrl-C is pressed at that point."""
    env = {**os.environ, "PYTHONPATH": str(INTERRUPTING), "TEST_INTERRUPT": point}
    line = [sys.executable, "-m", "fleet.cli", *words]
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=60, **HEARS_CTRL_C | more)


@pytest.mark.parametrize("point", POINTS)
def test_an_interrupted_backup_was_not_made(tmp_path, point):
    """So that nobody uploads what is not there: `fleet backup FILE && upload FILE`."""
    with fresh(tmp_path / "here") as db:
        done = interrupted(point, ["backup", str(tmp_path / "copy.db"), "--database", str(db.path)])
    assert done.returncode == 130, done.stderr
    assert done.stderr == "interrupted\n"
    left = {each.name for each in tmp_path.iterdir()}
    assert left == ({"here", "copy.db"} if point == "exit" else {"here"})


@pytest.mark.parametrize(
    ("verb", "point"),
    [("validate", "strategies.kinds"), ("up", "rich"), ("demo", "strategies.kinds"), ("report", "yaml")],
)
def test_start_ups_end_quietly(tmp_path, verb, point):
    """Also those that load the most."""
    done = interrupted(f"import {point}", [verb, "--config", str(tmp_path)])
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


@pytest.mark.parametrize(
    "point", ["import numpy", "import pyarrow", "import talib", "import rich.console", "open x.csv"]
)
def test_an_interrupted_import_says_so(tmp_path, point):
    """From its first second on: 130, in one sentence."""
    (tmp_path / "x.csv").write_text("1704067200,1,2,1,1,1\n")
    (tmp_path / "fleet.yaml").write_text("any_filesystem: true\n")
    series = ["--exchange", "binance", "--symbol", "BTC/USDT", "--timeframe", "1h"]
    where = ["--config", str(tmp_path), "--database", str(tmp_path / "t.db")]
    done = interrupted(point, ["import", *where, *series, str(tmp_path / "x.csv")])
    assert (done.returncode, done.stderr, done.stdout) == (130, "interrupted\n", "")


def test_who_ignores_it_goes_on(tmp_path):
    """As under nohup."""
    ignoring = {"preexec_fn": partial(signal.signal, signal.SIGINT, signal.SIG_IGN)}
    with fresh(tmp_path / "here") as db:
        assert interrupted("import structlog", ["report", "--database", str(db.path)], **ignoring).returncode == 0
