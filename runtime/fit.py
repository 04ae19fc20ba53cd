"""Whether a fleet.yaml that is sound in itself fits the fleet that lives in its database.

One that was emptied, or that asks for the other environment, is taken for a mistake: positions would lose their exits.
"""

from collections.abc import Mapping
from pathlib import Path

from config import files
from config.complaints import Complaint
from config.files import FLEET
from config.settings import Settings
from config.source import parsed
from db import configurations, meta
from db.connection import connect_readonly
from domain.errors import FleetError


def misfit(settings: Settings) -> Complaint | None:
    """Why fleet.yaml does not fit the database that it leads to; None where it does, or there is none yet."""
    file = str(settings.directory / FLEET)
    if emptied(settings.directory, settings.database, settings.texts):
        reason = f"is empty or gone, the fleet in {settings.database} had one: write {{}} where all defaults are meant"
        return Complaint(file, 0, "file", None, reason)
    try:
        with connect_readonly(settings.database) as db:
            found = meta.environment(db)
    except FleetError:  # whoever opens it to use it says what is wrong
        return None
    if found == settings.environment:
        return None
    reason = f"{settings.database} holds {found} data, the two are never mixed: name another file with --database"
    return Complaint(file, 0, "environment", settings.environment, reason)


def last_used(directory: Path) -> Path | None:
    """The database last used with this folder, where its fleet.yaml, which would name it, was emptied or is gone."""
    path = files.remembered(directory)
    return path if path and emptied(directory, path, files.read(directory).texts) else None


def emptied(directory: Path, path: Path, texts: Mapping[str, str]) -> bool:
    """Whether fleet.yaml says nothing, though it did when the fleet in this database was well."""
    if not _silent(texts) or FLEET in files.read(directory).troubles:
        return False
    try:
        with connect_readonly(path) as db:
            good = configurations.good(db)
    except FleetError:
        return False
    return good is not None and not _silent(good.files)


def _silent(texts: Mapping[str, str]) -> bool:
    """Whether fleet.yaml holds nothing at all, or comments only."""
    source = parsed(texts.get(FLEET, ""), FLEET)
    return source.value is None and not source.complaints
