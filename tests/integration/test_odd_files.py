"""Files in the place of others, and paths that no file system takes: every verb says what is wrong, none waits."""

import os

import pytest

from config.files import MEMORY
from config.settings import Supervision
from db.fleet import controls
from db.sqlite.connection import connect
from domain.errors import ConfigError, DatabaseLost
from fleet import cli
from fleet.screen import Screen
from fleet.up import only_supervisor
from runtime import agreement
from runtime.log_file import LogFile
from tests.trading import high, opened

GOOD = '{"start": 1700000000000, "origin": 1700000000000, "speed": 1}'
CLOCKS = ["", "[]", "\x00", GOOD.replace(": 1}", ": 0}"), '{"start": 1e999, "origin": 1, "speed": 1}', "[" * 200_000]


@pytest.fixture
def fleet(tmp_path):
    """A configuration and its database."""
    settings, db = opened(tmp_path, high())
    yield settings
    db.close()


def run(settings, *words):
    """A verb, with --database."""
    return cli.main([words[0], "--config", str(settings.directory), "--database", str(settings.database), *words[1:]])


@pytest.mark.parametrize("text", CLOCKS)
def test_a_clock_that_is_none_is_refused(fleet, tmp_path, capsys, text):
    """Used wrongly: 2, with the file's name."""
    (tmp_path / "clock").write_text(text)
    assert run(fleet, "migrate", "--clock", str(tmp_path / "clock")) == 2
    assert str(tmp_path / "clock") in capsys.readouterr().err


@pytest.mark.parametrize("make", [lambda file: None, os.mkdir, os.mkfifo, lambda file: file.symlink_to("/dev/zero")])
def test_a_clock_that_is_no_file_is_refused(fleet, tmp_path, capsys, make):
    """Missing, a folder, a pipe, a device."""
    make(tmp_path / "clock")
    assert run(fleet, "migrate", "--clock", str(tmp_path / "clock")) == 2
    assert str(tmp_path / "clock") in capsys.readouterr().err


def test_a_clock_is_taken(fleet, tmp_path):
    """One that is sound."""
    (tmp_path / "clock").write_text(GOOD)
    assert run(fleet, "migrate", "--clock", str(tmp_path / "clock")) == 0


@pytest.mark.parametrize("name", ["/", ".", "..", "a" * 300, "a" * 250, '"a\\0b"'])
@pytest.mark.parametrize("verb", ["validate", "status"])
def test_a_name_that_no_database_can_have(tmp_path, monkeypatch, verb, name):
    """In fleet.yaml it is a mistake of that file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "fleet.yaml").write_text(f"database: {name}\n")
    assert cli.main([verb]) == 2


@pytest.mark.parametrize("name", ["/", "a" * 300, "/".join(["a" * 200] * 30)])
def test_an_option_that_names_no_database(fleet, capsys, name):
    """Also a path that is too long as a whole."""
    assert cli.main(["status", "--config", str(fleet.directory), "--database", name]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("make", [os.mkfifo, lambda file: file.write_text("[" * 200_000)])
def test_the_note_of_the_last_database_may_be_anything(fleet, make):
    """It is replaced, and not waited for; beside a broken fleet.yaml it names nothing."""
    note = fleet.directory / MEMORY
    note.unlink(missing_ok=True)
    make(note)
    (fleet.directory / "fleet.yaml").write_text("series: {\n")
    assert cli.main(["status", "--config", str(fleet.directory)]) == 2
    agreement.remember_database(fleet.directory, fleet.database)
    assert str(fleet.database) in note.read_text()


def test_a_note_is_written_through_no_link(fleet, tmp_path):
    """What a link of its name leads to stays as it is."""
    note, victim = fleet.directory / MEMORY, tmp_path / "victim"
    note.unlink(missing_ok=True)
    victim.write_text("mine")
    note.symlink_to(victim)
    agreement.remember_database(fleet.directory, fleet.database)
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("make", [os.mkfifo, lambda file: file.symlink_to("victim")])
def test_the_supervisors_lock_and_logs_are_files(fleet, make):
    """A pipe or a link in their place is told, not waited for or emptied."""
    logs = fleet.database.parent / "logs"
    logs.mkdir(exist_ok=True)
    (logs / "victim").write_text("mine")
    make(logs / "supervisor.lock")
    with pytest.raises(ConfigError, match=r"supervisor.lock"), only_supervisor(fleet):
        pass
    assert (logs / "victim").read_text() == "mine"
    os.mkfifo(logs / "trader-1.log")
    with pytest.raises(ConfigError, match=r"trader-1.log"):
        LogFile(logs / "trader-1.log", Supervision().log_bytes).open()


def test_a_screen_that_fails_ends_no_fleet(fleet, monkeypatch):
    """It is logged and tried again; only a lost database is for the supervisor."""

    def raises(_):
        raise raised

    monkeypatch.setattr("fleet.screen.EVERY", 0.0)
    monkeypatch.setattr("db.reading.status.trades_after", lambda *_: raises(_))
    with Screen(fleet.database, "test") as screen:
        raised = ValueError("year 58386 is out of range")
        screen.show()
        raised = DatabaseLost("gone")
        with pytest.raises(DatabaseLost):
            screen.show()


def test_a_number_that_is_no_time_is_shown(fleet):
    """A row of the kill switch with nanoseconds in it."""
    with connect(fleet.database, any_filesystem=True) as db:
        controls.mirror(db, "news", 1_700_000_000_000_000_000)
    assert run(fleet, "status") in {0, 1}
