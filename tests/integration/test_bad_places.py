"""Files where they cannot be, or must not: one sentence, the right exit status, and nothing is left behind."""

import os
import shutil
import subprocess
import sys

import pytest

from db.sqlite import backup
from db.sqlite.filesystem import COMPANY
from domain.errors import ConfigError
from tests.db_files import fresh
from tests.kit.rows import script

POWERLESS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")  # root may write anywhere
needs_setpriv = pytest.mark.skipif(
    not os.geteuid() and shutil.which("setpriv") is None, reason="root writes anywhere, and there is no setpriv"
)


def fleet(folder, *words, powerless=False, **more):
    """A verb in a process of its own, in `folder`."""
    before = POWERLESS if powerless and not os.geteuid() else ()
    (folder / "config" / "strategies").mkdir(parents=True, exist_ok=True)
    line = [*before, sys.executable, "-m", "fleet.cli", *words]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False, timeout=60, **more)


def listed(folder):
    """Everything in a folder but the configuration."""
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if "config" not in each.parts}


def told(done):
    """What a command said on stderr, in one line that is no traceback."""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@needs_setpriv
@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["up", "--database", "shut/x.db"], "shut/logs"),
        (["migrate", "--database", "shut/data/sub/x.db"], "shut/data"),
        (["restore", "copy.db", "--database", "shut/data/x.db"], "shut/data"),
        (["migrate", "--database", "shut/x.db"], "shut/x.db.lock"),
    ],
    ids=lambda each: " ".join(each[:3]) if isinstance(each, list) else "",
)
def test_a_folder_that_cannot_be_written(tmp_path, words, place):
    """What cannot be made, why, and what to do."""
    (tmp_path / "shut").mkdir(0o555)
    done = fleet(tmp_path, *words, powerless=True)
    assert done.returncode == 1
    assert f"{place}: Permission denied: check the permissions" in told(done)
    assert listed(tmp_path) == {"shut"}


@needs_setpriv
def test_a_folder_that_cannot_be_entered(tmp_path):
    """Whether a database is in it nobody knows."""
    (tmp_path / "shut").mkdir(0o600)
    done = fleet(tmp_path, "status", "--database", "shut/x.db", powerless=True)
    assert (done.returncode, "shut/x.db: Permission denied" in told(done)) == (1, True)


@pytest.mark.parametrize("verb", ["up", "migrate", "status"])
def test_a_file_in_the_place_of_a_folder(tmp_path, verb):
    """The command is wrong."""
    (tmp_path / "plain").touch()
    done = fleet(tmp_path, verb, "--database", "plain/x.db")
    assert (done.returncode, "plain" in told(done)) == (2, True)
    assert listed(tmp_path) == {"plain"}


@pytest.mark.parametrize("verb", ["migrate", "status", "restore"])
@pytest.mark.parametrize("place", ["/dev/null", "folder", "pipe"])
def test_no_file_is_no_database(tmp_path, verb, place):
    """Nor is anything made beside it."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    words = [verb, *(["copy.db"] if verb == "restore" else [])]
    done = fleet(tmp_path, *words, "--database", place)
    assert done.returncode == 2
    assert "is a folder" in told(done) or "is no regular file" in told(done)
    assert listed(tmp_path) == {"folder", "pipe"}
    assert not os.path.lexists("/dev/null.lock")


@pytest.mark.parametrize("verb", ["migrate", "status"])
@pytest.mark.parametrize("content", ["noise", "somebody else's"])
def test_a_file_that_is_no_database_of_a_fleet(tmp_path, verb, content):
    """Before a lock file is made beside it."""
    if content == "noise":
        (tmp_path / "x.db").write_bytes(os.urandom(5000))
    else:
        script(tmp_path / "x.db", "create table t (a)")
    done = fleet(tmp_path, verb, "--database", "x.db")
    assert (done.returncode, "name another file with --database" in told(done)) == (2, True)
    assert listed(tmp_path) == {"x.db"}


@pytest.mark.parametrize("ending", COMPANY)
def test_a_name_that_belongs_to_a_database(tmp_path, ending):
    """A copy called so would be its kill switch, or be played over it."""
    with fresh(tmp_path / "here") as db, pytest.raises(ConfigError, match="belongs to the database"):
        backup.back_up(db, db.path.with_name(f"other.db{ending}"), lambda _done, _pages: None)
    before = listed(tmp_path)
    for words in (["migrate"], ["restore", "copy.db"]):
        done = fleet(tmp_path, *words, "--database", f"here/other.db{ending}")
        assert (done.returncode, "belongs to the database" in told(done)) == (2, True)
    assert listed(tmp_path) == before


BYTES = b"\xff\xfe"


@pytest.mark.parametrize(
    "words",
    [["exit", "one", "--reason", BYTES], ["kill-switch", "on", "--reason", BYTES], ["report", "--strategy", BYTES],
     ["backup", BYTES], ["status", "--config", BYTES], [BYTES]],
    ids=lambda words: str(words[0]),
)  # fmt: skip
def test_bytes_that_are_no_text(tmp_path, words):
    """Nothing has been done when they are refused."""
    done = fleet(tmp_path, *words, *(["--database", "x.db"] if len(words) > 1 else []))
    assert (done.returncode, "'\\udcff\\udcfe' is no UTF-8" in done.stderr) == (2, True)
    assert listed(tmp_path) == set()


@pytest.mark.parametrize("name", [b"TRADEFLEET_DEFAULTS__LAST", b"TRADEFLEET_DATABASE", b"TRADEFLEET_\xff"])
def test_variables_that_are_no_text(tmp_path, name):
    """Ours only: what others are called is nothing to us."""
    mine = {**os.environb, b"OTHERS": BYTES}
    assert "UTF-8" not in fleet(tmp_path, "validate", "--offline", env=mine).stderr
    done = fleet(tmp_path, "validate", "--offline", env={**mine, name: BYTES})
    assert (done.returncode, "is no UTF-8" in done.stderr) == (2, True)
