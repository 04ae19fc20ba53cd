"""The configuration while a worker runs: read again when its files change; what is broken in it costs only that."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from config.settings import Settings
from domain.errors import ConfigError
from domain.kinds import Kind
from runtime.light_structlog import structlog

log = structlog.get_logger()
Loaded = tuple[Settings, Mapping[str, Kind]]
ENDINGS = (".yaml", ".yml", ".py")
Fingerprint = frozenset[tuple[str | int, ...]]


class Configuration:
    """The configuration of a running worker. `read` loads the files; `current` is what it runs with now."""

    def __init__(self, read: Callable[[], Loaded]) -> None:
        self._read = read
        self.current = read()
        self._refused: str | None = None
        self._seen: Fingerprint | None = fingerprint(self.current[0])
        self._log_read(None)

    @property
    def complaint(self) -> str | None:
        """What is wrong with the newest files, None while they are what runs."""
        return self._refused or self.current[0].complaint

    def reload_if_changed(self) -> bool:
        """Read the files again if any has changed since the last call; whether `current` is another configuration now.

        Files that are broken leave `current` as it is: that is logged once, and `complaint` says it. Where something
        else than a ConfigError is raised here, the next call reads them again.
        """
        found = fingerprint(self.current[0])
        if found == self._seen:
            return False
        try:
            read, before = self._read(), self.current
            _refuse_moved(before[0], read[0])
        except ConfigError as error:
            self._seen = found
            self.refuse(str(error))
            return False
        self.current = read
        self._seen, self._refused = found, None
        if before[0] == self.current[0]:
            return False
        self._log_read(before[0].complaint)
        return True

    def reload_next_time(self) -> None:
        """Read the files at the next call of `reload_if_changed`, changed or not: others have read something else."""
        self._seen = None

    def refuse(self, complaint: str) -> None:
        """The new configuration cannot be followed: go on with the old one, and say why."""
        self._refused = complaint
        log.error("configuration_refused", error=complaint, goes_on="with the one before")

    def _log_read(self, before: str | None) -> None:
        """Say what was read; what is wrong with it once."""
        settings = self.current[0]
        if settings.complaint is None:
            log.info("configuration_read", strategies=len(settings.strategies))
        elif settings.complaint != before:
            goes_on = "without what is broken; where that is fleet.yaml, with the newest that was good"
            log.error("configuration_refused", error=settings.complaint, goes_on=goes_on)


def _refuse_moved(before: Settings, now: Settings) -> None:
    """Raise ConfigError where the files name another database: it is opened once, when a process starts."""
    if now.database != before.database:
        raise ConfigError(
            f"{before.directory / 'fleet.yaml'}: names the database {now.database} now, this process works in "
            f"{before.database}: start the fleet again to change it"
        )


def fingerprint(settings: Settings) -> Fingerprint:
    """What changes with everything that is read. Size and time of writing may be kept where a file takes the place of
    another (`cp -p`, `rsync -t`); which file it is, and when it came there, are not. A folder counts by being there.
    """
    folders = (settings.directory, settings.directory / "strategies", *settings.plugins)
    there = [(str(folder),) for folder in folders if os.path.lexists(folder)]
    return frozenset(there).union(*map(_files, folders))


def _files(folder: Path) -> list[tuple[str | int, ...]]:
    """The files of a folder; there may be thousands, which are looked at with every heartbeat."""
    found = list[tuple[str | int, ...]]()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(ENDINGS):
                try:
                    stat = entry.stat()
                except OSError:  # it went away meanwhile
                    continue
                found.append((entry.path, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return found
