"""The configuration while a worker runs: read again when its files change; a broken one keeps the old one running."""

from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from config.settings import Settings
from domain.errors import ConfigError
from domain.kinds import Kind

log = structlog.get_logger()
Loaded = tuple[Settings, Mapping[str, Kind]]
Print = frozenset[tuple[str, int, int]]


class Configuration:
    """What a worker follows. `read` loads the files, `current` is what is valid now.

    `complaint` says what is wrong with the newest files, None while they are what runs.
    """

    def __init__(self, read: Callable[[], Loaded]) -> None:
        self._read = read
        self.current = read()
        self.complaint: str | None = None
        self._seen = _print(self.current[0])

    @property
    def told(self) -> dict[str, str]:
        """What the worker's heartbeat says of it: nothing while the newest files are what runs."""
        return {} if self.complaint is None else {"configuration": self.complaint}

    def renewed(self) -> bool:
        """Whether the files have changed into something valid since the last look; says once that they are broken."""
        found = _print(self.current[0])
        if found == self._seen:
            return False
        self._seen = found
        try:
            before, self.current = self.current, self._read()
        except ConfigError as error:
            self.refuse(str(error))
            return False
        self.complaint = None
        log.info("configuration_read", strategies=len(self.current[0].strategies))
        return before[0] != self.current[0]

    def refuse(self, complaint: str) -> None:
        """The new configuration cannot be followed: go on with the old one, and say why."""
        self.complaint = complaint
        log.error("configuration_refused", error=complaint, goes_on="with the one before")


def _print(settings: Settings) -> Print:
    """Names, times and sizes of everything that is read."""
    folders = (settings.directory, settings.directory / "strategies", *settings.plugins)
    files = (file for folder in folders for file in folder.glob("*") if file.suffix in {".yaml", ".yml", ".py"})
    return frozenset(each for file in files for each in _one(file))


def _one(file: Path) -> list[tuple[str, int, int]]:
    """One file; none where it went away meanwhile."""
    try:
        stat = file.stat()
    except OSError:
        return []
    return [(str(file), stat.st_mtime_ns, stat.st_size)]
