"""How much memory a process may need."""

import resource
from pathlib import Path

STATM = Path("/proc/self/statm")  # proc(5): the sixth number is data and stack, in pages


def limit(more: int) -> None:
    """Let this process need so many more bytes than it has by now, for ever; MemoryError is raised beyond. Nothing is
    limited where the kernel does not say what it has (macOS).
    """
    if STATM.exists():
        most = int(STATM.read_text("ascii").split()[5]) * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
