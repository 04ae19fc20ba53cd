"""A user's own kind in a real fleet: which processes run its file, and what they see there."""

import json
import shutil

import pytest

from tests.backfilling import simulator
from tests.typed_fleet import NOW, interrupted, typed, variables

CANARY = "canary7pw"
MARKING = '''
"""A kind that leaves a mark wherever its code runs: when its file is loaded, and at each question."""

import json
import os
import sys
import time
from pathlib import Path

from domain.kinds import Kind, Param
from domain.strategy import Signal


def mark(what):
    told = {{"what": what, "pid": os.getpid(), "argv": sys.argv, "environ": dict(os.environ)}}
    Path({folder!r}, f"{{os.getpid()}}-{{time.monotonic_ns()}}").write_text(json.dumps(told))


class Marking:
    warmup = 300

    def signal(self, indicators):
        mark("signal")
        return Signal(reason="none")


def warmup(params):
    mark("warmup")
    return params["bars"]


def check(params):
    mark("check")
    return []


mark("load")
KIND = Kind(
    name="marking", doc="leaves marks", params={{"bars": Param(int, 300, "bars before a decision", 2, 1000)}},
    build=lambda params: Marking(), warmup=warmup, check=check,
)
'''
OWN = """\
strategy_id: own
exchange: binance
symbol: SOL/USDT
timeframe: 1h
strategy: marking
params: { bars: 310 }
capital: 1000
"""
HOST, TRADER = "runtime/plugin_host.py", "trader/__main__.py"
IMPORT = "fleet import binance__SOL-USDT__4h.csv"  # refused: the candles here are simulated; the files are read before
CANDLES = "2024-01-01 00:00,1,2,1,2,3\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a fleet that has a kind of its own, and the environment of whoever types there."""
    folder = tmp_path_factory.mktemp("fleet") / "folder"
    with simulator(start=NOW, speed=1e-6) as running:
        environ = variables(running.url, folder.parent, "tcp://127.0.0.1:1") | {"MY_PASSWORD": CANARY}
        typed(f"fleet init {folder}", folder.parent, environ).check_returncode()
        for file in (folder / "config" / "strategies").glob("*.yaml"):
            file.unlink()
        (folder / "config" / "strategies" / "own.yaml").write_text(OWN)
        (folder / "config" / "mine").mkdir()
        (folder / "marks").mkdir()
        (folder / "config" / "mine" / "marking.py").write_text(MARKING.format(folder=str(folder / "marks")))
        with (folder / "config" / "fleet.yaml").open("a") as fleet:
            fleet.write("plugins: [mine]\n")
        (folder / "clock.json").write_text(json.dumps(running.clock.triple()))
        (folder / "binance__SOL-USDT__4h.csv").write_text(CANDLES)
        yield folder, environ


def marks(folder):
    """The marks that were left, which are taken away."""
    found = [json.loads(file.read_text()) for file in (folder / "marks").iterdir()]
    shutil.rmtree(folder / "marks")
    (folder / "marks").mkdir()
    return found


def programs(found):
    """What ran the file."""
    return {name for each in found for name in (HOST, TRADER) if each["argv"][0].endswith(name)} | {
        each["argv"][0] for each in found if not each["argv"][0].endswith((HOST, TRADER))
    }


def ran(place, line, status=0):
    """The marks that a command has left."""
    folder, environ = place
    done = typed(line, folder, environ)
    assert done.returncode == status, done.stderr
    return marks(folder)


def test_who_runs_a_users_file(place):
    """Before the first trader a child process with an empty environment, and a backfiller fetches what its strategy
    needs; then traders, which tell the others; after that nobody else, until the file is edited.
    """
    folder, environ = place
    lines = ["fleet migrate --clock clock.json", "fleet backfill --once", "fleet validate --offline", "fleet schema"]
    found = [each for line in lines for each in ran(place, line)] + ran(place, IMPORT, 2)
    assert programs(found) == {HOST}
    assert {name for each in found for name in each["environ"]} <= {"PATH", "LC_CTYPE"}
    assert ran(place, "fleet status") == ran(place, "fleet report") == ran(place, "fleet sql leaderboard") == []
    (stored,) = sql(folder, environ, "select candles from series_heads where symbol = 'SOL/USDT' and timeframe = '1h'")
    assert stored["candles"] >= 310 + 100
    assert interrupted("fleet up", folder, environ, ("backfiller", "trader")).returncode == 0
    up = marks(folder)
    assert programs(up) == {HOST, TRADER}
    assert {"signal", "load", "check"} <= {each["what"] for each in up if each["argv"][0].endswith(TRADER)}
    assert not [each for each in up if "MY_PASSWORD" in each["environ"]], "a secret of whoever typed `fleet up`"
    (kind,) = sql(folder, environ, "select name, description from plugin_kinds")
    assert (kind["name"], json.loads(kind["description"])["params"]["bars"]["high"]) == ("marking", 1000)
    assert sql(folder, environ, "select params, warmup from plugin_warmups") == [
        {"params": '{"bars": 310}', "warmup": 310}
    ]
    assert ran(place, "fleet migrate") == ran(place, "fleet backfill --once") == ran(place, IMPORT, 2) == []
    with (folder / "config" / "mine" / "marking.py").open("a") as file:
        file.write("# edited\n")
    assert programs(ran(place, "fleet backfill --once")) == {HOST}


def sql(folder, environ, query):
    """The rows of a query."""
    done = typed(f'fleet sql "{query}" --format json', folder, environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
