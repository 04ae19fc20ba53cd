"""Files beside the database that only their owner may read, whatever the umask; a group's where the folder is one."""

import os
import stat
from pathlib import Path


def create(path: Path) -> None:
    """Make an empty file with mode 0600, or 0660 in a folder that hands on its group; one that is there stays as it is.

    SQLite gives its -wal and -shm the mode of the database.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return
    try:
        os.fchmod(descriptor, 0o660 if path.parent.stat().st_mode & stat.S_ISGID else 0o600)
    finally:
        os.close(descriptor)
