"""Users' kinds in processes that do not run them: asked in a child, or known from the database."""

from pathlib import Path

import pytest

from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from db.trading import plugin_kinds
from db.trading.plugin_kinds import StoredKind, StoredWarmup
from domain.errors import ConfigError
from domain.kind_description import dump
from domain.kinds import KindFailed
from runtime import plugin_process
from runtime.plugin_kinds import DescribedKinds, keep
from strategies import kinds
from tests.backfilling import until
from tests.kit.rows import changes

OWN = """\
import os, sys, time
from domain.kinds import Kind, Param
{before}
KIND = Kind(
    name={name}, doc="mine", params={{"n": Param(int, 3, "a number", 1, 9)}}, build=lambda params: None,
    warmup=lambda params: {warmup}, check=lambda params: {check},
)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of plugins."""
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


@pytest.fixture
def db(tmp_path):
    """A new database."""
    path = tmp_path / "trading.db"
    migrate(path, "simulated", any_filesystem=True)
    with connect(path, any_filesystem=True) as opened:
        yield opened


def write(folder, before="", name="'own'", warmup="params['n'] * 10", check="[]", file="own.py"):
    """A user's file."""
    (folder / file).write_text(OWN.format(before=before, name=name, warmup=warmup, check=check))
    return folder / file


GARBAGE = """\
for each in range(3, 64):
    try:
        os.write(each, b"7\\n")
    except OSError:
        pass
"""
NOISE = [
    "print('{\"answer\": 1}'); os.write(1, b'{}\\n'); sys.stderr.write('x' * 10**6)",
    "os.fork()",
    "os.close(0), os.close(1), os.close(2)",
    "sys.stdout = sys.stderr = None",
    "import threading; threading.Thread(target=time.sleep, args=(60,)).start()",
    "import atexit; atexit.register(time.sleep, 60)",
    "import signal; [signal.signal(each, signal.SIG_IGN) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU)]",
]


@pytest.mark.parametrize("before", NOISE)
def test_what_a_file_does_beside_its_answer_does_not_disturb(folder, capfd, before):
    """Its kind is known, its parameters are checked, and nothing of it is printed."""
    write(folder, before, check="[('n', 'odd')] if params['n'] % 2 else []")
    with DescribedKinds() as described:
        kinds.load([folder], described.define)
        (own,) = [each for each in kinds.load([folder], described.define).values() if each.origin]  # once more
        assert (own.name, own.doc, own.params["n"].high) == ("own", "mine", 9)
        assert (own.warmup({"n": 4}), own.check({"n": 4}), own.check({"n": 3})) == (40, [], [("n", "odd")])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("os._exit(7)", "own.py: ended its process with status 7"),
        ("while True: pass", "own.py: took longer than 1 s"),
        ("time.sleep(3600)", "own.py: took longer than 1 s"),
        ("os.kill(os.getpid(), 9)", "own.py: was ended by SIGKILL"),
        ("raise SystemExit(3)", "own.py:3: SystemExit: 3"),
        ("1 / 0", "own.py:3: ZeroDivisionError: division by zero"),
        (GARBAGE, "own.py: gave no answer that can be read"),
        ("x = bytearray(4 * 10**9)", "own.py:3: MemoryError"),
        ("open('big', 'wb').write(b'x' * 20_000_000)", "own.py:3: OSError"),
    ],
)
def test_a_file_that_gives_no_answer_costs_itself_only(folder, monkeypatch, before, told):
    """It is named, and the next file is asked."""
    monkeypatch.setattr(plugin_process, "LOADING", 1.0)
    monkeypatch.chdir(folder)
    write(folder, before)
    write(folder, name="'second'", file="second.py")
    with DescribedKinds() as described:
        found, troubles = kinds.survey([folder], described.define)
    assert set(found) == {*kinds.SHIPPED, "second"}
    assert [told in each for each in troubles] == [True]


@pytest.mark.parametrize("name", ["'own\\x1b[31m'", "7", "'x' * 101"])
def test_a_kind_that_cannot_be_named_is_refused(folder, name):
    """What comes from a user's code is text from outside."""
    file, told = write(folder, name=name), r"own\.py: its KIND cannot be described: name"
    with DescribedKinds() as described, pytest.raises(ConfigError, match=told):
        described.define(file)


