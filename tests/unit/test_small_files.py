"""Small files that anybody may have made: read by one door, which waits for nobody and believes nothing."""

import ast
import os
from pathlib import Path

import pytest

from config import compose, files
from domain import clock_text
from domain.small_files import SIZE, Unfit, beginning, json_object, text_of
from tests.unit.test_architecture import HOUSE, MODULES

KINDS = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "long": lambda path: path.write_bytes(b"[" * (SIZE + 1)),
    "bytes": lambda path: path.write_bytes(b"\xff\xfe"),
}
DOORS = {
    "domain/small_files.py",
    "domain/catalogue.py",  # our own table
    "domain/exchanges.py",  # our own list
    "strategies/indicators_page.py",  # a page of docs/, where a developer asks for it
    "db/sqlite/private.py",  # makes new files
    "db/statements.py",  # our own SQL
    "db/sqlite/filesystem.py",  # the kernel's table of mounts
    "db/files/archive.py",  # candles to import: as large as half a gigabyte, and bounded
    "db/sqlite/restore.py",  # a backup, as large as it is; the lock on a database
    "db/sqlite/backup.py",  # syncs folders
    "exchange/simulated/replay.py",  # candles to serve
    "fleet/demo.py",  # the log that it has just made
    "fleet/starter_files.py",  # what is shipped, and new files
    "fleet/supervisor.py",  # runtime/log_file.py
    "runtime/log_file.py",
    "runtime/memory.py",  # the kernel's account of this process
    "runtime/sleep_time.py",  # the kernel's account of a thread
    "runtime/output.py",  # nowhere
    "runtime/process_place.py",  # the kernel's account of processes
    "runtime/plugin_host.py",  # nowhere
}
OPENING = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_small_file_of_text_is_refused(tmp_path, kind):
    """At once, with a word."""
    KINDS[kind](tmp_path / "file")
    with pytest.raises((Unfit, IsADirectoryError), match=r"no regular file|longer than|no UTF-8|Is a directory"):
        text_of(tmp_path / "file")


def test_a_link_is_followed_where_that_is_meant(tmp_path):
    """A configuration may be one; what nobody but us should have made may not."""
    (tmp_path / "file").write_text("text")
    (tmp_path / "link").symlink_to("file")
    assert text_of(tmp_path / "link") == "text"
    with pytest.raises(OSError, match="symbolic links"):
        text_of(tmp_path / "link", links=False)


def test_the_beginning_of_a_file_that_is_too_long(tmp_path):
    """What a broken fleet.yaml still says is looked for in it."""
    (tmp_path / "file").write_bytes(b"a" * 100)
    assert beginning(tmp_path / "file", 10) == b"a" * 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 200_000,
        '{"a":' * 200_000,
        "nul",
        "1e400",
        '{"a": 1e400}',
        '{"a": NaN}',
        f'{{"a": {"9" * 9_999}}}',
    ],
)
def test_json_that_is_no_object_of_finite_numbers(text):
    """One kind of error, whatever it is."""
    with pytest.raises(Unfit):
        json_object(text)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"start": 1, "origin": 1}',
        '{"start": 1e999, "origin": 1, "speed": 1}',
        '{"start": -1, "origin": 1, "speed": 1}',
        '{"start": 1, "origin": "1", "speed": 1}',
        '{"start": 1, "origin": 1e18, "speed": 1}',
        '{"start": 1, "origin": 1, "speed": -1}',
        '{"start": 1, "origin": 1, "speed": true}',
        '{"start": 1, "origin": 1, "speed": 1e9}',
        '{"start": 1, "origin": 1, "speed": 1, "until": "x"}',
        '{"start": 1, "origin": 1, "speed": 1, "file": 1}',
        '{"start": 1, "origin": 1, "speed": 1, "file": "clock"}',
    ],
)
def test_what_is_no_clock(text):
    """Numbers out of any year, and what is no number."""
    with pytest.raises(Unfit):
        clock_text.parse(text)


@pytest.mark.parametrize("kind", [*KINDS, "deep"])
def test_no_file_of_a_folder_is_waited_for_or_believed(tmp_path, kind):
    """The note of the last database, a broken fleet.yaml, Compose's variables."""
    make = KINDS.get(kind) or (lambda path: path.write_text("[" * 200_000))
    for name in (files.MEMORY, files.FLEET, ".env"):
        make(tmp_path / name)
    assert files.remembered(tmp_path) is None
    assert files.line(files.legible(tmp_path / files.FLEET), "database") is None
    assert compose.usual(tmp_path)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_one_door_opens_small_files(path):
    """Whoever opens a file otherwise is listed, with the reason."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    called = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in calls}
    assert str(path.relative_to(HOUSE)) in DOORS or not called & OPENING
