"""A kind of strategy as text: what others must know of it to read the configuration without running a user's Python."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from domain.kinds import Kind, Param, Params
from domain.small_files import Unfit, json_object
from domain.strategy import Check, Distance, Exits

TYPES: Mapping[str, type[int] | type[float] | type[str]] = {"int": int, "float": float, "str": str}
NAME = re.compile(r"[\w.-]{1,100}")
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?")
LONGEST = 2_000  # characters of a text
MANY = 200  # parameters


class KindDescription(NamedTuple):
    """A kind without its code: its name, what it does in a line, its parameters, and the exits of its own."""

    name: str
    doc: str
    params: Mapping[str, Param]
    exits: Exits


def dump(kind: Kind) -> str:
    """A kind as JSON; `parse` reads it."""
    params = {
        name: {"type": each.type.__name__, "default": each.default, "doc": each.doc, "low": each.low, "high": each.high}
        for name, each in kind.params.items()
    }
    exits = {
        "check": str(kind.exits.check),
        "max_bars": kind.exits.max_bars,
        **{name: _distance_text(getattr(kind.exits, name)) for name in ("stop", "target", "trailing")},
    }
    return json.dumps({"name": kind.name, "doc": kind.doc, "params": params, "exits": exits}, default=_plain)


def params_key(params: Params) -> str:
    """The parameters of a strategy as one text, the same for the same values."""
    return json.dumps(dict(params), sort_keys=True, default=str)


def parse(text: str) -> KindDescription:
    """The description that a text holds. Whoever wrote it may have run somebody's Python: raises Unfit for whatever is
    not just what `dump` writes.
    """
    found = json_object(text)
    name, params = _text(found.get("name"), "name"), found.get("params")
    if not NAME.fullmatch(name):
        raise Unfit(0, f"name: {name[:20]!r} is none: at most 100 letters, digits, _, - and .")
    if not isinstance(params, dict) or len(params) > MANY:
        raise Unfit(0, f"params: at most {MANY} are expected, by name")
    parsed = {_text(each, "params"): _param(each, value) for each, value in params.items()}
    return KindDescription(name, _text(found.get("doc"), "doc"), parsed, _exits(found.get("exits")))


def _param(name: str, value: object) -> Param:
    """One parameter."""
    if not isinstance(value, dict) or value.get("type") not in TYPES:
        raise Unfit(0, f"params.{name}: its type must be one of {', '.join(TYPES)}")
    made, default = TYPES[value["type"]], value.get("default")
    fits = isinstance(default, str) if made is str else _is_number(default)
    if default is not None and not fits:
        raise Unfit(0, f"params.{name}: its default is no {value['type']}")
    low, high = value.get("low"), value.get("high")
    if not all(limit is None or _is_number(limit) for limit in (low, high)):
        raise Unfit(0, f"params.{name}: its limits must be numbers")
    return Param(made, default, _text(value.get("doc"), f"params.{name}"), low, high)


def _exits(value: object) -> Exits:
    """The exits of its own."""
    if not isinstance(value, dict) or value.get("check") not in [str(each) for each in Check]:
        raise Unfit(0, "exits: none are told")
    bars = value.get("max_bars")
    if bars is not None and not (isinstance(bars, int) and 0 < bars <= 1_000_000):
        raise Unfit(0, "exits.max_bars: must be a whole number")
    stop, target, trailing = (_distance(value.get(name), name) for name in ("stop", "target", "trailing"))
    return Exits(stop=stop, target=target, trailing=trailing, max_bars=bars, check=Check(value["check"]))


def _distance(value: object, name: str) -> Distance | None:
    """A distance from the entry price: its value, and the length of an ATR or nothing."""
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and NUMBER.fullmatch(value[0]):
        atr = value[1]
        if atr is None or (isinstance(atr, int) and 0 < atr <= 1_000_000):
            return Distance(Decimal(value[0]), atr)
    raise Unfit(0, f"exits.{name}: is no distance")


def _distance_text(found: Distance | None) -> list[Any] | None:
    return None if found is None else [f"{Decimal(found.value):f}", found.atr]


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Unfit(0, f"{name}: a text of at most {LONGEST:,} characters is expected")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Any) -> int | float | str:
    """A number of a library, such as numpy's, as Python's own; TypeError where it is none."""
    return int(value) if value == int(value) else float(value)
