"""Whether the backfiller reads the same files as the traders of its database, who register what counts."""

from dataclasses import dataclass

import structlog

from config.settings import Settings
from db.database import Database
from db.fleet import configurations
from db.fleet.configurations import Agreed
from runtime import agreement, clock
from runtime.reload import Configuration

log = structlog.get_logger()


@dataclass(kw_only=True)
class ConfigurationCheck:
    """`differs` says that other files count than those that are read here, None while they are the same.

    A change is read by one process after the other: it is said once it has lasted longer than a lease.
    """

    db: Database
    configuration: Configuration
    differs: str | None = None
    _since_ms: int | None = None
    _compared: tuple[Settings, Agreed | None] | None = None
    _mine: str = ""

    def run(self) -> None:
        """Compare anew, and have the files read once more where they differ. Costs one read where nothing changed."""
        settings, found = self.configuration.current[0], configurations.agreed(self.db)
        if self._compared is None or self._compared[0] is not settings or self._compared[1] != found:
            self._compared, self._mine = (settings, found), agreement.digest(self.db, settings)
        lease_ms = round(settings.supervision.lease * 1000)
        now_ms, steady_ms = clock.now_ms(), clock.steady_ms()
        if found is None or found.digest == self._mine or not agreement.in_use(self.db, found, now_ms, lease_ms):
            self._since_ms = self.differs = None
        elif self._since_ms is None:
            self._since_ms = steady_ms
            self.configuration.reload_next_time()
        elif steady_ms - self._since_ms > lease_ms:
            self._set_difference(found)

    def _set_difference(self, found: Agreed) -> None:
        """Say it, once in the log."""
        reason = f"{agreement.difference(found)}: candles are kept for the series of the files here"
        if self.differs != reason:
            self.differs = reason
            log.error("configuration_differs", mine=self._mine, counts=found.digest, host=found.host, reason=reason)

    @property
    def heartbeat_detail(self) -> dict[str, str]:
        """What the heartbeat says: what is wrong with the configuration."""
        found = "\n".join(filter(None, [self.configuration.complaint, self.differs]))
        return {"configuration": found} if found else {}
