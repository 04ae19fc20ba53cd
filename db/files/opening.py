"""Archives that are read again and again: each is opened once, as long as there are few of them."""

from collections import OrderedDict
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from zipfile import ZipFile

from db.files.archive import unzipped

OPEN = 16  # archives at a time: each takes a file of those that a process may have open


class Archives:
    """A context within which archives stay open, the ones that were used last."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, tuple[ExitStack, ZipFile | None]] = OrderedDict()

    def of(self, path: Path) -> ZipFile | None:
        """The archive, None for a file that is none. Raises what `unzipped` raises."""
        if path not in self._open:
            stack = ExitStack()
            self._open[path] = stack, stack.enter_context(unzipped(path))
            if len(self._open) > OPEN:
                self._open.popitem(last=False)[1][0].close()
        self._open.move_to_end(path)
        return self._open[path][1]

    def __enter__(self) -> "Archives":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        while self._open:
            self._open.popitem()[1][0].close()