@pytest.mark.parametrize(
    ("warmup", "told"),
    [
        ("-1", "says a warm-up of -1 bars"),
        ("10**9", "says a warm-up of"),
        ("2.5", "raised ValueError"),
        ("1 / 0", "raised ZeroDivisionError: division by zero"),
        ("os._exit(7)", "ended its process with status 7"),
        ("[][0]", "raised IndexError"),
    ],
)
def test_a_warm_up_is_a_number_of_bars(folder, warmup, told):
    """Anything else is told in words behind the name of the kind."""
    write(folder, warmup=warmup)
    with DescribedKinds() as described:
        own = described.define(folder / "own.py")
        with pytest.raises(KindFailed, match=told):
            own.warmup({"n": 1})


def test_a_file_that_hangs_is_not_asked_again(folder, monkeypatch):
    """Each of a hundred strategies would cost another ten seconds."""
    monkeypatch.setattr(plugin_process, "SECONDS", 1.0)
    hang = f"os.close(os.open({str(folder / 'asked')!r} + str(time.monotonic_ns()), os.O_CREAT)); time.sleep(3600)"
    write(folder, f"def hang():\n    {hang}", warmup="hang()")
    with DescribedKinds() as described:
        own = described.define(folder / "own.py")
        for number in range(1, 4):
            with pytest.raises(KindFailed, match="took longer than 1 s"):
                own.warmup({"n": number})
    assert len(list(folder.glob("asked*"))) == 1


def test_what_a_file_has_started_ends_with_its_process(folder):
    """Also where it sleeps in the background."""
    told = f"open({str(folder / 'child')!r}, 'w').write(str(child))"
    write(folder, f"if (child := os.fork()) == 0: time.sleep(3600)\n{told}")
    with DescribedKinds() as described:
        described.define(folder / "own.py")
    child = int((folder / "child").read_text())
    until(lambda: not alive(child))


def alive(pid):
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_trader_wrote_down_is_not_asked(folder, db):
    """Neither the kind nor the warm-up of a strategy that was taken on: the file may end whoever runs it. Other
    parameters, and another state of the file, are asked.
    """
    file = write(folder, f"if os.path.exists({str(folder / 'deadly')!r}): os._exit(7)")
    known = kinds.load([folder])
    plugin_kinds.keep(
        db,
        [StoredKind(known["own"].origin.digest, "own", dump(known["own"]))],
        [StoredWarmup(known["own"].origin.digest, '{"n": 4}', 40)],
        1,
    )
    (folder / "deadly").touch()
    with DescribedKinds(lambda: db.path) as described:
        own = described.define(file)
        assert (own.doc, own.params, own.exits) == (known["own"].doc, known["own"].params, known["own"].exits)
        assert (own.check({"n": 4}), own.warmup({"n": 4})) == ([], 40)
        with pytest.raises(KindFailed, match="status 7"):
            own.check({"n": 5})
    file.write_text(file.read_text() + "# edited\n")
    with DescribedKinds(lambda: db.path) as described, pytest.raises(ConfigError, match="status 7"):
        described.define(file)


def test_what_no_trader_can_have_written_is_not_believed(folder, db):
    """A row of nonsense: the file is asked."""
    file = write(folder)
    plugin_kinds.keep(db, [StoredKind(kinds.digest(file.read_bytes()), "own", '{"name": 7}')], [], 1)
    with DescribedKinds(lambda: db.path) as described:
        assert described.define(file).name == "own"


def test_the_newest_states_of_a_file_are_kept(folder, db):
    """Ten of each kind, with their warm-ups; what is known already is not written again."""
    for number in range(12):
        plugin_kinds.keep(db, [StoredKind(f"d{number}", "own", "{}")], [StoredWarmup(f"d{number}", "{}", 7)], number)
    before = changes(db)
    plugin_kinds.keep(db, [StoredKind("d11", "own", "{}")], [StoredWarmup("d11", "{}", 7)], 99)
    assert changes(db) == before
    assert [plugin_kinds.warmup(db, f"d{number}", "{}") for number in range(12)] == [None, None, *[7] * 10]
    keep(db, kinds.SHIPPED, [], 1)
    assert changes(db) == before
