"""What a process that runs a user's Python for others is kept from, as far as the standard library reaches.

It is no prison: traders run the same file. It keeps a mistake from costing more than its own answer.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

from runtime import memory

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
FILE_SIZE = 10_000_000  # bytes of a file that it may write
MEMORY = 2_000_000_000  # bytes beyond what its libraries take
CPU = 600  # seconds of computing in all
FILES = 256  # open ones


def alone() -> None:
    """No network where the kernel allows that, and no life beyond its parent's. To be called before threads begin."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if library.unshare(CLONE_NEWNET) and os.getuid():  # as root a new user would lose the right to read others' files
        library.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def limited() -> None:
    """Limits to memory, files and computing; no core dump. To be called once its libraries are loaded."""
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CPU, CPU),
    ):
        _lower(limit, most)
    with suppress(ValueError):  # a stricter one stands
        memory.limit(MEMORY)


def computing(seconds: float) -> None:
    """From now on so many seconds of computing, then SIGXCPU ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(int(used.ru_utime + used.ru_stime + seconds) + 1, hard), hard))


def _lower(limit: int, most: int) -> None:
    """Set a limit, unless a stricter one stands."""
    hard = resource.getrlimit(limit)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (least, least))
