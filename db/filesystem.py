"""Whether SQLite's locks and shared memory can be trusted on the file system below a folder."""

import re
from pathlib import Path

from domain.errors import Forbidden

MOUNTS = Path("/proc/self/mountinfo")
UNFIT = re.compile(r"nfs\d*|cifs|smb\w*|9p|virtiofs|fuse|fuse\..*|fakeowner|vboxsf|overlay|overlayfs|aufs")


def kind_of(folder: Path, mountinfo: str) -> str | None:
    r"""The type of the file system that holds `folder` (absolute, without links), None where the table does not say.

    `mountinfo` is the text of /proc/self/mountinfo (proc(5)): the fifth field is the mount point, with spaces as
    ``\040``; the field after the lone dash is the type. The longest matching mount point wins, of equal ones the last.
    """
    best: tuple[int, str] | None = None
    for line in mountinfo.splitlines():
        fields, dash, rest = line.partition(" - ")
        if not dash:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields.split(" ")[4]))
        if folder.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = len(point.parts), rest.split(" ")[0]
    return best[1] if best else None


def refuse_unfit(folder: Path, *, any_filesystem: bool = False) -> None:
    """Raise Forbidden where `folder` lies on a file system on which SQLite loses or corrupts data.

    Without /proc (macOS) nothing is known and nothing refused. `any_filesystem` permits all.
    """
    if any_filesystem or not MOUNTS.exists():
        return
    kind = kind_of(folder.resolve(), MOUNTS.read_text("utf-8", "surrogateescape"))
    if kind is not None and UNFIT.fullmatch(kind):
        raise Forbidden(
            f"{folder} lies on a file system of type {kind}, where SQLite's locks or shared memory do not hold between "
            "processes and the database is lost without an error. Put it on a local disk (in Docker: a named volume). "
            "For a development container whose data may be lost set `any_filesystem: true` in fleet.yaml."
        )
