"""The strategies that a process acts for, found by id and by series."""

from collections import UserDict
from collections.abc import Collection, ItemsView, KeysView, Mapping, Set, ValuesView

from domain.candles import Series
from trader.active_strategy import ActiveStrategy


class ActiveStrategies(UserDict[str, ActiveStrategy]):
    """Strategies by id. What is known of each series follows every change, so that nobody goes through all of them
    because one candle came.
    """

    def __init__(self) -> None:
        self._by_series: dict[Series, dict[str, ActiveStrategy]] = {}
        self._decided: dict[Series, int] = {}
        self._changed: set[Series] = set()
        self._closes: Set[int] | None = None
        self._disabled: set[str] = set()
        super().__init__()

    def __setitem__(self, strategy_id: str, active: ActiveStrategy) -> None:
        known, series = self.data.get(strategy_id), active.settings.series
        if known is not None and known.settings.series != series:
            del self[strategy_id]
        self.data[strategy_id] = active
        self._by_series.setdefault(series, {})[strategy_id] = active
        (self._disabled.discard if active.active else self._disabled.add)(strategy_id)
        self._changed.add(series)

    def __delitem__(self, strategy_id: str) -> None:
        series = self.data.pop(strategy_id).settings.series
        del self._by_series[series][strategy_id]
        if not self._by_series[series]:
            del self._by_series[series]
        self._changed.add(series)
        self._disabled.discard(strategy_id)

    def keys(self) -> KeysView[str]:
        """Their ids: a view of the dict's own, for one of `UserDict` is gone through wherever it meets a set."""
        return self.data.keys()

    def values(self) -> ValuesView[ActiveStrategy]:
        """All of them."""
        return self.data.values()

    def items(self) -> ItemsView[str, ActiveStrategy]:
        """All of them by id."""
        return self.data.items()

    @property
    def disabled(self) -> Set[str]:
        """Those that are not asked any more, as they failed too often."""
        return self._disabled

    @property
    def series(self) -> KeysView[Series]:
        """The series that are looked at."""
        return self._by_series.keys()

    def of(self, series: Series) -> Collection[ActiveStrategy]:
        """The strategies of a series, in the order in which they were taken."""
        return self._by_series.get(series, {}).values()

    def decided(self) -> Mapping[Series, int]:
        """The oldest of the newest bars that the strategies of each series have decided (opens, Unix seconds); 0 where
        one has decided none.
        """
        if self._changed:
            self._closes = None
        for series in self._changed:
            self._decided.pop(series, None)
            if strategies := self.of(series):
                self._decided[series] = min(active.decided or 0 for active in strategies)
        self._changed.clear()
        return self._decided

    def closes(self) -> Set[int]:
        """When the next bar closes that has still to be decided of each series on which one is (Unix seconds)."""
        decided = self.decided()
        if self._closes is None:
            self._closes = {bar + 2 * series.seconds for series, bar in decided.items() if bar}
        return self._closes
