"""Whether SQLite's locks and shared memory can be trusted where a database lies, and what lies beside it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from domain.errors import ConfigError, Forbidden

MOUNTS = Path("/proc/self/mountinfo")
HALT = ".halt"  # the kill switch: a file that works while somebody holds the write lock
COMPANY = (HALT, ".lock", ".fleet_id", "-wal", "-shm", "-journal")  # what belongs to a database, beside its file
UNFIT = re.compile(r"nfs\d*|cifs|smb\w*|9p|virtiofs|fuse|fuse\..*|fakeowner|vboxsf|overlay|overlayfs|aufs")


def real(path: Path) -> Path:
    """The file itself where `path` is a symbolic link. SQLite puts its -wal beside the file, and so do we the rest."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def beside(path: Path, ending: str) -> Path:
    """What belongs to the database at `path`, such as its `.lock`: one for all names by which the file is reached."""
    file = real(path)
    return file.with_name(file.name + ending)


def refuse_taken(path: Path) -> None:
    """Raise ConfigError for the name of what belongs to a database, for a database or a copy: in another's company it
    would be its kill switch, or be played over it.
    """
    ending = next(filter(path.name.endswith, COMPANY), None)
    if ending is not None:
        raise ConfigError(f"{path}: a name that ends in {ending} belongs to the database beside it: name another file")


def refuse_no_file(path: Path) -> None:
    """Raise ConfigError for a folder, device, socket or pipe in the place of a database."""
    if path.exists() and not path.is_file():
        found = "a folder" if path.is_dir() else "no regular file"
        raise ConfigError(f"{path} is {found}: name a file with --database")


def kind_of(folder: Path, mountinfo: str) -> str | None:
    r"""The type of the file system that holds `folder` (absolute, without links), None where the table does not say.

    `mountinfo` is the text of /proc/self/mountinfo (proc(5)): the fifth field is the mount point, with spaces as
    ``\040``; the field after the lone dash is the type. The longest matching mount point wins, of equal ones the last.
    """
    best: tuple[int, str] | None = None
    for point, kind in _mounts(mountinfo):
        if folder.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = len(point.parts), kind
    return best[1] if best else None


def _mounts(mountinfo: str) -> Iterator[tuple[Path, str]]:
    """Every mount point with its type; lines that are none are left out."""
    for line in mountinfo.splitlines():
        fields, dash, rest = line.partition(" - ")
        if dash:
            point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields.split(" ")[4])
            yield Path(point), rest.split(" ")[0]


def _mountinfo() -> str:
    """The mount table; empty without /proc (macOS): nothing is known and nothing refused."""
    return MOUNTS.read_text("utf-8", "surrogateescape") if MOUNTS.exists() else ""


def refuse_unfit(folder: Path, *, any_filesystem: bool = False) -> None:
    """Raise Forbidden where `folder` lies on a file system on which SQLite loses or corrupts data.

    `any_filesystem` permits all.
    """
    kind = None if any_filesystem else kind_of(folder.resolve(), _mountinfo())
    if kind is not None and UNFIT.fullmatch(kind):
        raise Forbidden(
            f"{folder} lies on a file system of type {kind}, where SQLite's locks or shared memory do not hold between "
            "processes and the database is lost without an error. Put it on a local disk (in Docker: a named volume). "
            "For a development container whose data may be lost set `any_filesystem: true` in fleet.yaml."
        )


def refuse_apart(path: Path) -> None:
    """Raise Forbidden where a database can be reached without what lies beside it: its file alone is mounted, or it has
    a second name. Processes would then write under different locks, each with a -wal of its own, and miss the kill
    switch of the others.
    """
    facts = path.stat()
    mounted = facts.st_dev != path.parent.stat().st_dev or path.resolve() in {
        point for point, _ in _mounts(_mountinfo())
    }
    if mounted:
        raise Forbidden(
            f"{path} is mounted without its folder: its -wal, -shm, .lock and .halt are not what others see, which "
            "corrupts the database within seconds. Mount the folder that holds it (in Docker: a named volume at /data)."
        )
    if facts.st_nlink > 1:
        raise Forbidden(
            f"{path} has a second name (a hard link): who opens it so sees another -wal, .lock and .halt, which "
            f"corrupts it. Remove the other name (`find FOLDER -samefile {path}`); a symbolic link does no harm."
        )
