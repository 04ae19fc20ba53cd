"""`python -m fleet.child PARENT [--log FILE BYTES] MODULE ARGUMENT…`: a process that does not outlive the supervisor.

Linux sends SIGTERM to it when its parent dies, even by kill -9 (prctl(2), PR_SET_PDEATHSIG), so the fleet leaves no
orphan. On other systems a killed supervisor leaves its processes running.
"""

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

from runtime.log_file import LogFile, own

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then become the module."""
    parent, words = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the tie was made
        sys.exit(0)
    if words[0] == "--log":
        own(LogFile(Path(words[1]), int(words[2])))
        words = words[3:]
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
