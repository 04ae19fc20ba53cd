"""The indicators of one window, each computed once for all strategies that name it."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from domain.candles import Window
from strategies.library import indicator, outputs, pd

Column = npt.NDArray[np.float64]
Columns = Mapping[str, Column]
COLUMNS = ("timestamp", "open", "high", "low", "close", "volume")
DIGITS = 10  # significant digits: on flat prices the noise beyond them would trade


def rounded(values: Column) -> Column:
    """`values` to 10 significant digits; 0, infinity and NaN stay as they are."""
    finite = np.isfinite(values) & (values != 0)
    if not finite.any():
        return values
    exponent = np.zeros(len(values))
    exponent[finite] = DIGITS - 1 - np.floor(np.log10(np.abs(values[finite])))
    power = 10.0 ** np.abs(exponent)
    up = exponent >= 0
    scaled = np.where(up, values * power, values / power)
    return np.where(finite, np.where(up, np.round(scaled) / power, np.round(scaled) * power), values)


def columns(window: Window) -> Columns:
    """The candles of a window by column."""
    table = np.array(window.candles, dtype=np.float64).reshape(-1, len(COLUMNS))
    return {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(COLUMNS)}


class Indicators:
    """Price columns and indicators over one window: float64 arrays of its length, NaN while undefined.

    ``indicators("rsi", 14)`` and ``indicators("macd", 12, 26, 9, output="signal")`` are computed by pandas_ta, rounded
    to 10 significant digits and kept. `table` are the columns of the window, where they are known already.
    """

    def __init__(self, window: Window, table: Columns | None = None) -> None:
        self.window = window
        self._columns = columns(window) if table is None else table
        self._known: dict[tuple[object, ...], dict[str, Column]] = {}

    def column(self, name: str) -> Column:
        """A price column: open, high, low and close in quote currency, volume in base currency."""
        return self._columns[name]

    def __len__(self) -> int:
        return len(self.window)

    def __call__(self, name: str, *args: float | None, output: str | None = None) -> Column:
        """The indicator's values; `output` chooses among several. KeyError for a name or output that is not there."""
        key = (name, args)
        if key not in self._known:
            self._known[key] = {each: rounded(column) for each, column in self._computed(name, args).items()}
        found = self._known[key]
        if not found:
            return np.full(len(self), np.nan)
        return found[next(iter(found)) if output is None else output]

    @cached_property
    def _series(self) -> dict[str, "pd.Series[float]"]:
        """The price columns as pandas_ta takes them."""
        return {name: pd.Series(column) for name, column in self._columns.items()}

    def _computed(self, name: str, args: tuple[float | None, ...]) -> dict[str, Column]:
        """What pandas_ta says, by output; nothing where the window is too short for an answer."""
        spec = indicator(name)
        given = dict(zip(spec.arguments, args, strict=False))
        found = spec.function(**{each: self._series[column] for each, column in spec.columns}, **given)
        if found is None:
            return {}
        frame = found if isinstance(found, pd.DataFrame) else found.to_frame()
        table = frame.to_numpy(np.float64)
        table = np.vstack([np.full((len(self) - len(table), table.shape[1]), np.nan), table])
        places = outputs(name, [str(each) for each in frame.columns])
        return {each: np.ascontiguousarray(table[:, place]) for place, each in enumerate(places)}
