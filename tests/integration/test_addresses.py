"""An address in the place of a file, which would carry a password: refused with 2, and nothing of it is repeated."""

import subprocess
import sys

import pytest

from domain.paths import local
from fleet import cli
from fleet.verbs import VERBS
from trader import __main__ as trader

CANARY = "canary7pw"
ADDRESSES = (
    f"postgresql://{CANARY}:{CANARY}@host/db",
    f"postgresql://me:{CANARY} p?w{CANARY}@host/db",
    f"postgresql+psycopg:/me:{CANARY}@host/db",
    f"sqlite:////x/trading.db?key={CANARY}",
    f"file:trading.db?mode=ro&key={CANARY}",
    f"host=db user=me password={CANARY}",
    f"me:{CANARY}@host/db",
)
REST = {"why": ["one"], "chart": ["one"], "reset": ["one"],
        "import": ["x.csv"], "backup": ["x.db"], "restore": ["x.db"], "rename": ["one", "two"],
        "kill-switch": ["on"]}  # fmt: skip
FILES = [["backup"], ["restore"], ["import"], ["demo", "--replay"], ["migrate", "--clock"], ["status", "--config"],
         ["trade", "--replay", "--keep"]]  # fmt: skip


WITHOUT = {"ps", "scale", "restart", "init", "completion", "schema"}  # they open no database


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder without an engine, where the verbs are typed; nothing may be made in it."""
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    yield tmp_path
    made = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    assert set(made) <= {"config", "config/fleet.yaml"}


def status(run, words):
    """The exit status of a command, however it ends."""
    try:
        return run(words)
    except SystemExit as end:
        return end.code


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in WITHOUT])
@pytest.mark.parametrize("way", ["typed", "variable", "file"])
def test_a_server_is_refused_as_database(folder, monkeypatch, capsys, verb, way):
    """By every verb, in words that say what is supported and where the address came from."""
    words = [verb, *REST.get(verb, [])]
    for address in ADDRESSES:
        if way == "typed":
            words = [verb, "--database", address, *REST.get(verb, [])]
        elif way == "variable":
            monkeypatch.setenv("TRADEFLEET_DATABASE", address)
        else:
            (folder / "config" / "fleet.yaml").write_text(f"database: '{address}'\n")
            words = [verb, "--config", "config", *REST.get(verb, [])]
        assert status(cli.main, words) == 2
        told = "".join(capsys.readouterr())
        where = {"typed": "--database", "variable": "$TRADEFLEET_DATABASE", "file": "config/fleet.yaml:1: database"}
        assert where[way] in told
        assert "SQLite file, PostgreSQL and other servers are not supported" in told
        assert "canary" not in told


@pytest.mark.parametrize("words", FILES, ids=" ".join)
def test_an_address_is_refused_as_any_other_file(folder, capsys, words):
    """Whatever option it is given to; where the words are wrong they are not repeated as they are."""
    for address in ADDRESSES:
        assert status(cli.main, [*words, address]) == 2
        assert "must be a path" in capsys.readouterr().err
    assert status(cli.main, ["status", "--databse", ADDRESSES[0]]) == 2
    assert status(trader.main, ["--databse", ADDRESSES[0]]) == 2
    assert status(cli.main, [ADDRESSES[0]]) == 2
    assert "canary" not in capsys.readouterr().err


@pytest.mark.parametrize("module", ["trader", "backfiller", "fleet.health"])
def test_workers_refuse_it_too(folder, module):
    """As the processes that containers start."""
    env = {"TRADEFLEET_DATABASE": ADDRESSES[0], "PATH": ""}
    done = subprocess.run([sys.executable, "-m", module], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if module == "fleet.health" else 2)
    assert "TRADEFLEET_DATABASE must be a path" in done.stderr
    assert "canary" not in done.stdout + done.stderr


@pytest.mark.parametrize("text", ["data/trading.db", "/in/BTC:USDT 1h?.csv", "a@b/x.db", "C=1/user.db", "/x/y:z@1.db"])
def test_a_path_stays_a_path(text):
    """Signs that addresses have too."""
    assert str(local(text)) == text
