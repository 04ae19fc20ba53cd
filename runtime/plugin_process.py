"""A child process in which a user's Python is asked, by whoever may not run it: with an empty environment, confined.

What it answers is what somebody's code has written: it is read as text from outside, within a time limit, and nothing
else comes back.
"""

import json
import os
import pickle
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from domain.errors import ConfigError
from domain.kinds import KindFailed
from runtime import clock
from runtime.plugin_host import READY
from runtime.sleep_time import Sleep

SECONDS = 10.0  # computed or slept over one answer
LOADING = 30.0  # and over the first, for which a file is run: it may bring large libraries
STARTED = 120.0  # real seconds until the child must be ready: its libraries are loaded from a cold disk
PATIENCE = 12  # an answer may take so many times its seconds where the machine is busy
LOOK = 0.2  # seconds
LONGEST = 1_000_000  # bytes of an answer
TEXT = 2_000  # characters of a complaint
CHUNK = 65_536
NONE = ("refused", "failed")  # what stands there instead of an answer
UNREADABLE = "gave no answer that can be read"
ENVIRONMENT = {"PATH": os.defpath}  # all that the child has of one


class KindLost(KindFailed):
    """The child died over a question, took too long, or said what is no answer: it is gone, with all it had loaded."""


class PluginProcess:
    """The child: started at the first question, again where it has died over one, ended with its `with` block."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._questions = self._answers = -1
        self._unread = b""

    def __enter__(self) -> "PluginProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, question: str, *arguments: object, seconds: float | None = None, sleeps: bool = False) -> Any:
        """The answer to one of `plugin_answers.ANSWERS`: plain values, of which nothing is known yet.

        Raises KindFailed with what became of it, ConfigError with the complaint of a file that cannot be used. With
        `sleeps` it may sleep meanwhile: only real time is counted.
        """
        limit = SECONDS if seconds is None else seconds
        if self._child is None:
            self._start()
        try:
            with suppress(BrokenPipeError), os.fdopen(os.dup(self._questions), "wb") as pipe:
                pipe.write(pickle.dumps((question, limit, arguments)))
            found = _read(self._line(limit, sleeps=sleeps), more=bool(self._unread))
        except BaseException:  # also Ctrl-C: what it says later belongs to no question
            self._end()
            raise
        return _answer(found)

    def _start(self) -> None:
        """Start the child and wait until it is ready."""
        theirs, self._questions = os.pipe()
        self._answers, written = os.pipe()
        words = [sys.executable, "-P", "-m", "runtime.plugin_host", str(theirs), str(written)]
        self._child = subprocess.Popen(  # noqa: S603  our own interpreter and module
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT, pass_fds=(theirs, written),
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        os.close(written)
        self._unread = b""
        try:
            ready = self._line(STARTED, sleeps=True) == READY
        except BaseException:
            self._end()
            raise
        if not ready:
            self._end()
            raise KindLost("could not be asked: its process has not started")

    def _line(self, seconds: float, *, sleeps: bool) -> bytes:
        """The next line that it writes. Raises KindLost where none comes."""
        assert self._child is not None
        begun, longest = clock.steady_ms(), seconds * (1 if sleeps else PATIENCE)
        sleep = Sleep(Path(f"/proc/{self._child.pid}/schedstat"), 2 * LOOK * 1000)
        while b"\n" not in self._unread:
            if select.select([self._answers], [], [], LOOK)[0]:
                piece = os.read(self._answers, CHUNK)
                if not piece:
                    raise KindLost(self._died(seconds))
                self._unread += piece
            elif not sleeps and sleep.look() >= seconds * 1000:
                raise KindLost(f"took longer than {seconds:g} s")
            if clock.steady_ms() - begun > longest * 1000:
                raise KindLost(f"took longer than {longest:g} s")
            if len(self._unread) > LONGEST:
                raise KindLost(f"answered more than {LONGEST:,} bytes")
        line, _, self._unread = self._unread.partition(b"\n")
        return line + b"\n"

    def _died(self, seconds: float) -> str:
        """What has become of a child whose end of the pipe is closed."""
        assert self._child is not None
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1)
        status = self._child.returncode
        if status is None or status >= 0:
            return f"ended its process{'' if status is None else f' with status {status}'}"
        number = signal.Signals(-status)
        return f"took longer than {seconds:g} s" if number is signal.SIGXCPU else f"was ended by {number.name}"

    def _end(self) -> None:
        """End the child and whatever it has started, and close what leads to it."""
        if self._child is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)  # its own session
        self._child.wait()
        os.close(self._questions)
        os.close(self._answers)
        self._child = None


def _read(line: bytes, *, more: bool) -> dict[str, Any]:
    """What a line says. Raises KindLost where it is none that `plugin_answers` writes, or `more` came behind it."""
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
        if (
            not more
            and isinstance(found, dict)
            and ("answer" in found or any(isinstance(found.get(each), str) for each in NONE))
        ):
            return found
    raise KindLost(UNREADABLE)


def _answer(found: dict[str, Any]) -> Any:
    """The answer. Raises KindFailed where it says that there is none, ConfigError where the file is of no use."""
    if "answer" in found:
        return found["answer"]
    if "refused" in found:
        raise ConfigError(str(found["refused"])[:TEXT])
    raise KindFailed(str(found["failed"])[:TEXT])
