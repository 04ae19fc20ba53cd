"""What the fleet writes is its owner's alone, whatever the umask; a group's where the folder or the database is one."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from domain.small_files import opened


def create(path: Path, like: Path | None = None) -> None:
    """Make an empty file as `new` does; one that is there stays as it is."""
    with suppress(FileExistsError):
        new(path, like)


def new(path: Path, like: Path | None = None) -> None:
    """Make an empty file: with the permissions of `like` where that exists, as SQLite gives its -wal those of the
    database; else 0600, or 0660 in a folder that hands on its group. Raises OSError, FileExistsError among them.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, _mode(path.parent, like))
    finally:
        os.close(descriptor)


def put(path: Path, text: str, like: Path | None = None) -> None:
    """Let `path` be a small file of this text, whole or not at all, with the permissions of a `new` one. Whatever has
    the name is replaced; a link's target stays as it is. Raises OSError.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    new(draft, like)
    try:
        with os.fdopen(opened(draft, os.O_WRONLY, links=False), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for the same people. One that is there stays as it is."""
    if not path.is_dir():
        folder(path.parent)
        path.mkdir(0o700, exist_ok=True)
        if _of_a_group(path.parent):
            path.chmod(0o2770)


def _mode(folder: Path, like: Path | None) -> int:
    """The permissions of a new file."""
    if like is not None and like.exists():
        return like.stat().st_mode & 0o666
    return 0o660 if _of_a_group(folder) else 0o600


def _of_a_group(folder: Path) -> bool:
    """Whether a folder hands on its group."""
    return bool(folder.stat().st_mode & stat.S_ISGID)
