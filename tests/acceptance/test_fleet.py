"""The command as a person uses it: real processes, exit statuses, what is printed where."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backfilling import until
from tests.kit.rows import Error, rows

HOUSE = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DECISIONS = "select count(*) from decisions"
VERBS = ["demo", "up", "validate", "migrate", "backfill", "import", "trade", "status", "gaps", "report", "rename"]
VERBS += ["backup", "restore"]


def fleet(*words, cwd=HOUSE, **more):
    """The command, run to its end."""
    return subprocess.run(
        [BIN / "fleet", *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=90, check=False, **more
    )


def begin(*words, cwd=HOUSE, env=None):
    """The command, left running."""
    return subprocess.Popen(
        [BIN / "fleet", *map(str, words)],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def children(pid):
    """The processes that a process has started, and theirs."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [child for child, parent in pairs if parent == pid]
    return found + [each for child in found for each in children(child)]


def alive(pid):
    """Whether a process runs."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that was stopped once it had traded and decided enough: its database, and how it ended."""
    path = tmp_path_factory.mktemp("demo") / "trading.db"
    process = begin("demo", "--seconds", "600", "--database", path)
    try:
        until(lambda: traded_enough(path), 120)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=90)
    finally:
        ended(process)
    return path, subprocess.CompletedProcess(process.args, process.returncode, out)


def traded_enough(path):
    """Two trades, one of them an entry in time, and decisions of four strategies."""
    try:
        trades = rows(path, "select count(*), sum(side = 'buy') from trades")[0]
        return trades >= (2, 1) and rows(path, "select count(distinct strategy_id) from decisions")[0][0] >= 4
    except Error:
        return False


def ended(process):
    """Nothing of a command that was left running is there any more."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_the_demo_trades_and_reports(demo):
    """Several strategies on two exchanges; the report; what to type next."""
    path, done = demo
    assert done.returncode == 0, done.stdout
    assert "strategy_performance" in done.stdout
    assert f"fleet sql leaderboard --database {path}\n" in done.stdout
    assert re.search(r"first trade after \d+\.\d s", done.stdout)
    assert rows(path, "select count(*) from trades")[0][0] >= 2
    assert rows(path, "select count(distinct strategy_id) from decisions")[0][0] >= 4
    assert {row[0] for row in rows(path, "select distinct exchange from strategies")} == {"binance", "kraken"}


def test_the_demo_leaves_no_process(demo):
    """Nothing names its database any more."""
    path, _ = demo
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert str(path) not in entry.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_any_client_reads_the_reports(demo):
    """The views work in the stock library and through sqlite-utils."""
    path, _ = demo
    assert len(rows(path, "select * from strategy_performance")) == 7
    done = subprocess.run(
        [BIN / "sqlite-utils", path, "select strategy_id, total_trades from strategy_performance"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(json.loads(done.stdout)) == 7


@pytest.mark.parametrize("verb", ["status", "gaps", "report"])
def test_json_is_an_array_and_nothing_else(demo, verb):
    """For programs."""
    path, _ = demo
    done = fleet(verb, "--database", path, "--format", "json")
    assert isinstance(json.loads(done.stdout), list)


@pytest.mark.parametrize("form", ["csv", "md", "table"])
def test_other_formats(demo, form):
    """A header and a row for each strategy."""
    path, _ = demo
    done = fleet("report", "--database", path, "--format", form)
    assert done.returncode == 0
    assert len([line for line in done.stdout.splitlines() if "btc-bin-5m" in line]) == 1


def test_status_tells_what_is_stale(demo):
    """Nobody fills the demo's series any more: exit status 1."""
    path, _ = demo
    until(lambda: "stale" in fleet("status", "--database", path).stdout)
    assert fleet("status", "--database", path).returncode == 1


def test_an_unknown_strategy_is_told(demo):
    """On stderr, with status 2."""
    path, _ = demo
    done = fleet("report", "--database", path, "--strategy", "nix")
    assert (done.returncode, "nix" in done.stderr) == (2, True)


def test_renaming(demo, tmp_path):
    """Frees the id; the history follows."""
    path, _ = demo
    trades = rows(path, "select count(*) from trades where strategy_id = 'eth-bin-5m'")
    words = ("--config", HOUSE / "config" / "demo", "--database", path)
    assert fleet("rename", *words, "eth-bin-5m", "eth-old").returncode == 0
    assert rows(path, "select count(*) from trades where strategy_id = 'eth-old'") == trades
    assert fleet("rename", *words, "eth-old", "btc-bin-5m").returncode == 2
    assert fleet("rename", *words, "eth-old", "eth-bin-5m").returncode == 0


