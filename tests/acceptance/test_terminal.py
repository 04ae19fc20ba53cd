"""`fleet up` on a terminal of 80 columns: the live table from the first line on, then what was done."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trading import high, opened

CLOSED = 'exchanges: { binance: { base_url: "http://127.0.0.1:9" } }\n'  # nobody answers there


@pytest.fixture
def terminal():
    """Both ends of a terminal."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def seen(ours, text=""):
    """What is shown until this text comes, or until the end."""
    found = ""
    while not text or text not in found:
        try:
            found += os.read(ours, 1 << 16).decode(errors="replace")
        except OSError:  # nobody writes there any more
            break
    return found


def test_up_shows_no_raw_log_and_ends_with_a_line(tmp_path, terminal):
    """The table says that workers run; the last line says what was done, and where the logs are."""
    settings, db = opened(tmp_path, high(), more=CLOSED)
    db.close()
    ours, theirs = terminal
    words = [
        Path(sys.executable).with_name("fleet"),
        "up",
        "--config",
        settings.directory,
        "--database",
        settings.database,
    ]
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True)
    os.close(theirs)
    first = seen(ours, "Ctrl-C stops")
    process.send_signal(signal.SIGINT)
    rest = seen(ours)
    assert process.wait(60) == 0
    assert "restarts" not in first
    assert f"stopped: 0 trades since its start. `fleet report` says how they did, the logs are in {tmp_path}" in rest
