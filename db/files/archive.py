"""Opening files: what is packed is unpacked as it is read. What a zip holds beside tables is left out."""

import gzip
import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from db.files.metered import FREE, LIMIT, PIECE, RATIO, Metered, readable
from domain.errors import Rejected

MEMBERS = 20_000  # files in one archive: Kraken's whole history has some 8,000
DIRECTORY = 1 << 23  # bytes of an archive's list of them
TAIL = 66_000  # bytes at the end of an archive in which its list is announced
PACKED = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst")
FOREIGN = re.compile(
    r"(?i)(?:^|/)(?:__macosx/|\.|thumbs\.db$|desktop\.ini$|(?:readme|licen[cs]e|changelog)[^/]*$)"
    r"|\.(?:checksum|sha256|md5|sig|asc|pdf|html?|md|png|jpe?g|docx?|lock|log|ya?ml|py)$"
)
JSON = re.compile(r"(?i)\.json(?:\.gz)?$")
CANDLES = re.compile(r"-\d+[a-z]+(?:-[a-z_]+)?\.")  # how freqtrade ends the name of a file of candles: `-1h.json`
UNREAD = {  # what holds tables in a form that is not read, and what makes one that is
    ".h5": "HDF5 is not read: `freqtrade convert-data --format-from hdf5 --format-to feather` makes files that are",
    ".hdf5": "HDF5 is not read: `freqtrade convert-data --format-from hdf5 --format-to feather` makes files that are",
    ".xlsx": "a workbook is not read: save its sheet as CSV",
    ".xls": "a workbook is not read: save its sheet as CSV",
    ".ods": "a workbook is not read: save its sheet as CSV",
}
NESTED = "an archive in an archive is not opened: unpack it first"
UNKNOWN = "packed in a way that is not opened (zip, and gz around one table, are): unpack it first"
ZIP = "zip archive"
ENCRYPTED = 1  # the bit of a member's flags
STORED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Member(NamedTuple):
    """A file in an archive. `foreign`: why it is no table, None for one that may be."""

    info: zipfile.ZipInfo
    foreign: str | None

    @property
    def name(self) -> str:
        """Its path in the archive."""
        return self.info.filename


def foreign(name: str) -> str | None:
    """Why a file is no table of candles, by its name; None where it may be one."""
    other = JSON.search(name) and not CANDLES.search(name)
    return "no table" if other or FOREIGN.search(name) else None


def unopened(name: str) -> str | None:
    """Why a file, or a member of an archive, is not opened, by its name; None where it may be."""
    if (unread := UNREAD.get(Path(name.lower()).suffix)) is not None:
        return unread
    packed = name.lower().removesuffix(".gz").endswith(PACKED)
    return (NESTED if "/" in name else UNKNOWN) if packed else None


def is_zip(path: Path) -> bool:
    """Whether a file is an archive, by its name."""
    return path.suffix.lower() == ".zip"


@contextmanager
def unzipped(path: Path) -> Iterator[zipfile.ZipFile | None]:
    """An archive for the length of the block: its list is read once, whatever is taken out of it. None for a file that
    is none. Raises Rejected where it cannot be read, or lists more than an archive of candles does.
    """
    if not is_zip(path):
        yield None
        return
    with ExitStack() as stack:
        with readable(path.name, ZIP):
            file = stack.enter_context(path.open("rb"))
            count = _announced(path.name, file)
            archive = stack.enter_context(zipfile.ZipFile(file))
        if len(found := archive.infolist()) != count:
            raise Rejected(f"{path.name}: no {ZIP} that can be read: it lists {len(found)} files where it has {count}")
        yield archive


def members(path: Path, archive: zipfile.ZipFile) -> list[Member]:
    """What an archive holds. Raises Rejected where it says that it unpacks into much more than it can hold."""
    found = [Member(info, foreign(info.filename)) for info in archive.infolist() if not info.is_dir()]
    out = sum(each.info.file_size for each in found if each.foreign is None)
    if out > max(FREE, RATIO * path.stat().st_size):  # members may lie over one another
        raise Rejected(f"{path.name}: unpacks into {out >> 20} MB, much more than it can hold: it is not read")
    return found


@contextmanager
def opened(
    path: Path, member: Member | None = None, archive: zipfile.ZipFile | None = None
) -> Iterator[tuple[str, BinaryIO]]:
    """A file, or the member of an archive (`unzipped`), unpacked: what it is called without its packing, and its bytes.

    Raises Rejected where it cannot be read, or unpacks into too much; so does reading.
    """
    with ExitStack() as stack:
        if member is None or archive is None:
            with readable(path.name):
                file = stack.enter_context(path.open("rb"))
                size = path.stat().st_size
            yield _unpacked(path.name, file, size)
        else:
            name = f"{path.name}/{member.name}"
            yield _unpacked(name, _member(stack, name, archive, member.info), member.info.compress_size)


def _member(stack: ExitStack, name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Metered:
    """What an archive holds under a name, as long as `stack` lives."""
    if info.flag_bits & ENCRYPTED:
        raise Rejected(f"{name}: needs a password")
    with readable(name, ZIP):
        inner = stack.enter_context(archive.open(info))
    return Metered(name, ZIP, inner, info.compress_size, FREE if info.compress_type in STORED else PIECE)


def _unpacked(name: str, file: BinaryIO | Metered, packed: int) -> tuple[str, BinaryIO]:
    """A file without gz around it."""
    if name.lower().endswith(".gz"):
        unzipped = gzip.GzipFile(fileobj=file)
        file, name = Metered(name, "gzip file", unzipped, packed), name[: -len(".gz")]
    elif not isinstance(file, Metered):
        file = Metered(name, "file", file, LIMIT)
    if (reason := unopened(name)) is not None:
        raise Rejected(f"{name}: {reason}")
    return name, file  # type: ignore[return-value]  # bytes are read from it, nothing else


def _announced(name: str, file: BinaryIO) -> int:
    """How many files an archive says it has. Raises Rejected where these, or the list of them, are more than any of
    candles has, before they are read.
    """
    end = file.seek(0, 2)
    file.seek(max(0, end - TAIL))
    tail = file.read()
    found, wide = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    if found < 0:
        return 0
    count, size = struct.unpack_from("<HL", tail, found + 10)
    if wide >= 0 and (count == 0xFFFF or size == 0xFFFFFFFF):
        count, size = struct.unpack_from("<QQ", tail, wide + 32)
    if count > MEMBERS or size > DIRECTORY:
        raise Rejected(f"{name}: holds more than {MEMBERS} files: it is not read")
    return int(count)
