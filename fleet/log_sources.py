"""Where the logs of a fleet are: files beside the database, or what containers say."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, NamedTuple, Protocol

from domain.errors import FleetError
from domain.small_files import Unfit, json_object, opened
from runtime.log import WHEN

NAMES = ("backfiller", "trader-*")  # the processes of `fleet up`
EVERY = 0.2  # seconds between two looks at files that are followed


class Line(NamedTuple):
    """A line of a log, with its event if it is one; `when` (UTC, ISO 8601) it was said, or else the one before."""

    when: str
    text: str
    event: dict[str, Any] | None = None


class Source(Protocol):
    """The logs of several processes."""

    def logs(self) -> Iterable[Iterator[Line]]:
        """What each of them has said so far."""

    def following(self) -> Iterator[Line]:
        """What they say from then on, as it comes."""

    def close(self) -> None:
        """Give back what is open."""


def read(texts: Iterable[bytes], when: str = "") -> Iterator[Line]:
    """The lines of one log, in their order."""
    for each in texts:
        text, event = each.decode(errors="replace").rstrip("\r\n"), None
        if text.startswith("{"):
            with suppress(Unfit):
                event = json_object(text)
        when = str(event.get(WHEN, when)) if event else when
        yield Line(when, text, event)


class Files:
    """The logs of `fleet up` in a folder; each is put aside as NAME.log.1 when it has grown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tails: dict[Path, Tail] = {}

    def logs(self) -> Iterator[Iterator[Line]]:
        """What each of them has said so far."""
        for path in self._paths():
            self._tails[path] = Tail(path)
            with closing(Tail(path.with_name(f"{path.name}.1"))) as aside:
                before = aside.more()
            yield read([*before, *self._tails[path].more()])

    def following(self) -> Iterator[Line]:
        """What they say from then on; also those that come later."""
        while True:
            for path in self._paths():
                yield from read(self._tails.setdefault(path, Tail(path)).more())
            time.sleep(EVERY)

    def close(self) -> None:
        """Give the files back."""
        for tail in self._tails.values():
            tail.close()

    def _paths(self) -> list[Path]:
        return sorted(path for name in NAMES for path in self._folder.glob(f"{name}.log"))


class Tail:
    """The whole lines of a file as it grows, also where another file takes its place."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, b""
        self._file: BinaryIO | None = None

    def more(self) -> list[bytes]:
        """What has come since the last look."""
        found: list[bytes] = []
        while (file := self._opened()) is not None:
            *lines, self._part = (self._part + file.read()).split(b"\n")
            found += lines
            if not self._replaced(file):
                break
            self.close()
        return found

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()
        self._file, self._part = None, b""

    def _opened(self) -> BinaryIO | None:
        """The file, None where there is none."""
        if self._file is None:
            with suppress(OSError, Unfit):
                self._file = os.fdopen(opened(self._path), "rb")
        return self._file

    def _replaced(self, file: BinaryIO) -> bool:
        """Whether another file has its name now; where none has, another one will come."""
        with suppress(OSError):
            return os.fstat(file.fileno()).st_ino != self._path.stat().st_ino
        return False


class Containers:
    """What containers of a fleet say."""

    def __init__(self, found: Sequence[Any]) -> None:
        self._found, self._last = found, dict[str, str]()

    def logs(self) -> Iterator[Iterator[Line]]:
        """What each of them has said so far."""
        for container in self._found:
            yield self._noted(container.name, read(_lines(container)))

    def following(self) -> Iterator[Line]:
        """What they say from then on, until all have ended."""
        queue: SimpleQueue[Line | FleetError | None] = SimpleQueue()
        for container in self._found:
            Thread(target=self._follow, args=(container, queue), daemon=True).start()
        going = len(self._found)
        while going:
            said = queue.get()
            if isinstance(said, FleetError):
                raise said
            if said is None:
                going -= 1
            else:
                yield said

    def close(self) -> None:
        """Nothing is open."""

    def _noted(self, name: str, lines: Iterator[Line]) -> Iterator[Line]:
        """The same lines; when the last one was said is kept."""
        for line in lines:
            self._last[name] = line.when
            yield line

    def _follow(self, container: Any, queue: "SimpleQueue[Line | FleetError | None]") -> None:
        """Hand on what one container says, after what it had said."""
        last = self._last.get(container.name, "")
        try:
            for line in read(_lines(container, follow=True)):
                if line.when > last:
                    queue.put(line)
        except FleetError as error:
            queue.put(error)
        queue.put(None)


def _lines(container: Any, *, follow: bool = False) -> Iterator[bytes]:
    """What a container says, line by line: the engine hands out pieces."""
    from fleet import docker_engine  # noqa: PLC0415  brings docker

    part = b""
    with docker_engine.answering(container.name):
        for piece in container.logs(stream=True, follow=follow):
            *lines, part = (part + piece).split(b"\n")
            yield from lines
    if part:
        yield part
