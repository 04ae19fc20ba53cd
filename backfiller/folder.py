"""A whole folder of files at once, such as freqtrade's `user_data/data`: as in an archive, what is wrong with one file
costs that file, and what are no candles of a spot market is left out.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from backfiller.file_names import Label, contradiction, few, label, spot
from backfiller.manifest import Manifest, TableLocation, manifest, named_by_folder
from backfiller.pairs import Known
from db.files.archive import foreign
from domain.errors import ConfigError

OTHERS = "another series than what was asked for"


def manifests(path: Path, wish: Label, known: Known) -> list[Manifest]:
    """What the files in a folder hold of what is wished for; first what is to be said of the folder."""
    left: dict[str, list[str]] = {}
    found = []
    for file in _files(path):
        name = file.relative_to(path).as_posix()
        if (reason := _left_out(file, name, wish)) is not None:
            left.setdefault(reason, []).append(name)
            continue
        try:
            found.append(manifest(file, wish, known))
        except ConfigError as error:
            found.append(Manifest(file, refused=[str(error)]))
    left_out = [f"{path}: left out: {few(names)}: {reason}" for reason, names in left.items()]
    nothing = f"{path}: holds {'nothing that was asked for' if OTHERS in left else 'no table of candles'}"
    return [Manifest(path, left=left_out, refused=[] if found else [nothing]), *found]


def _files(path: Path) -> Iterator[Path]:
    """All files in a folder and those in it, by their names. Raises OSError for one that cannot be looked into."""
    for folder, folders, names in os.walk(path, onerror=_raise):
        folders.sort()
        yield from (each for each in (Path(folder) / name for name in sorted(names)) if each.is_file())


def _raise(error: OSError) -> None:
    raise error


def _left_out(file: Path, name: str, wish: Label) -> str | None:
    """Why a file is left out by its name (in the folder), None where it is not."""
    if foreign(f"/{name}") is not None:
        return "no table"
    if not spot(name):
        return "no prices of a spot market"
    if "-trades." in name:
        return "trades, no candles"
    said = label(name)
    said = said._replace(exchange=said.exchange or named_by_folder(TableLocation(file)))
    return OTHERS if contradiction(said, wish) is not None else None
