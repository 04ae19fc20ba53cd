"""Log files of supervised processes: put aside while they run, and no line is lost, the last words neither."""

import json
import os
import subprocess
import sys

import pytest

from tests.unit.test_config import HOUSE, complaints, loaded

KEEP, LINES = 60_000, 400
CHATTER = f"""
import os, sys, threading, structlog
from runtime import log
log.configure("chatter")
def talk(name):
    for number in range({LINES}):
        structlog.get_logger().info("said", name=name, number=number)
threads = [threading.Thread(target=talk, args=(name,)) for name in "ab"]
for each in threads: each.start()
for each in threads: each.join()
print("printed on stdout")
os.write(2, b"from a library in C\\n")
raise RuntimeError("last words")
"""


@pytest.fixture
def files(tmp_path):
    """What a process leaves that says more than is kept; its log had another life before."""
    (tmp_path / "chatter.py").write_text(CHATTER)
    command = [sys.executable, "-m", "fleet.child", str(os.getpid()), "--log", tmp_path / "x.log", str(KEEP), "chatter"]
    env = os.environ | {"PYTHONPATH": f"{tmp_path}:{HOUSE}"}
    assert subprocess.run(command, env=env, check=False, umask=0).returncode == 1
    return [tmp_path / "x.log.1", tmp_path / "x.log"]


def test_what_is_kept_is_the_end_without_a_hole(files):
    """Both files together are the newest lines of each thread, and what Python and C said at last."""
    text = "".join(file.read_text() for file in files)
    said = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    for name in "ab":
        numbers = [each["number"] for each in said if each["name"] == name]
        assert numbers == list(range(LINES - len(numbers), LINES))
    assert "printed on stdout\nfrom a library in C\n" in text
    assert text.endswith("RuntimeError: last words\n")


def test_no_more_is_kept_than_was_asked_for(files):
    """Two files, each half and a line or two, which nobody else may read."""
    assert sorted(files[0].parent.glob("x.log*")) == sorted(files)
    assert all(file.stat().st_size < KEEP // 2 + 2_000 for file in files)
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]


def test_how_much_is_kept_is_configured(tmp_path):
    """As people write sizes."""
    assert loaded(tmp_path).supervision.log_bytes == 200_000_000
    assert loaded(tmp_path, fleet="logs: { keep: 1.5 GB }\n").supervision.log_bytes == 1_500_000_000
    (found,) = complaints(tmp_path, fleet="logs: { keep: 5 }\n")
    assert (found.key, "200 MB" in found.reason) == ("logs.keep", True)
