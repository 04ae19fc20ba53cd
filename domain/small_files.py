"""The one door to small files that anybody may have made: a pipe is not waited for, a device's endless bytes are not
read, no link leads a writer elsewhere, and nothing but OSError and `Unfit` is raised.
"""

import json
import math
import os
import stat
from pathlib import Path
from typing import Any

SIZE = 1_000_000  # bytes of one file


class Unfit(ValueError):
    """What no such file may hold, and the line it stands on: 0 where it is the file as a whole."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def opened(path: Path, flags: int = os.O_RDONLY, *, links: bool = True) -> int:
    """A descriptor of a regular file, opened without waiting for anybody and without changing it; without `links` a
    symbolic link is refused. Raises OSError, and Unfit for a pipe, a device or a folder.
    """
    more = os.O_NONBLOCK | os.O_CLOEXEC | (0 if links else os.O_NOFOLLOW)
    descriptor = os.open(path, flags | more)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unfit(0, "is no regular file")
    return descriptor


def why(error: OSError | Unfit) -> str:
    """What is wrong with a file, after its name."""
    return f"cannot be opened: {error.strerror}" if isinstance(error, OSError) else str(error)


def beginning(path: Path, size: int = SIZE, *, links: bool = True) -> bytes:
    """At most the first `size` bytes of a regular file. Raises OSError, and Unfit for what is no such file."""
    with os.fdopen(opened(path, links=links), "rb") as file:
        return file.read(size)


def text_of(path: Path, size: int = SIZE, *, links: bool = True) -> str:
    """The text of a file of at most `size` bytes. Raises OSError, and Unfit with the line of what is no UTF-8."""
    content = beginning(path, size + 1, links=links)
    if len(content) > size:
        raise Unfit(0, f"is longer than {size:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unfit(line, f"is no UTF-8: byte {error.start} is 0x{content[error.start]:02x}") from error


def json_object(text: str) -> dict[str, Any]:
    """The object that a text in JSON is, its numbers finite. Raises Unfit for whatever else it is."""
    try:
        found = json.loads(text, parse_float=_finite, parse_constant=_finite)
    except RecursionError as error:
        raise Unfit(0, "is nested too deep") from error
    except json.JSONDecodeError as error:
        raise Unfit(error.lineno, f"is no JSON: {error.msg}") from error
    except ValueError as error:
        raise Unfit(0, f"is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Unfit(0, "is no object in JSON")
    return found


def whole(value: object, least: int, most: int) -> int:
    """A whole number from JSON between two others. Raises Unfit for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Unfit(0, f"a number from {least} to {most} is expected")
    return int(value)


def _finite(text: str) -> float:
    """A number of a JSON text. Raises ValueError for one that has no end."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large")  # its text may be as long as the file
    return value
