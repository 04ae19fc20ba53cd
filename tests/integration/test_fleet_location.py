"""Verbs act where workers live: over a real database here, beside an engine that lists containers."""

import hashlib
import json

import pytest

from config import files
from db.fleet import controls
from db.fleet.controls import halt_file
from db.sqlite.connection import connect
from db.sqlite.migrate import migrate
from fleet import cli
from runtime import clock, heartbeat
from tests.docker_engine import container, standing
from tests.trading import assigned, high, living, opened


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of a fleet, where the verbs are typed; no engine but the one of the test."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "fleet.yaml").write_text("any_filesystem: true\n")
    monkeypatch.chdir(tmp_path)
    for name in ("COMPOSE_PROJECT_NAME", "COMPOSE_FILE", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    return tmp_path


@pytest.fixture
def engine(folder, monkeypatch):
    """An engine in which the workers of this folder's project run."""
    with standing([container(service, "bots", str(folder)) for service in ("backfiller", "trader")]) as found:
        monkeypatch.setenv("DOCKER_HOST", found.address)
        yield found


@pytest.fixture
def left(folder):
    """The database of an earlier fleet here; nobody lives in it."""
    migrate(folder / "data" / "trading.db", "real", any_filesystem=True)
    return folder / "data" / "trading.db"


@pytest.fixture
def followed(left):
    """The same with a worker that lives."""
    with connect(left, any_filesystem=True) as db:
        living(db, heartbeat.worker("trader"), clock.now_ms())
    return left


ON = ["fleet", "kill-switch", "on"]


def test_a_leftover_database_does_not_hide_the_containers(engine, left, capsys):
    """The verb is carried out where workers live, and says so."""
    assert cli.main(["kill-switch", "on"]) == 1  # the stand-in runs nothing
    assert engine.asked == [ON, ON]
    assert not halt_file(left).exists()
    assert "no worker lives in data/trading.db: asking the containers of the project bots" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["pause", "--all"], ["kill-switch", "off"], ["exit", "one"], ["rename", "a", "b"]])
def test_what_could_mean_two_fleets_is_refused(engine, followed, capsys, words):
    """Both are named, and nothing is done."""
    halt_file(followed).touch()
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert "--database data/trading.db or --project bots" in told
    assert (engine.asked, halt_file(followed).exists()) == ([], True)


def test_the_kill_switch_is_turned_on_everywhere(engine, followed):
    """Here too, though the containers refuse; the status says that one of them did not."""
    assert cli.main(["kill-switch", "on"]) == 1
    assert halt_file(followed).exists()
    assert ON in engine.asked


def test_whoever_names_the_database_means_it(engine, followed, capsys):
    """No engine is asked."""
    assert cli.main(["kill-switch", "on", "--database", str(followed)]) == 0
    assert f"kill switch on in {followed}" in capsys.readouterr().out
    assert engine.asked == []


def test_whoever_names_the_demo_means_containers(engine, followed):
    """Also where a database is here; the demo does not run."""
    assert cli.main(["kill-switch", "on", "--demo"]) == 1
    assert (engine.asked, halt_file(followed).exists()) == ([], False)


def test_the_living_here_are_meant_where_nothing_else_runs(engine, followed, capsys):
    """Containers of other folders are none of ours, however they are called."""
    engine.containers = [container("trader", followed.parents[1].name, "/elsewhere")]
    for switch in ("on", "off"):
        assert cli.main(["kill-switch", switch]) == 0
        assert engine.asked == []
        assert "in data/trading.db lives 1 worker" in capsys.readouterr().err


def test_where_nobody_lives_it_is_written_and_told(engine, left, capsys):
    """It counts for whoever starts there."""
    engine.containers = []
    assert cli.main(["kill-switch", "on"]) == 0
    assert halt_file(left).exists()
    assert "no worker lives in data/trading.db: nobody follows it" in capsys.readouterr().err


def test_a_database_that_is_gone_is_put_back(folder, left, capsys, monkeypatch):
    """Its main use, as it is advised: without --database. The other verbs name it."""
    monkeypatch.delenv("DOCKER_HOST")
    monkeypatch.setattr("fleet.docker_engine.running", list)
    assert cli.main(["backup", str(folder / "kept.db")]) == 0
    assert "no worker lives" not in capsys.readouterr().err
    left.unlink()
    for verb in (["status"], ["pause", "--all"], ["backup", "other.db"]):
        assert cli.main(verb) == 2
        told = capsys.readouterr().err
        assert "`fleet restore FILE`" in told
        assert "`fleet up` makes it" not in told
    for status, file in ((2, "missing.db"), (0, "kept.db"), (2, "missing.db")):
        assert cli.main(["restore", str(folder / file)]) == status
        assert "no worker lives" not in capsys.readouterr().err
    assert cli.main(["report"]) == 0


