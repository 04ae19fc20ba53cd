"""A database in a folder that may only be read: reports are what they are elsewhere, or a sentence says why not."""

import json
import shutil
from contextlib import closing

import pytest

from db.sqlite.connection import connect, connect_readonly
from db.sqlite.still import IMMUTABLE, Still
from domain.errors import Forbidden, Unavailable
from tests.integration.test_bad_places import fleet, listed, needs_setpriv, told
from tests.kit.rows import opened
from tests.replayed import STRATEGY, walked, waves

QUESTIONS = [
    ["report", "--format", "json"],
    ["report", "--view", "round_trips", "--since", "7d", "--format", "json"],
    ["status", "--format", "json"],
    ["gaps", "--format", "json"],
    ["sql", "--format", "json", "select count(*), sum(pnl) from trades"],
    ["trade", "--replay", "--format", "json"],
]
PNL = "select sum(pnl) from trades"


@pytest.fixture(scope="module")
def traded(tmp_path_factory):
    """A strategy that traded for twenty days; everybody has closed the database."""
    strategy = STRATEGY.format(name="plain", symbol="BTC/USDT", capital=1000)
    return walked(tmp_path_factory.mktemp("traded"), [strategy], {"BTC/USDT": waves(480)})


@pytest.fixture
def shut(tmp_path, traded):
    """A folder with a copy of it, in which nothing can be made."""
    folder = tmp_path / "shut"
    folder.mkdir()
    shutil.copytree(traded.parent / "config", tmp_path / "config")
    shutil.copy(traded, folder / "x.db")

    def close():
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)

    yield folder, close
    folder.chmod(0o755)


@needs_setpriv
@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[0])
def test_a_report_is_the_same(tmp_path, traded, shut, words):
    """As in a folder where SQLite may make what it needs; nothing is made here."""
    _, close = shut
    close()
    answers = []
    for path in (traded, "shut/x.db"):
        done = fleet(tmp_path, words[0], "--database", path, *words[1:], powerless=True)
        assert done.returncode == (1 if words[0] == "status" else 0), done.stderr  # its series is stale
        answers.append(json.loads(done.stdout))
    assert answers[0] == answers[1]
    assert {each for each in listed(tmp_path) if "shut/" in each} == {"shut/x.db"}


@needs_setpriv
def test_what_was_written_last_is_not_left_out(tmp_path, shut):
    """Where it lies in the -wal still, and the -shm is missing: refused, with what to do. With both it is read."""
    folder, close = shut
    path = folder / "x.db"
    with closing(opened(path, "rw")) as writer:
        writer.execute("update trades set pnl = 1")
        expected = writer.execute(PNL).fetchone()[0]
        for ending in ("-wal", "-shm"):
            shutil.copy(f"{path}{ending}", folder / f"y.db{ending}")
        shutil.copy(path, folder / "y.db")
    (folder / "z.db").write_bytes((folder / "y.db").read_bytes())
    (folder / "z.db-wal").write_bytes((folder / "y.db-wal").read_bytes())
    close()
    words = ["sql", "--format", "csv", PNL]
    done = fleet(tmp_path, *words, "--database", "shut/z.db", powerless=True)
    assert done.returncode == 1
    assert "shut/z.db: what was written last lies in z.db-wal still" in told(done)
    done = fleet(tmp_path, *words, "--database", "shut/y.db", powerless=True)
    assert (done.returncode, done.stdout) == (0, f"sum(pnl)\n{expected}\n"), done.stderr


@needs_setpriv
def test_beside_a_running_fleet(tmp_path, shut):
    """Whoever writes has made both: the newest commit is seen."""
    folder, close = shut
    with connect(folder / "x.db", any_filesystem=True) as db:
        close()
        for name in ("one", "two"):
            with db.write() as tx:
                tx.run("meta_write", key="clock", value=name)
            words = ["--format", "csv", "select value from meta where key = 'clock'"]
            done = fleet(tmp_path, "sql", "--database", "shut/x.db", *words, powerless=True)
            assert (done.returncode, done.stdout) == (0, f"value\n{name}\n"), done.stderr


def test_a_file_that_is_written_meanwhile_is_told(tmp_path, shut):
    """By somebody who may write where this one may not: an answer may be of two moments, and is not given."""
    folder, _ = shut
    path = folder / "x.db"
    still = Still.of(path, Forbidden("not to be opened"))
    still.refuse_changed()
    with connect(path, any_filesystem=True) as db, db.write() as tx:
        tx.run("meta_write", key="clock", value="now")
    with pytest.raises(Unavailable, match="was written while it was read: ask again"):
        still.refuse_changed()
    assert IMMUTABLE.startswith("ro&")


@needs_setpriv
def test_a_wal_that_may_not_be_read(tmp_path, shut):
    """Of another user who writes just now: it is not taken for a file at rest."""
    folder, _ = shut
    with connect(folder / "x.db", any_filesystem=True):
        wal, shm = folder / "x.db-wal", folder / "x.db-shm"
        assert (wal.exists(), wal.stat().st_size) == (True, 0)
        for file in (wal, shm):
            file.chmod(0)
        folder.chmod(0o555)
        done = fleet(tmp_path, "report", "--database", "shut/x.db", powerless=True)
        assert done.returncode == 1
        assert "x.db-wal and x.db-shm must be readable too" in told(done)


def test_a_folder_that_may_be_written_is_read_as_ever(shut):
    """With SQLite's locks."""
    folder, _ = shut
    with connect_readonly(folder / "x.db") as db:
        assert db._still is None
        assert (folder / "x.db-shm").exists()
