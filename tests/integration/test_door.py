"""Verbs as processes: what strangers wrote cannot steer a terminal; a reader that goes away ends them in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.fleet import controls
from db.fleet.controls import Level
from domain.text import visible
from tests.db_files import fresh
from tests.unit.test_output import EVIL

FLEET = Path(sys.executable).with_name("fleet")


@pytest.fixture
def told(tmp_path):
    """A database in which a person has given an evil reason."""
    with fresh(tmp_path) as db:
        controls.put(db, ["one"], [Level.PAUSE], EVIL, 0)
        yield db.path


def fleet(path, *words, **options):
    """The command as a process, on an empty configuration."""
    (path.parent / "c").mkdir(exist_ok=True)
    command = [FLEET, words[0], "--config", path.parent / "c", "--database", path, *words[1:]]
    return subprocess.run(command, text=True, check=False, **options)


@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_a_reason_cannot_steer_the_terminal(told, form):
    """It ended `fleet status` with a traceback, or passed through as it was."""
    done = fleet(told, "status", "--format", form, capture_output=True)
    assert "Traceback" not in done.stderr
    assert "[/foo] \\x1b[31mred" in done.stdout
    assert visible(done.stdout, lines=True) == done.stdout


def test_errors_go_through_the_same_door(told):
    """A name that nobody has, with an escape in it, and an option that does not exist."""
    for words in (("pause", "\x1b[31mx"), ("report", "--strategy", "\x9b1m"), ("report", "--\x1b[31m")):
        done = fleet(told, *words, capture_output=True)
        assert done.returncode in {1, 2}
        assert "\\x" in done.stderr
        assert visible(done.stderr, lines=True) == done.stderr


@pytest.mark.parametrize("words", [("status",), ("report", "--format", "json"), ("status", "--help")])
def test_a_reader_that_went_away(told, words):
    """`fleet status | head -0`: silence, and the status of a process that was left alone."""
    reader, writer = os.pipe()
    os.close(reader)
    done = fleet(told, *words, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode in {0, 1, 141}  # rich ends a table with 1, what fits into no pipe is done all the same


def test_what_a_terminal_cannot_show_is_text(told):
    """Letters beyond ASCII where the terminal knows no others."""
    done = fleet(told, "pause", "naïve→", capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert "na\\xefve\\u2192" in done.stderr