def test_containers_on_the_very_file_are_no_other_fleet(engine, followed):
    """Its folder is mounted into them."""
    mount = {"Type": "bind", "Source": str(followed.parent), "Destination": "/data", "RW": True}
    engine.containers = [container("trader", "bots", str(followed.parents[1]), Mounts=[mount])]
    with connect(followed, any_filesystem=True) as db:
        controls.halt(db, "news", 1)
        assert cli.main(["kill-switch", "off"]) == 0
        assert controls.load(db) == {}


def test_an_engine_that_does_not_answer_is_not_an_empty_one(folder, capsys):
    """It is told instead of advising to make a database."""
    for verb in (["status"], ["pause", "--all"], ["kill-switch", "on"], ["ps"], ["scale", "2"]):
        assert cli.main(verb) == 1
        told = capsys.readouterr().err
        assert "the Docker engine (is it running, and may you use it?) does not answer" in told
        assert "migrate" not in told


def test_an_engine_that_does_not_answer_leaves_it_open(left, capsys):
    """The database here is halted; that containers may go on is told, and the status is bad."""
    assert cli.main(["kill-switch", "on"]) == 1
    assert halt_file(left).exists()
    assert "whether containers of this folder run is not known" in capsys.readouterr().err


def test_an_engine_that_a_context_names_is_asked(engine, folder, monkeypatch, capsys):
    """As `docker` itself would; one that is not there is told."""
    meta = folder / "docker" / "contexts" / "meta" / hashlib.sha256(b"far").hexdigest() / "meta.json"
    meta.parent.mkdir(parents=True)
    endpoints = {"docker": {"Host": engine.address, "SkipTLSVerify": False}}
    meta.write_text(json.dumps({"Name": "far", "Metadata": {}, "Endpoints": endpoints}))
    (folder / "docker" / "config.json").write_text(json.dumps({"currentContext": "far"}))
    monkeypatch.setenv("DOCKER_CONFIG", str(folder / "docker"))
    monkeypatch.delenv("DOCKER_HOST")
    assert cli.main(["kill-switch", "on"]) == 1
    assert ON in engine.asked
    monkeypatch.setenv("DOCKER_CONTEXT", "near")
    assert cli.main(["kill-switch", "on"]) == 1
    assert "Docker context that is chosen does not exist" in capsys.readouterr().err


def test_several_projects_of_one_folder_are_told_apart(engine, left, capsys):
    """A pause is refused, the kill switch is for all of them."""
    engine.containers = [container("trader", name, str(left.parents[1])) for name in ("one", "two")]
    assert cli.main(["pause", "--all"]) == 2
    assert "one and two: say which" in capsys.readouterr().err
    assert cli.main(["kill-switch", "on"]) == 1
    assert engine.asked == [ON, ON]


def test_candles_do_not_go_where_nobody_lives(engine, left, capsys):
    """An import that the fleet would not see is refused, unless its database is named."""
    assert cli.main(["import", "binance__BTC-USDT__1h.csv"]) == 2
    assert "not reach" in capsys.readouterr().err


@pytest.mark.parametrize("files", ["docker-compose.yml", None])
def test_scaling_changes_the_project_that_runs(engine, folder, monkeypatch, files):
    """By its own name and files; backfiller and trader together."""
    asked = compose(folder, monkeypatch)
    (folder / "docker-compose.yml").touch()
    (folder / ".env").write_text("COMPOSE_PROJECT_NAME=other\n")
    for each in engine.containers if files else ():
        each["Labels"]["com.docker.compose.project.config_files"] = files
    assert cli.main(["scale", "3"]) == 0
    where = f"--project-directory {folder} -f {folder / files} " if files else ""
    assert asked() == f"-p bots {where}up -d --no-recreate --scale trader=3 backfiller trader"


def test_scaling_starts_nothing(engine, folder, monkeypatch, capsys):
    """Where no fleet runs it is refused: traders alone are none, and another name would make a second one."""
    asked = compose(folder, monkeypatch)
    engine.containers = [container("trader", "far", "/elsewhere")]
    assert cli.main(["scale", "3"]) == 2
    told = capsys.readouterr().err
    assert "docker compose up -d" in told
    assert "far (from /elsewhere)" in told
    assert asked() is None


def compose(folder, monkeypatch):
    """A stand-in for Compose; what it was asked."""
    program, note = folder / "bin" / "docker-compose", folder / "asked"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$*" > "{note}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    return lambda: note.read_text().strip() if note.exists() else None


def test_the_outcome_names_the_database(tmp_path, capsys):
    """Of every verb that steers."""
    settings, db = opened(tmp_path, high())
    assigned(settings, db)
    which = ["--config", str(settings.directory), "--database", str(settings.database)]
    for verb in ("pause", "resume", "stop", "start", "exit"):
        assert cli.main([verb, *which, "one"]) == 0
        assert f"(in {settings.database})" in capsys.readouterr().out
    db.close()


def test_a_single_errand_does_not_decide_which_database_is_meant(tmp_path):
    """A broken fleet.yaml means the one that last ran with it, not the one that was migrated on the way."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "fleet.yaml").write_text("environment: real\n")
    assert cli.main(["migrate", "--config", str(config), "--database", str(tmp_path / "other.db")]) == 0
    assert files.remembered(config) is None
