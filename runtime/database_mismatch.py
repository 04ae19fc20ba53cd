"""Whether files that are sound in themselves fit the fleet that lives in their database.

A fleet.yaml that was emptied, or that asks for the other environment, is taken for a mistake: positions would lose
their exits. So is a folder of strategies that was moved away: all of them would be removed at once.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from config import files
from config.complaints import Complaint
from config.files import FLEET, FOLDER
from config.settings import Settings
from config.source import parsed
from db import opened
from db.fleet import configurations, meta
from domain.errors import FleetError
from domain.small_files import Unfit, text_of


def mismatch(settings: Settings) -> Complaint | None:
    """Why the files do not fit the database that they lead to; None where they do, or there is none yet."""
    file = str(settings.directory / FLEET)
    if _emptied(settings.database, settings.texts.get(FLEET, "")):
        reason = f"is empty or gone, the fleet in {settings.database} had one: write {{}} where all defaults are meant"
        return Complaint(file, 0, "file", None, reason)
    if not os.path.lexists(settings.directory / FOLDER):
        gone = files.lost_strategies(settings.directory, settings.texts, _good(settings.database))
        if gone is not None:
            return gone
    try:
        with opened(settings.database, read_only=True) as db:
            found = meta.environment(db)
    except FleetError:  # whoever opens it to use it says what is wrong
        return None
    if found == settings.environment:
        return None
    reason = f"{settings.database} holds {found} data, the two are never mixed: name another file with --database, or"
    reason += " with --config the folder of its own files"
    return Complaint(file, 0, "environment", settings.environment, reason)


def last_used(directory: Path) -> Path | None:
    """The database last used with this folder, where its fleet.yaml, which would name it, was emptied or is gone."""
    path, file = files.remembered(directory), directory / FLEET
    try:
        text = text_of(file) if os.path.lexists(file) else ""
    except (OSError, Unfit):  # broken, not empty
        return None
    return path if path and _emptied(path, text) else None


def _emptied(path: Path, text: str) -> bool:
    """Whether fleet.yaml says nothing, though it did when the fleet in this database was well."""
    return _silent(text) and not _silent(_good(path).get(FLEET, ""))


def _good(path: Path) -> Mapping[str, str]:
    """The files with which the fleet in a database was well; none where there is none."""
    try:
        with opened(path, read_only=True) as db:
            good = configurations.good(db)
    except FleetError:
        return {}
    return good.files if good else {}


def _silent(text: str) -> bool:
    """Whether fleet.yaml holds nothing at all, or comments only."""
    source = parsed(text, FLEET)
    return source.value is None and not source.complaints
