"""A short soak: nothing is violated; and the checker that says so finds every violation that is planted."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.rows import script
from tests.soak.checker import violations
from tests.soak.facts import Facts

pytestmark = pytest.mark.timeout(600)  # the soak is the fixture of the first
SEED = random.randrange(10**6)  # printed by the soak, so that a run that fails can be repeated
SHORT = ["--kills", "6", "--freezes", "2", "--minutes", "1.5", "--pause", "0.7", "--seed", str(SEED)]
VICTIM, *PLANTS = (Path(__file__).parents[1] / "soak" / "violations.sql").read_text().split("-- violation: ")
PLANTED = {plant.splitlines()[0]: plant for plant in PLANTS}


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """The folder that a short soak has left."""
    folder = tmp_path_factory.mktemp("soak")
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", *SHORT, "--keep", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def copy(left, tmp_path):
    """A copy of it, to plant something into; nothing is violated in it yet."""
    shutil.copytree(left, tmp_path / "copy")
    return tmp_path / "copy"


def test_nothing_is_violated(left):
    """Whatever happened."""
    assert {name: found for name, found in violations(Facts.load(left)).items() if found} == {}


@pytest.mark.parametrize("name", PLANTED)
def test_a_violation_in_the_database_is_found(copy, name):
    """By the check that it belongs to."""
    check = PLANTED[name].splitlines()[1].removeprefix("-- found by: ")
    script(copy / "trading.db", f"pragma foreign_keys = OFF;\n{VICTIM}{PLANTED[name].partition(chr(10))[2]}")
    assert violations(Facts.load(copy))[check]


def entries(folder):
    """The line of the journal that committed an entry, and its file."""
    for file in sorted((folder / "journal").glob("*.jsonl")):
        for line in file.read_text().splitlines():
            if '"purpose": "entry"' in line:
                return json.loads(line), file
    raise AssertionError("nobody entered")


def test_a_second_writer_under_one_epoch_is_found(copy):
    """Another process writes under the epoch of the holder."""
    line, file = entries(copy)
    file.with_name("999999.jsonl").write_text(json.dumps(line | {"t": line["t"] + 1}) + "\n")
    assert violations(Facts.load(copy))["one_writer_per_epoch"]


def test_an_entry_while_the_kill_switch_is_on_is_found(copy):
    """Two seconds after it was turned on."""
    line, _ = entries(copy)
    change(copy, ordered=[{"kind": "halt", "at": line["t"] - 2 * 10**9}, {"kind": "release", "at": line["t"] + 1}])
    assert violations(Facts.load(copy))["nobody_enters_while_halted"]


def test_an_entry_that_came_too_late_is_found(copy):
    """By an hour, as under a clock that had fallen behind."""
    told = json.loads((copy / "told.json").read_text())
    change(copy, clock=[told["clock"][0] + 3_600_000, *told["clock"][1:]])
    assert violations(Facts.load(copy))["no_entry_comes_too_late"]


def test_a_turn_that_failed_is_found(copy):
    """As a worker writes it."""
    said = {"event": "turn_failed", "exception": "Traceback (most recent call last):\nIndexError: out of range"}
    with (copy / "trader-1.log").open("a") as log:
        log.write(json.dumps(said) + "\n")
    assert violations(Facts.load(copy))["no_turn_fails"]


def change(folder, **changed):
    """What the harness has told, otherwise."""
    told = json.loads((folder / "told.json").read_text())
    (folder / "told.json").write_text(json.dumps(told | changed))
