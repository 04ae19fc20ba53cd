"""Questions that are answered in a child process, which they may take down with it."""

import os
import pickle
import select
import signal
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO, FileIO
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from runtime import clock
from runtime.sleep_time import Sleep

WAIT = 0.5  # seconds
CHUNK = 65_536  # bytes
KEPT = 3  # descriptors: stdin, stdout, stderr
ACTIONS = {  # of the child: its time ends it; whoever stops the fleet does not mean a question
    signal.SIGPROF: signal.SIG_DFL,
    signal.SIGINT: signal.SIG_IGN,
    signal.SIGTERM: signal.SIG_IGN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """Why a question has none: in words, with the traceback where there is one.

    `ended_by`: the signal that ended the child, None where the question raised.
    """

    reason: str
    traceback: str = ""
    ended_by: signal.Signals | None = None


def answers(
    questions: Sequence[Callable[[], object]], seconds: float, until_ms: int, waiting: Callable[[], object]
) -> list[Any]:
    """What each of them returns, asked in order; NoAnswer for one that raises.

    There are fewer answers than questions where the steady clock has passed `until_ms` (one is always asked), or where
    the child has died over one: then the last one is its NoAnswer. Each may take `seconds`, computed or slept, which
    may be long on a busy machine: `waiting` is called every half a second of real time. Answers are pickled.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: numpy's own, which are used to forks
        child = os.fork()
    if child == 0:
        _answer(questions, seconds, until_ms, writer)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            found = _received(BytesIO(_read(pipe, _ChildWatch(child, seconds, waiting))))
    except BaseException:  # such as Ctrl-C: nobody is left to end a child that sleeps
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if len(found) < len(questions) and (status or not found):
        found.append(_died(status))
    return found


def _answer(questions: Sequence[Callable[[], object]], seconds: float, until_ms: int, writer: int) -> NoReturn:
    """The child's whole life. Nothing of its parent's is touched: no file, no lock, no handler at the end."""
    try:
        os.dup2(writer, KEPT)
        os.closerange(KEPT + 1, os.sysconf("SC_OPEN_MAX"))
        for number, action in ACTIONS.items():
            signal.signal(number, action)
        with os.fdopen(KEPT, "wb") as pipe:
            for question in questions:
                signal.setitimer(signal.ITIMER_PROF, seconds)
                pipe.write(_pickled(question))
                pipe.flush()
                if clock.steady_ms() >= until_ms:
                    break
        os._exit(0)
    finally:
        os._exit(1)


def _pickled(question: Callable[[], object]) -> bytes:
    """An answer on its way."""
    try:
        return pickle.dumps(question())
    except BaseException as error:  # noqa: BLE001  whatever it raises, SystemExit too, is its answer
        return pickle.dumps(NoAnswer(reason=f"{type(error).__name__}: {error}", traceback=traceback.format_exc()))


class _ChildWatch:
    """What is to be done while a child works: call `waiting`, and end the child where it sleeps over one answer."""

    def __init__(self, child: int, seconds: float, waiting: Callable[[], object]) -> None:
        self._child, self._seconds, self._waiting = child, seconds, waiting
        self.answered()

    def answered(self) -> None:
        """The child goes on to the next question."""
        self._sleep = Sleep(Path(f"/proc/{self._child}/schedstat"), 2 * WAIT * 1000)

    def look(self) -> None:
        """Half a second without an answer has passed."""
        self._waiting()
        if self._sleep.look() >= self._seconds * 1000:
            os.kill(self._child, signal.SIGPROF)


def _read(pipe: FileIO, watch: _ChildWatch) -> bytes:
    """All that comes until the pipe ends."""
    found, piece = b"", None
    while piece != b"":
        if select.select([pipe], [], [], WAIT)[0]:
            piece = pipe.read(CHUNK) or b""
            found += piece
            watch.answered()
        else:
            watch.look()
    return found


def _received(pipe: BinaryIO) -> list[Any]:
    """All whole answers."""
    found: list[Any] = []
    while True:
        try:
            found.append(pickle.load(pipe))  # noqa: S301  our own child's
        except (EOFError, pickle.UnpicklingError):
            return found


def _died(status: int) -> NoAnswer:
    """The end of a child that had more to answer."""
    if status >= 0:
        return NoAnswer(reason=f"its process ended with status {status}")
    number = signal.Signals(-status)
    return NoAnswer(reason=f"its process was ended by {number.name}", ended_by=number)