def test_real_and_simulated_data_never_mix(demo):
    """A trader of the real configuration refuses the demo's file."""
    path, _ = demo
    done = fleet("trade", "--database", path, "--all")
    assert done.returncode == 2
    assert "simulated" in done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_worth_reading(verb):
    """What it does, its options, its exit statuses."""
    done = fleet(verb, "--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 12
    assert "exit status" in done.stdout
    assert "--database" in done.stdout


@pytest.mark.parametrize(
    "words", [(), ("nix",), ("report", "--format", "xml"), ("demo", "--seconds", "-1"), ("import",), ("rename", "a")]
)
def test_wrong_use_is_status_two(words):
    """With a usage line."""
    done = fleet(*words)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_a_wrong_configuration_starts_nothing(tmp_path):
    """Every verb says what is wrong, where, and changes nothing."""
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "a.yaml").write_text("strategy_id: A!\n")
    for verb in ("validate", "migrate", "up", "trade", "backfill"):
        done = fleet(verb, "--config", tmp_path, "--database", tmp_path / "trading.db")
        assert done.returncode == 2
        assert "a.yaml:1: strategy_id" in done.stderr
    assert not (tmp_path / "trading.db").exists()


def test_a_missing_database_says_what_to_do(tmp_path):
    """Workers do not create it."""
    for verb in ("trade", "backfill", "status", "report"):
        done = fleet(verb, "--config", HOUSE / "config" / "demo", "--database", tmp_path / "trading.db")
        assert done.returncode == 2
        assert "fleet migrate" in done.stderr


def test_validate_without_internet_says_so():
    """Each strategy with its reason, status 1; offline it checks the files alone."""
    closed = dict.fromkeys(("BINANCE", "KRAKEN", "COINBASE"), "http://127.0.0.1:9")
    variables = {f"TRADEFLEET_EXCHANGES__{name}__BASE_URL": url for name, url in closed.items()}
    done = fleet("validate", "--database", "/nonexistent/trading.db", env=os.environ | variables)
    assert done.returncode == 1
    assert "binance: markets" in done.stdout
    assert fleet("validate", "--offline", "--database", "/nonexistent/trading.db").returncode == 0


@pytest.fixture
def running(tmp_path):
    """A fleet of the demo that runs until the test ends it: its process and its database."""
    path = tmp_path / "trading.db"
    process = begin("demo", "--seconds", "120", "--database", path)
    until(lambda: path.exists() and len(workers(path)) >= 3)
    yield process, path
    ended(process)


def workers(path):
    """The processes that have told that they live."""
    try:
        return rows(path, "select room, pid from workers")
    except Error:
        return []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_drains(running, number):
    """Exit status 0, the report printed, no process left."""
    process, _ = running
    family = children(process.pid)
    process.send_signal(number)
    out, _ = process.communicate(timeout=90)
    assert process.returncode == 0
    assert "strategy_performance" in out
    assert len(family) >= 4
    assert not [pid for pid in family if alive(pid)]


def test_a_killed_supervisor_leaves_no_orphan(running):
    """kill -9: the processes notice by themselves."""
    process, _ = running
    family = children(process.pid)
    process.kill()
    process.wait()
    until(lambda: not [pid for pid in family if alive(pid)])


def test_what_dies_is_started_again(running):
    """With back-off; the others go on; nothing is traded twice."""
    process, path = running
    victims = dict(workers(path))
    for room in ("backfiller", "trader"):
        os.kill(victims[room], signal.SIGKILL)
    until(lambda: {pid for _, pid in workers(path)}.difference(victims.values()).__len__() >= 2)
    before = rows(path, DECISIONS)[0][0]
    until(lambda: rows(path, DECISIONS)[0][0] > before + 5)
    assert process.poll() is None


def test_a_person_is_obeyed_within_a_second(running):
    """Whatever is held is sold, nothing is entered any more; the real traders hear of it through the file."""
    _, path = running
    words = ("--config", HOUSE / "config" / "demo", "--database", path)
    held = "select count(*) from positions where entry_timestamp is not null"
    until(lambda: rows(path, held)[0][0] > 0)
    assert fleet("kill-switch", *words, "on", "--reason", "a test").returncode == 0
    assert fleet("exit", *words, "--all").returncode == 0
    until(lambda: rows(path, held) == [(0,)])
    entries = rows(path, "select count(*) from trades where side = 'buy'")
    decided = rows(path, DECISIONS)[0][0]
    until(lambda: rows(path, DECISIONS)[0][0] > decided + 20)
    assert rows(path, "select count(*) from trades where side = 'buy'") == entries
    assert "a test" in fleet("status", "--database", path).stdout


def test_up_without_internet_waits_and_says_so(tmp_path):
    """It backs off, keeps trying, and stops when asked; a second one beside it is refused and told of the first."""
    variables = {
        f"TRADEFLEET_EXCHANGES__{name}__BASE_URL": "http://127.0.0.1:9" for name in ("BINANCE", "KRAKEN", "COINBASE")
    }
    config = {"TRADEFLEET_ANY_FILESYSTEM": "true"}
    process = begin("up", "--database", tmp_path / "trading.db", env=os.environ | variables | config)
    try:
        log = tmp_path / "logs" / "backfiller.log"
        until(lambda: log.exists() and log.read_text().count("cannot be reached") >= 3)
        second = fleet("up", "--database", tmp_path / "trading.db", env=os.environ | variables | config)
        assert (second.returncode, f"process {process.pid} on" in second.stderr) == (2, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
