"""What a strategy sees of a window: prices and indicators by name, rounded; asking for what is not defined raises."""

from collections.abc import Callable, Sequence
from functools import cached_property

from tests.witness import indicators
from tests.witness.bars import Bar
from tests.witness.indicators import Column
from tests.witness.numbers import ten_digits


class UndefinedError(Exception):
    """A value that is asked for is not defined in this window."""


class Seen:
    """Prices and indicators of a window; `ago` counts bars back from its newest."""

    def __init__(self, window: Sequence[Bar]) -> None:
        self.window = window
        self._known: dict[object, Column] = {}
        self._own: dict[object, float] = {}

    @cached_property
    def closes(self) -> list[float]:
        """All closes."""
        return [bar.close for bar in self.window]

    def price(self, name: str, ago: int = 0) -> float:
        """A price or the volume of a bar."""
        if ago >= len(self.window):
            raise UndefinedError
        return float(getattr(self.window[-1 - ago], name))

    def value(self, key: object, inputs: Sequence[str], column: Callable[[], Column], ago: int = 0) -> float:
        """An indicator's value, computed once a window; `inputs` name the columns that it is made of."""
        if key not in self._known:
            self._known[key] = column()
        found = self._known[key]
        value = found[-1 - ago] if ago < len(found) else None
        if value is None:
            raise UndefinedError
        return ten_digits(value, max(self._largest(key, found), self._read(tuple(inputs))))

    def _largest(self, key: object, found: Column) -> float:
        if key not in self._own:
            self._own[key] = max(abs(each) for each in found if each is not None)
        return self._own[key]

    def _read(self, inputs: tuple[str, ...]) -> float:
        if inputs not in self._own:
            self._own[inputs] = max(abs(bar.column(name)) for bar in self.window for name in inputs)
        return self._own[inputs]

    def rsi(self, length: int, ago: int = 0) -> float:
        """Relative strength."""
        return self.value(("rsi", length), ["close"], lambda: indicators.rsi(self.closes, length), ago)

    def macd(self, fast: int, slow: int, signal: int, output: int, ago: int = 0) -> float:
        """MACD (output 0) or its signal (1)."""
        key = ("macd", fast, slow, signal, output)
        return self.value(key, ["close"], lambda: indicators.macd(self.closes, fast, slow, signal)[output], ago)

    def average(self, kind: str, length: int, source: str = "close", ago: int = 0) -> float:
        """A simple (`sma`) or exponential (`ema`) average of a column."""
        column = [bar.column(source) for bar in self.window]
        made = indicators.sma if kind == "sma" else indicators.ema
        return self.value((kind, length, source), [source], lambda: made(column, length), ago)

    def extreme(self, kind: str, length: int, source: str, ago: int = 0) -> float:
        """The `highest` or `lowest` of a column."""
        column = [bar.column(source) for bar in self.window]
        made = indicators.highest if kind == "highest" else indicators.lowest
        return self.value((kind, length, source), [source], lambda: made(column, length), ago)

    def ranged(self, kind: str, *arguments: float, output: int = 0, ago: int = 0) -> float:
        """One output of an indicator over high, low and close: atr, stoch, willr, adx."""

        def column() -> Column:
            found = getattr(indicators, kind)(self.window, *arguments)
            return found[output] if isinstance(found, tuple) else found

        return self.value((kind, arguments, output), ["high", "low", "close"], column, ago)

    def band(self, length: int, width: float, output: int, ago: int = 0) -> float:
        """The lower (0) or upper (1) Bollinger band."""
        key = ("bands", length, width, output)
        return self.value(key, ["close"], lambda: indicators.bands(self.closes, length, width)[output], ago)

    def change(self, length: int, ago: int = 0, *, percent: bool) -> float:
        """The close less the one of so many bars before, or that in per cent of it."""
        return self.value(("change", length, percent), ["close"], lambda: self._changes(length, percent=percent), ago)

    def _changes(self, length: int, *, percent: bool) -> Column:
        changes: Column = [None] * min(length, len(self.closes))
        for before, after in zip(self.closes, self.closes[length:], strict=False):
            changes.append(100 * (after - before) / before if percent else after - before)
        return changes
