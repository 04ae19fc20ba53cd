"""The indicators of one window, each computed once for all strategies that name it."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from domain.candles import Window
from strategies.library import OUTPUTS, indicator, pd

Column = npt.NDArray[np.float64]
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


class Indicators:
    """Price columns and indicators over one window: float64 arrays of its length, NaN while undefined.

    ``indicators("rsi", 14)`` and ``indicators("macd", 12, 26, 9, output="signal")`` are computed by pandas_ta, rounded
    to 10 significant digits and kept.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        self._known: dict[tuple[object, ...], Column] = {}

    @cached_property
    def _columns(self) -> dict[str, Column]:
        """The candles by column."""
        table = np.array(self.window.candles, dtype=np.float64).reshape(-1, len(COLUMNS))
        return {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(COLUMNS)}

    def column(self, name: str) -> Column:
        """A price column: open, high, low and close in quote currency, volume in base currency."""
        return self._columns[name]

    def __len__(self) -> int:
        return len(self.window)

    def __call__(self, name: str, *args: float, output: str | None = None) -> Column:
        """The indicator's values; `output` chooses among several. KeyError for a name or output that is not there."""
        wanted = output or OUTPUTS.get(name, ("",))[0]
        key = (name, args, wanted)
        if key not in self._known:
            for each, column in self._computed(name, args).items():
                self._known[name, args, each] = rounded(column)
        return self._known[key]

    @cached_property
    def _series(self) -> dict[str, "pd.Series[float]"]:
        """The price columns as pandas_ta takes them."""
        return {name: pd.Series(column) for name, column in self._columns.items()}

    def _computed(self, name: str, args: tuple[float, ...]) -> dict[str, Column]:
        """What pandas_ta says, by output; NaN throughout where the window is too short for an answer."""
        spec = indicator(name)
        given = dict(zip(spec.arguments, args, strict=False))
        found = spec.function(**{each: self._series[column] for each, column in spec.columns}, **given)
        if found is None:
            undefined = np.full(len(self), np.nan)
            return dict.fromkeys(OUTPUTS.get(name, ("",)), undefined)
        if isinstance(found, pd.DataFrame):
            columns = OUTPUTS.get(name) or tuple(str(each).partition("_")[0].lower() for each in found.columns)
            return {each: found.iloc[:, place].to_numpy(np.float64) for place, each in enumerate(columns)}
        return {"": found.to_numpy(np.float64)}
