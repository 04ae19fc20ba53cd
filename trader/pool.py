"""Which of all strategies there is something to do for: what every trader has to know to find its part."""

from collections.abc import Callable, Mapping, Set

from config.settings import StrategySettings
from db.database import Database
from db.trading import positions, strategies
from db.trading.strategies import Standing
from domain.candles import Series

OursOf = Callable[[Mapping[str, str]], Set[str]]


class Pool:
    """The wanted strategies that may trade. It is worked out again only when something has changed that it depends on,
    so that whoever has ten thousand strategies does not go through them at every heartbeat.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._version, self._standing, self._disabled = "", list[Standing](), frozenset[str]()
        self._known: object = None
        self._found: Mapping[str, Series] = {}

    def forget(self) -> None:
        """What is wanted, or under which configuration, has changed."""
        self._known = None

    def series(
        self, wanted: Mapping[str, StrategySettings], idle: Set[str], selling: Set[str], ours_of: OursOf
    ) -> Mapping[str, Series]:
        """Those for which there is something to do here, with their series; the same object while nothing has changed.

        Its run has to be ours (`ours_of` runs by id). One that may not enter any more, as it is `idle` or was
        disabled, must hold something, whose exits go on, or be ordered to sell, which is taken back then.
        """
        self._look()
        resting = idle | self._disabled
        needless = frozenset(resting - selling - positions.holding(self._db)) if resting else resting
        if self._known != (known := (self._version, needless)):
            rest = ((each.strategy_id, each.run_id) for each in self._standing if each.strategy_id not in needless)
            ours = ours_of({one: run_id for one, run_id in rest if one in wanted})
            self._found, self._known = {one: wanted[one].series for one in ours}, known
        return self._found

    def _look(self) -> None:
        """Read all strategies again where they have changed."""
        version = strategies.version(self._db)
        if version != self._version:
            self._version, self._standing = version, strategies.standing(self._db)
            self._disabled = frozenset(each.strategy_id for each in self._standing if not each.active)
