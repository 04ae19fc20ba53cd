"""Which process of which machine we are, so that whoever comes after can tell that we are dead, and nobody else is.

A pid says something only on one machine since one boot, in one namespace of processes; it is used again, so that the
moment at which its process began belongs to it (proc(5), field 22 of /proc/PID/stat). A container that comes back has a
new namespace but keeps its id, which stands in its mounts; of one id only one life goes on at a time.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from db.fleet.workers import Worker

PROC = Path("/proc")
CONTAINER = re.compile(r"/([0-9a-f]{64})/(?:userdata/)?hostname /etc/hostname ")  # Docker and Podman mount it over ours
GONE = ("Z", "X")  # states of a process that has ended and is not reaped yet


class ProcessPlace(NamedTuple):
    """`place`: boot and namespaces; `container`: the id of the one that we run in; `birth`: when this process began, in
    ticks since the boot. None where the system does not say.
    """

    place: str | None
    container: str | None
    birth: int | None


def here() -> ProcessPlace:
    """Where we are."""
    return ProcessPlace(_place(), container_in(_text(PROC / "self" / "mountinfo")), birth(os.getpid()))


def dead(others: Iterable[Worker], ours: ProcessPlace) -> list[str]:
    """The names of those of whom we know that their process has ended: of this place, or of the container's life before
    this one. Of anybody elsewhere nothing is known.
    """
    return [each.worker_id for each in others if _is_dead(each, ours)]


def birth(pid: int) -> int | None:
    """When a process began, in ticks since the boot; None where there is none that lives, or it is hidden from us."""
    words = _text(PROC / str(pid) / "stat").rpartition(")")[2].split()
    return int(words[19]) if words and words[0] not in GONE else None


def _hidden(pid: int) -> bool:
    """Whether a process is there of which we are told nothing: another user's, where `/proc` hides those."""
    if (PROC / str(pid)).exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def container_in(mountinfo: str) -> str | None:
    """The id of the container whose mounts these are; None for none."""
    found = CONTAINER.search(mountinfo)
    return found[1] if found else None


def _is_dead(each: Worker, ours: ProcessPlace) -> bool:
    if each.place is None or each.birth is None or ours.place is None:
        return False
    if each.place == ours.place:
        return birth(each.pid) != each.birth and not _hidden(each.pid)
    before = all(then != now for then, now in zip(each.place.split()[1:], ours.place.split()[1:], strict=True))
    return before and each.container is not None and each.container == ours.container


def _place() -> str | None:
    """Boot, mount and process namespace; None where the system does not say."""
    with suppress(OSError):
        boot = (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
        return " ".join([boot, *(str((PROC / "self" / "ns" / name).readlink()) for name in ("mnt", "pid"))])
    return None


def _text(file: Path) -> str:
    """What a file says, nothing where it cannot be read."""
    with suppress(OSError):
        return file.read_text(errors="replace")
    return ""
