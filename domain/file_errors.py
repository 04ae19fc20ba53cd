"""What an error of the operating system means to the fleet: one table, and one way to say what, where, what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import ConfigError, FleetError, Forbidden, Unavailable
from domain.small_files import Unfit

PERMISSIONS = "check the permissions of the file and its folders; one user runs all processes of a fleet"
BRANCHES: dict[int | None, tuple[type[FleetError], str]] = {
    errno.ENOENT: (ConfigError, "make the folder first, or name another file"),
    errno.ENOTDIR: (ConfigError, "a file stands where a folder has to be: name another place"),
    errno.EISDIR: (Forbidden, "a folder stands where a file has to be: remove it, or name another place"),
    errno.EEXIST: (ConfigError, "something else stands there: name another, or remove it"),
    errno.ELOOP: (ConfigError, "a link stands there that is not followed: remove it, or name another file"),
    errno.ENXIO: (ConfigError, "a pipe or socket stands where a file has to be: remove it, or name another file"),
    errno.ENAMETOOLONG: (ConfigError, "name another file"),
    errno.EACCES: (Forbidden, PERMISSIONS),
    errno.EPERM: (Forbidden, PERMISSIONS),
    errno.EROFS: (Forbidden, "name another place, or have it mounted so that it can be written"),
    errno.ENOSPC: (Unavailable, "the disk is full: make room"),
    errno.EDQUOT: (Unavailable, "the quota is used up: make room"),
    errno.EFBIG: (Unavailable, "a file may not grow that big here: see `ulimit -f`"),
    errno.EMFILE: (Unavailable, "too many files are open: see `ulimit -n`"),
    errno.EBADF: (Unavailable, "it is closed"),
    errno.EIO: (Unavailable, "the disk failed to read or write"),
}


@contextmanager
def translated(where: Path | str | None = None) -> Iterator[None]:
    """Raise the fleet's own error for one of the system's; named is `where`, else the error's own file.

    A reader that has gone (BrokenPipeError) is no failure and passes.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except Unfit as error:
        raise ConfigError(f"{where or 'a file'} {error}: remove it, or name another file") from error
    except OSError as error:
        kind, advice = BRANCHES.get(error.errno, (Unavailable, "try again"))
        place = where or error.filename2 or error.filename
        what = error.strerror or str(error) or type(error).__name__
        raise kind(f"{f'{place}: ' if place else ''}{what}: {advice}") from error
