"""A matrix: one strategy's file that stands for many, one for every combination of its lists."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from config.reader import Reader
from config.source import Trail

AXES = ("exchange", "symbol", "timeframe", "params")
MOST = 10_000  # strategies of one file
PART = re.compile(r"\{(\w{1,63})\}")  # of a template: a name, nothing that would format it
TEMPLATE = r"^(?:[a-z0-9._~-]|\{\w{1,63}\})+$"  # as PART has it
LONGEST = 200  # characters of a template


def cells(reader: Reader) -> Iterator[Reader]:
    """A reader for every combination; the reader itself where its file has no matrix.

    `strategy_id` may hold {exchange}, {base}, {quote}, {timeframe}, {params} (the number of the entry of the list of
    params, from 1) and the name of any parameter; without them the parts that vary are appended.
    """
    matrix = reader.inner("matrix")
    if not matrix.values:
        yield reader
        return
    axes = _axes(matrix)
    count = prod(map(len, axes.values()))
    if count > MOST:
        reader.complain("matrix", None, f"makes {count:,} strategies; at most {MOST:,} are allowed in one file")
        return
    for combination in product(*axes.values()):
        cell = {key: value for key, (_, value) in zip(axes, combination, strict=True)}
        values = {key: value for key, value in reader.values.items() if key != "matrix"} | cell
        places = {key: place for key, (place, _) in zip(axes, combination, strict=True)}
        template = _template(values, places)
        values["strategy_id"] = _named(reader, template, values, places)
        moved: dict[str | int, Trail] = {key: ("matrix", key, place - 1) for key, place in places.items()}
        yield replace(
            reader, values=values, known=set(reader.known), moved=moved, warnings=[], made={"strategy_id": template}
        )


def schema(one: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a strategy's file with or without a matrix: `one` is that of a file without, but for its
    parameters; those are by kind in `params`. What a matrix has a list of need not stand beside it.
    """
    properties = dict(one["properties"])
    items = {axis: {"type": "array", "minItems": 1, "items": properties[axis]} for axis in AXES}
    properties["matrix"] = {"type": ["object", "null"], "properties": items, "additionalProperties": False}
    template = {"strategy_id": {"type": ["string", "number"], "maxLength": LONGEST, "pattern": TEMPLATE}}
    own, properties["strategy_id"] = (
        properties["strategy_id"],
        {"description": "an id, bound for ever to what it trades"},
    )
    each = {
        "if": {"required": ["matrix"]},
        "then": {"properties": template},
        "else": {"properties": {"strategy_id": own}},
    }
    kinds = [_kind(name, found) for name, found in params.items()]
    needed = [_somewhere(key) for key in one["required"] if key in AXES]
    return {
        **one,
        "properties": properties,
        "required": [key for key in one["required"] if key not in AXES],
        "allOf": [each, *needed, *kinds],
    }


def _kind(name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What holds where `strategy` names a kind."""
    listed = {"properties": {"params": {"items": params}}}
    then: dict[str, Any] = {"properties": {"params": params, "matrix": listed}}
    if "required" in params:
        then |= _somewhere("params")
    return {"if": {"required": ["strategy"], "properties": {"strategy": {"const": name}}}, "then": then}


def _somewhere(key: str) -> dict[str, Any]:
    """A key stands in the file, or its list in the matrix."""
    listed = {"required": ["matrix"], "properties": {"matrix": {"required": [key]}}}
    return {"anyOf": [{"required": [key]}, listed]}


def _axes(matrix: Reader) -> dict[str, list[tuple[int, Any]]]:
    """The numbered values of every list of the matrix."""
    found = {}
    for key in AXES:
        matrix.known.add(key)
        value = matrix.values.get(key)
        if value is not None and (not isinstance(value, list) or not value):
            matrix.complain(key, value, "must be a list that is not empty")
        elif value is not None:
            found[key] = list(enumerate(value, 1))
    matrix.done()
    return found


def _template(values: Mapping[str, Any], places: Iterable[str]) -> str:
    """What ids are made of: as it is written, else with the parts that vary."""
    template = str(values.get("strategy_id", ""))
    return template if "{" in template else "-".join([template, *(f"{{{key}}}" for key in places)])


def _named(reader: Reader, template: str, values: Mapping[str, Any], places: Mapping[str, int]) -> str:
    """The id of one combination."""
    base, _, quote = str(values.get("symbol", "")).lower().partition("/")
    params = values.get("params")
    words = {str(key): str(value)[:LONGEST] for key, value in params.items()} if isinstance(params, dict) else {}
    words |= {key: str(values.get(key) or "none") for key in ("exchange", "timeframe")}  # which is told by itself
    words |= {"base": base, "quote": quote, "symbol": f"{base}-{quote}", "params": str(places.get("params", 1))}
    parts = PART.split(template)
    if (
        len(template) > LONGEST
        or "{" in (rest := "".join(parts[::2]))
        or "}" in rest
        or set(parts[1::2]) - words.keys()
    ):
        reader.complain("strategy_id", template, f"may hold {', '.join(f'{{{word}}}' for word in words)}")
        return ""
    return "".join(words[part] if place % 2 else part for place, part in enumerate(parts))
