"""What pandas_ta computes beyond the catalogue, for strategies of one's own: by its names, arguments and outputs."""

import inspect
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from strategies.light_pandas import pd
from strategies.rounding import rounded
from strategies.smoothing import Column

with warnings.catch_warnings():  # it asks pandas for things under their old names
    warnings.simplefilter("ignore", DeprecationWarning)
    import pandas_ta

COLUMNS: Mapping[str, str] = MappingProxyType(
    {"open": "open", "open_": "open", "high": "high", "low": "low", "close": "close", "volume": "volume"}
)
SETTINGS = frozenset({"talib", "offset", "kwargs", "drift", "scalar", "ddof", "presma", "fillna", "asint"})
NUMBER = re.compile(r"\d+(\.\d+)?")


class Indicator(NamedTuple):
    """One function of pandas_ta: the columns it reads, and its own arguments in order."""

    name: str
    function: Callable[..., Any]
    columns: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...]


def _outputs(columns: Sequence[str]) -> tuple[str, ...]:
    """What the columns of an indicator are called here: their own names without the lengths."""
    if len(columns) == 1:
        return ("",)
    words = ([word for word in column.lower().split("_") if not NUMBER.fullmatch(word)] for column in columns)
    return tuple(map("_".join, words))


@cache
def names() -> frozenset[str]:
    """Every indicator there is."""
    return frozenset(name for group in pandas_ta.Category.values() for name in group)


@cache
def indicator(name: str) -> Indicator:
    """The indicator with this name; KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    function = getattr(pandas_ta, name)
    parameters = list(inspect.signature(function).parameters)
    columns = tuple((each, COLUMNS[each]) for each in parameters if each in COLUMNS)
    arguments = tuple(each for each in parameters if each not in COLUMNS and each not in SETTINGS)
    return Indicator(name, function, columns, arguments)


def computed(name: str, columns: Mapping[str, Column], args: tuple[float | None, ...]) -> dict[str, Column]:
    """What pandas_ta says of an indicator over these columns, by output, to 10 significant digits; nothing where there
    are too few bars for an answer. KeyError for a name that is not there.
    """
    spec = indicator(name)
    size = len(columns["close"])
    given = dict(zip(spec.arguments, args, strict=False))
    found = spec.function(**{each: pd.Series(columns[column]) for each, column in spec.columns}, **given)
    if found is None:
        return {}
    frame = found if isinstance(found, pd.DataFrame) else found.to_frame()
    table = frame.to_numpy(np.float64)
    table = np.vstack([np.full((size - len(table), table.shape[1]), np.nan), table])
    outputs = _outputs([str(each) for each in frame.columns])
    return {each: rounded(np.ascontiguousarray(table[:, place])) for place, each in enumerate(outputs)}
