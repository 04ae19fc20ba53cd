"""`fleet logs`: the lines of one strategy or all, from the files of `fleet up`, in order, as a terminal shows them."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing

import pytest
import structlog

from fleet import cli
from fleet.log_sources import Containers, Files, read
from runtime import log
from tests.backfilling import until
from tests.db_files import fresh


def said(file, *events, room="trader"):
    """Events as a worker off a terminal writes them: by a process of its own, through the program's own logs."""
    code = (
        "import json, sys, structlog; from runtime import log; log.configure(sys.argv[1], terminal=False)\n"
        "for name, told in json.loads(sys.argv[2]): structlog.get_logger().info(name, **told)"
    )
    with file.open("ab") as out:
        subprocess.run([sys.executable, "-c", code, room, json.dumps(events)], stderr=out, check=True)


@pytest.fixture
def place(tmp_path):
    """A database with the logs of two traders and a backfiller, one of which was put aside."""
    fresh(tmp_path).close()
    folder = tmp_path / "logs"
    folder.mkdir()
    said(folder / "trader-1.log.1", ["lease_taken", {"strategy_id": "one", "epoch": 1}])
    said(folder / "trader-2.log", ["trade", {"strategy_id": "one", "price": 2.5}], ["trade", {"strategy_id": "two"}])
    said(folder / "backfiller.log", ["exchange_status", {"series": 3}], room="backfiller")
    said(folder / "trader-1.log", ["lease_lost", {"strategy_id": "one", "evil": "\x1b[31m"}])
    with (folder / "trader-1.log").open("a") as file:
        file.write("Fatal Python error\n")
    (folder / "simulator.log").write_text("nothing of ours\n")
    return tmp_path


def shown(place, capsys, *words):
    """What the verb prints: exit status, lines, stderr."""
    status = cli.main(["logs", *words, "--database", str(place / "trading.db")])
    told = capsys.readouterr()
    return status, told.out.splitlines(), told.err


def test_the_lines_of_a_strategy(place, capsys):
    """Whoever wrote them, oldest first, each with its time and what it is."""
    status, lines, _ = shown(place, capsys, "one")
    assert status == 0
    assert [line.split()[3] for line in lines] == ["lease_taken", "trade", "lease_lost"]
    assert all(line.startswith("20") and "strategy_id=one" in line for line in lines)
    assert "price=2.5" in lines[1]
    assert "\\x1b[31m" in lines[2]


def test_all_lines(place, capsys):
    """Also what is no event, where it was said."""
    _, lines, _ = shown(place, capsys)
    assert [line.split()[-3:] for line in lines if not line.startswith("20")] == [["Fatal", "Python", "error"]]
    assert len(lines) == 6
    assert lines[-1] == "Fatal Python error"


def test_the_newest_lines(place, capsys):
    """As many as are wanted, of all files together."""
    assert [line.split()[3] for line in shown(place, capsys, "one", "--tail", "2")[1]] == ["trade", "lease_lost"]
    assert shown(place, capsys, "one", "--tail", "0")[1] == []


def test_lines_as_they_are(place, capsys):
    """JSON, for programs."""
    _, lines, _ = shown(place, capsys, "two", "--raw")
    assert [json.loads(line)["strategy_id"] for line in lines] == ["two"]


def test_a_strategy_of_which_nothing_was_said(place, capsys):
    """Those of which something was are named: exit status 1."""
    status, lines, told = shown(place, capsys, "onne")
    assert (status, lines) == (1, [])
    assert "no line about onne" in told
    assert "there are lines about: one, two" in told


def test_where_there_are_no_logs(tmp_path, capsys):
    """Where they would be."""
    fresh(tmp_path).close()
    status, _, told = shown(tmp_path, capsys)
    assert (status, f"{tmp_path}/logs does not exist: `fleet up` writes" in told) == (2, True)


def test_following(place):
    """What comes is shown at once, also in a file that takes the place of one, and of a trader that comes later."""
    folder = place / "logs"
    command = [sys.executable, "-m", "fleet.cli", "logs", "four", "--follow"]
    command += ["--database", str(place / "trading.db")]
    out = place / "shown"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with out.open("w") as target, subprocess.Popen(command, stdout=target, stderr=subprocess.PIPE, env=env) as process:
        try:
            assert process.stderr.readline().startswith(b"no line")  # what was there has been read
            said(folder / "trader-2.log", ["first", {"strategy_id": "four"}], ["other", {"strategy_id": "two"}])
            until(lambda: "first" in out.read_text())
            (folder / "trader-2.log").replace(folder / "trader-2.log.1")
            said(folder / "trader-2.log", ["second", {"strategy_id": "four"}])
            until(lambda: "second" in out.read_text())
            said(folder / "trader-3.log", ["third", {"strategy_id": "four"}])
            until(lambda: "third" in out.read_text())
        finally:
            process.terminate()
    assert [line.split()[3] for line in out.read_text().splitlines()] == ["first", "second", "third"]


def test_a_line_in_pieces(tmp_path):
    """Half a line is none yet."""
    (tmp_path / "backfiller.log").write_bytes(b'{"event": "a", "ti')
    with closing(Files(tmp_path)) as files:
        assert [list(each) for each in files.logs()] == [[]]
        with (tmp_path / "backfiller.log").open("ab") as file:
            file.write(b'me": "2026"}\n')
        line = next(files.following())
    assert (line.when, line.event) == ("2026", {"event": "a", "time": "2026"})


class Said:
    """A container as the engine's client has it: it hands out what was said in pieces of any length."""

    def __init__(self, name, before, after=b""):
        self.name, self._before, self._after = name, before, after

    def logs(self, *, stream, follow):
        """In three pieces."""
        text = self._before + (self._after if follow else b"")
        return iter([text[:7], text[7:20], text[20:]])


def test_containers(capsys):
    """Whole lines, and followed from where they were: nothing is shown twice."""
    lines = [json.dumps({"event": name, "time": f"2026-01-0{day}"}).encode() for day, name in enumerate("abcd", 1)]
    found = Containers([Said("x", lines[0] + b"\n", lines[2] + b"\n"), Said("y", lines[1] + b"\n", lines[3])])
    assert [[line.event["event"] for line in each] for each in found.logs()] == [["a"], ["b"]]
    assert sorted(line.event["event"] for line in found.following()) == ["c", "d"]


def test_an_event_as_a_terminal_shows_it(capsys):
    """The program's own way, without colours."""
    log.configure("trader", terminal=True)
    structlog.get_logger().info("trade", price=2.5)
    (terminal,) = capsys.readouterr().err.splitlines()
    log.configure("trader", terminal=False)
    structlog.get_logger().info("trade", price=2.5)
    (line,) = read([capsys.readouterr().err.encode()])
    plain = re.sub(r"\x1b\[[0-9;]*m", "", terminal)
    assert log.readable(line.event).split()[1:] == plain.split()[1:]
