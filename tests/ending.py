"""`python -m tests.ending FILE STATUS`: while FILE is there, says what it says and ends with STATUS; else it lives."""

import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    file = Path(sys.argv[1])
    if file.exists():
        print(file.read_text())
        sys.exit(int(sys.argv[2]))
    signal.sigwait({signal.SIGTERM})
