"""ConfigurationSync: what a trader's files say of the strategies is told to the database, until it stands there."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from config.settings import Settings
from db.database import Database
from db.fleet import configurations
from db.fleet.configurations import Agreed
from db.fleet.workers import Worker
from db.trading.registration import register
from runtime import agreement, plugin_kinds
from runtime.reload import Configuration

log = structlog.get_logger()
SHOWN = 10  # troubles that a heartbeat names


@dataclass(kw_only=True)
class ConfigurationSync:
    """What stands in the database of one process's configuration.

    `troubles`: the strategies that do not fit what it knows of them, with why: they may not enter. `differs`: why this
    process trades nothing, None while its files are those that count.
    """

    db: Database
    who: Worker
    configuration: Configuration
    now_ms: Callable[[], int]
    troubles: dict[str, str] = field(default_factory=dict)
    differs: str | None = None
    digest: str = ""
    _settings: Settings | None = None
    _doubted: str = ""

    def settled(self) -> bool:
        """Register what is not registered yet; whether there is something new to follow.

        Whatever is raised, the next call tries again. Costs one read where everything stands as it should, and what is
        in trouble where that is tried again.
        """
        settings, found = self.configuration.current[0], configurations.agreed(self.db)
        same, before = settings is self._settings, (self.differs, self.troubles)
        if same and found is not None and found.digest == self.digest and self.differs is None:
            if self.troubles:
                self._retry(settings)
            return before != (self.differs, self.troubles)
        mine = self.digest if same else agreement.digest(self.db, settings)
        self._settle(settings, mine, found)
        self._settings, self.digest = settings, mine
        return not same or before != (self.differs, self.troubles)

    def _retry(self, settings: Settings) -> None:
        """Register those that did not fit: what somebody has sold meanwhile may be withdrawn now."""
        troubled = [agreement.registration(each) for each in settings.strategies if each.strategy_id in self.troubles]
        self._tell(register(self.db, troubled, self.now_ms(), partly=True))

    def _settle(self, settings: Settings, mine: str, found: Agreed | None) -> None:
        """Register, unless other files than ours count. A change that we have seen happen counts from now on."""
        changed = settings.complaint is None and self.digest not in {"", mine}
        if found is not None and found.digest != mine and not changed and not self._deserted(found):
            self._stand_back(mine, found)
            return
        counts = found if found and found.digest == mine else Agreed(mine, self.who.host, self.now_ms())
        listed = agreement.registrations(settings)
        kept = {one: f"its file cannot be read: {why}" for one, why in settings.unread.items()}
        self._tell(register(self.db, listed, self.now_ms(), kept=kept, agreed=counts))
        self.differs = None
        plugin_kinds.keep(self.db, self.configuration.current[1], settings.strategies, self.now_ms())
        agreement.store_last_good(self.db, settings, mine=mine)

    def _deserted(self, found: Agreed) -> bool:
        """Whether no other trader that lives has read what counts: then what we have read does."""
        lease_ms = round(self.configuration.current[0].supervision.lease * 1000)
        return not agreement.in_use(self.db, found, self.now_ms(), lease_ms, self.who.worker_id)

    def _stand_back(self, mine: str, found: Agreed) -> None:
        """Other files count: read ours once more, they may be the same by now, and trade nothing meanwhile."""
        reason = f"{agreement.difference(found)}: nothing is traded by this process until they agree"
        if self._doubted != found.digest:
            self._doubted = found.digest
            self.configuration.reload_next_time()
        self.troubles = {}
        if self.differs != reason:
            self.differs = reason
            log.error("configuration_differs", mine=mine, counts=found.digest, host=found.host, reason=reason)

    def _tell(self, troubles: dict[str, str]) -> None:
        """Say what is new among the troubles."""
        for strategy_id, why in troubles.items():
            if self.troubles.get(strategy_id) != why:
                log.error("strategy_refused", strategy_id=strategy_id, error=why)
        self.troubles = troubles

    @property
    def heartbeat_detail(self) -> dict[str, object]:
        """What the heartbeat says: which configuration is followed, and what is wrong with it."""
        wrong = [self.configuration.complaint, self.differs, *list(self.troubles.values())[:SHOWN]]
        found = "\n".join(filter(None, wrong))
        return {"digest": self.digest, **({"configuration": found} if found else {})}
