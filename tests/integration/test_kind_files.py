"""Users' files of kinds, run where a trader runs them: what each defines, and what is said of one that is of no use."""

import hashlib
import math
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from domain.errors import ConfigError
from strategies.indicators import Indicators
from strategies.kinds import SHIPPED, atr, load, place, raised, run, survey
from tests.kit.candles import closes, window

HOUSE = Path(__file__).resolve().parents[2]
OWN = textwrap.dedent("""
    from domain.kinds import Kind, Param
    from strategies import rsi

    def built(params):
        return rsi.KIND.build({"length": params["length"]})

    KIND = Kind(name="own", doc="mine", params={"length": Param(int, 14, "")}, build=built, warmup=lambda params: 14)
""")


@pytest.fixture
def folder(tmp_path):
    """A folder with a kind of one's own."""
    (tmp_path / "own.py").write_text(OWN)
    return tmp_path


def test_a_file_defines_a_kind(folder):
    """Which knows where it comes from, and what stood there; the shipped ones are there as well."""
    kind = run(folder / "own.py")
    assert (kind.name, kind.params["length"].default, kind.warmup({})) == ("own", 14, 14)
    assert kind.origin == (folder / "own.py", hashlib.sha256(OWN.encode()).hexdigest())
    assert load([folder]).keys() == {*SHIPPED, "own"}
    assert load([]) == SHIPPED


@pytest.mark.parametrize(("own", "loaded"), [("import pandas\n", {"pandas"}), ("", set())])
def test_pandas_comes_without_pyarrow_to_a_file_that_asks_for_it(folder, own, loaded):
    """36 MB that no trader needs; a file that does without has none of either."""
    file = folder / "own.py"
    file.write_text(f"{own}{OWN}")
    code = f"import sys; from pathlib import Path; from strategies.kinds import run; run(Path({str(file)!r}))"
    told = f"{code}; print(*{{'pandas', 'pyarrow'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", told], cwd=HOUSE, check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) == loaded


def test_an_edit_is_read_whatever_its_second_and_size(folder):
    """Compiled files are known by both; none is written."""
    file = folder / "own.py"
    before = file.stat()
    run(file)
    file.write_text(OWN.replace('"own"', '"new"'))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert run(file).name == "new"
    assert list(folder.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "{file}: defines no KIND; see docs/strategies.md, Your own"),
        ("KIND = 'own'", "{file}: defines no KIND"),
        ("\n\nKIND =", "{file}:3: SyntaxError: invalid syntax"),
        ("\nraise ValueError('no such length')", "{file}:2: ValueError: no such length"),
        ("import json\n\n\njson.loads('x')", "{file}:4: JSONDecodeError: "),
        ("raise SystemExit(3)", "{file}:1: SystemExit: 3"),
        (OWN.replace('"own"', '"rsi"'), "{file}: the kind rsi exists already; choose another name"),
    ],
)
def test_a_file_of_no_use_costs_itself_only(folder, text, told):
    """It is said where it failed; the other kinds are there."""
    file = folder / "wrong.py"
    file.write_text(text)
    kinds, (trouble,) = survey([folder])
    assert trouble.startswith(told.format(file=file))
    assert kinds.keys() == {*SHIPPED, "own"}
    assert kinds["rsi"].origin is None
    with pytest.raises(ConfigError, match=file.name):
        load([folder])


def test_of_two_files_with_one_name_the_first_counts(folder):
    """In the order of their names."""
    (folder / "zwo.py").write_text(OWN)
    kinds, (trouble,) = survey([folder])
    assert kinds["own"].origin.file == folder / "own.py"
    assert trouble == f"{folder / 'zwo.py'}: the kind own exists already; choose another name"


def test_hidden_files_are_somebody_elses(folder):
    """An editor's, or a Mac's; what is no Python is none of ours either."""
    (folder / ".own.py").write_text("raise ValueError")
    (folder / "own.txt").write_text("raise ValueError")
    assert survey([folder])[1] == []


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo])
def test_what_is_no_regular_file_is_not_waited_for(folder, make):
    """A folder, or a pipe into which nobody writes."""
    make(folder / "other.py")
    kinds, troubles = survey([folder])
    assert ("own" in kinds, troubles) == (True, [f"{folder / 'other.py'}: is no regular file"])


def test_an_error_is_placed_where_the_users_own_line_is(folder):
    """The innermost of theirs; in other folders, and before it was raised, it has no place."""
    with pytest.raises(KeyError) as caught:
        run(folder / "own.py").build({})
    assert place(caught.value, [folder / "none", folder]) == f"{folder / 'own.py'}:6"
    assert raised(caught.value, [folder]) == f"raised KeyError: 'length' at {folder / 'own.py'}:6"
    assert place(caught.value, [folder / "none"]) is None
    assert raised(ValueError("no"), [folder]) == "raised ValueError: no"


def test_the_newest_atr():
    """A true range of 1 on every bar; undefined where there are too few."""
    seen = Indicators(window(closes(*[100.0] * 30)))
    assert (atr(seen, 14), math.isnan(atr(seen, 30))) == (1.0, True)
