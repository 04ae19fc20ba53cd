"""What still holds where files are broken: each file that cannot be read costs what it describes, nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from config import files
from config.complaints import Complaint, ConfigurationInvalid
from config.files import FLEET, FOLDER, Files
from config.load import Kinds, Reading, reading, settled
from config.reader import Reader
from config.settings import Settings
from config.source import parse
from config.strategies_file import ids


def fallback(
    directory: Path,
    kinds: Kinds,
    good: Mapping[str, str],
    *,
    database: Path | None = None,
    environ: Mapping[str, str] | None = None,
    unfit: Callable[[Settings], Complaint | None] = lambda _: None,
) -> Settings:
    """The settings of a folder some of whose files are broken; `good` are the newest texts that were not.

    A broken fleet.yaml stands as it was. The strategies of a broken file are `unread`, those of the others are as they
    are now. A folder that cannot be looked into, or whose strategies/ is gone, stands as it was, whole. Raises
    ConfigurationInvalid where even that does not hold, as with a broken environment variable. `unfit` tells why a sound
    fleet.yaml counts as broken.
    """
    found = files.read(directory)
    gone = None if found.folder_lost else files.lost_strategies(directory, found.texts, good)
    if gone is not None:
        found = replace(found, troubles={**found.troubles, FOLDER: gone})
    owners = {one: name for name, text in good.items() if name != FLEET for one in ids_of(text)}
    today = reading(found, kinds, environ, owners)
    if FLEET not in today.complaints and (wrong := unfit(settled(today, [], database))) is not None:
        today.complaints[FLEET] = [wrong]
    mended = today
    if today.files.folder_lost:
        mended = reading(Files(directory, good), kinds, environ)
    elif FLEET in today.complaints:
        texts = {**today.files.texts, FLEET: good.get(FLEET, "")}
        strategies = {name: trouble for name, trouble in today.files.troubles.items() if name != FLEET}
        mended = reading(Files(directory, texts, strategies), kinds, environ, owners)
    if FLEET in mended.complaints:
        raise ConfigurationInvalid(today.mistakes)
    return _without(mended, good, database, "\n".join(dict.fromkeys(map(str, today.mistakes + mended.mistakes))))


def _without(read: Reading, good: Mapping[str, str], database: Path | None, complaint: str) -> Settings:
    """The settings without the strategies of broken files, which are named instead."""
    sound = [
        each
        for name, found in read.strategies.items()
        if name not in read.complaints
        for each in found
        if each.file not in read.twins
    ]
    held = {each.strategy_id for each in sound}
    unread = {one: why for one, why in _unread(read, good).items() if one not in held}
    newcomers = {name for name, found in read.strategies.items() if any(each.file in read.twins for each in found)}
    broken = read.complaints.keys() | newcomers
    texts = {name: text for name, text in read.files.texts.items() if name not in broken}
    texts |= {name: good[name] for name in broken if name in good}
    return replace(settled(read, sound, database), complaint=complaint or None, unread=unread, texts=texts)


def _unread(read: Reading, good: Mapping[str, str]) -> dict[str, str]:
    """The strategies that broken files hold or held when they were good, and those that stand twice; each with why."""
    unread = {str(twin.value): str(twin) for twin in read.twins.values()}
    for name, mistakes in read.complaints.items():
        why = "; ".join(map(str, mistakes))
        texts = [texts[name] for texts in (good, read.files.texts) if name in texts]
        unread |= {one: why for text in texts for one in ids_of(text)}
    return unread


def ids_of(text: str) -> list[str]:
    """The ids that a text names, none where it is not even YAML."""
    source = parse("", text)
    return list(ids(Reader(source, source.value, []))) if isinstance(source.value, dict) else []


def ids_in(directory: Path) -> list[str]:
    """The ids that the files of a folder name, of whatever can be read of them."""
    return [one for name, text in files.read(directory).texts.items() if name != FLEET for one in ids_of(text)]
