"""The files of a configuration: fleet.yaml and strategies/*.yaml, as texts by their name within the folder."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.complaints import Complaint
from config.source import bare, parse
from domain.paths import file_named
from domain.small_files import Unfit, beginning, json_object, text_of

FLEET, FOLDER = "fleet.yaml", "strategies"
ENDINGS = {".yaml", ".yml"}
STRAY = re.compile(r"(?i)\.ya?ml(?:\.txt)?$")
MISNAMED = {"fleet.yml", "fleet.yaml", "fleet.yaml.txt", "fleet.yml.txt"}  # in small letters
USER = re.compile(r"://[^/\s]*@")  # an address with a user and perhaps a password
MEMORY = ".database"  # beside fleet.yaml: which database was last used with this folder


@dataclass(frozen=True, slots=True)
class Files:
    """`texts` by name, such as strategies/btc.yaml. `troubles`: the files that cannot be read; a folder stands there
    where none of its files can. `strays`: what lies beside the strategies and looks like one, but is not read.
    `absent`: there is no such folder.
    """

    directory: Path
    texts: Mapping[str, str]
    troubles: Mapping[str, Complaint] = field(default_factory=dict)
    strays: tuple[Complaint, ...] = ()
    absent: bool = False

    @property
    def folder_lost(self) -> bool:
        """Whether what the folder holds is not known: taken for empty, every strategy in it would count as removed."""
        return not {str(self.directory), FOLDER}.isdisjoint(self.troubles)

    def path(self, name: str) -> str:
        """The file as complaints name it."""
        return str(self.directory / name)


def read(directory: Path) -> Files:
    """Every file; fleet.yaml and the folder of the strategies may be absent, the folder itself may not."""
    texts: dict[str, str] = {}
    troubles: dict[str, Complaint] = {}
    try:
        names = sorted(each.name for each in directory.iterdir())
    except OSError as error:
        gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        reason = "there is no such folder (`fleet init` makes one to start from)" if gone else _unreadable(error)
        trouble = Complaint(str(directory), 0, "--config", None, reason)
        return Files(directory, {}, {str(directory): trouble}, absent=gone)
    for name in (each for each in names if each.lower() in MISNAMED and each != FLEET):
        troubles[name] = Complaint(str(directory / name), 0, "file", None, f"is not read: call it {FLEET}")
    beside = _beside(directory / FOLDER, troubles)
    strategies = [f"{FOLDER}/{each}" for each in beside if Path(each).suffix in ENDINGS]
    for name in [FLEET] * (FLEET in names) + strategies:
        try:
            texts[name] = text_of(directory / name)
        except OSError as error:
            troubles[name] = Complaint(str(directory / name), 0, "file", None, _unreadable(error))
        except Unfit as error:
            troubles[name] = Complaint(str(directory / name), error.line, "file", None, str(error))
    return Files(directory, texts, troubles, (*_misplaced(directory, names), *_strays(directory / FOLDER, beside)))


def _beside(folder: Path, troubles: dict[str, Complaint]) -> list[str]:
    """The names in the folder of the strategies, none where it is absent. Hidden ones are an editor's or a Mac's."""
    try:
        return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        troubles[FOLDER] = Complaint(str(folder), 0, "folder", None, _unreadable(error))
        return []


def lost_strategies(directory: Path, texts: Mapping[str, str], good: Mapping[str, str]) -> Complaint | None:
    """Why the folder of the strategies counts as broken: it is not there, though the `good` texts of before had some.
    None where it is, where `texts` have some, or where there never were any.
    """
    now, before = (any(name.startswith(f"{FOLDER}/") for name in each) for each in (texts, good))
    folder = directory / FOLDER
    if now or not before or os.path.lexists(folder):
        return None
    reason = (
        f"is gone, and the fleet had strategies in it: put it back, or `mkdir {folder}` where all are to be removed"
    )
    return Complaint(str(folder), 0, "folder", None, reason)


def _misplaced(directory: Path, names: Iterable[str]) -> Iterator[Complaint]:
    """Strategies beside the folder that they belong into."""
    for name in names:
        if Path(name).suffix in ENDINGS and name.lower() not in MISNAMED and not name.startswith("."):
            into = directory / FOLDER
            yield Complaint(str(directory / name), 0, "file", None, f"is not read: strategies belong into {into}")


def _strays(folder: Path, names: Iterable[str]) -> Iterator[Complaint]:
    """What somebody may take for a strategy: b.yaml.txt (Windows hides the end), C.YAML, a folder for each coin."""
    for name in names:
        if Path(name).suffix not in ENDINGS and STRAY.search(name):
            yield Complaint(str(folder / name), 0, "file", None, "is not read: its name must end in .yaml or .yml")
        elif os.path.isdir(folder / name) and Path(name).suffix not in ENDINGS:  # noqa: PTH112  Path's raises
            yield Complaint(str(folder / name), 0, "folder", None, f"is not read: its files belong into {folder}")


def _unreadable(error: OSError) -> str:
    """Why a file or the files of a folder are not to be had."""
    return f"cannot be read: {error.strerror} (containers read it as uid 10001: `chmod -R a+rX`)"


def storable(texts: Mapping[str, str]) -> dict[str, str] | None:
    """Good texts as they may be kept: without comments, which may hold anything; None where an address has a user."""
    found = {name: bare(text) for name, text in texts.items()}
    return None if any(USER.search(text) for text in found.values()) else found


def digest(texts: Mapping[str, str]) -> str:
    """SHA-256 of texts and their names, in hexadecimal digits."""
    return sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def legible(file: Path) -> str:
    """What can be read of a file that is broken, nothing where it cannot be read at all."""
    try:
        return beginning(file).decode("utf-8", errors="replace")
    except (OSError, Unfit):
        return ""


def line(text: str, key: str) -> Any:
    """What one line of a broken file says of a key; None where that line is not there once, or cannot be read."""
    found = re.findall(rf"^{key}:.*$", text, re.MULTILINE)
    value = parse("", found[0]).value if len(found) == 1 else None
    return value.get(key) if isinstance(value, dict) else None


def memory(directory: Path, database: Path) -> str:
    """The note which database was used with this folder."""
    return json.dumps({"config": str(directory.absolute()), "database": str(database.absolute())})


def remembered(directory: Path) -> Path | None:
    """The database last used with this folder; a note that came with a copied folder does not count."""
    try:
        memory = json_object(text_of(directory / MEMORY, links=False))
        return file_named(memory["database"]) if memory["config"] == str(directory.absolute()) else None
    except (OSError, ValueError, KeyError):
        return None
