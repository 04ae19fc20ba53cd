"""The JSON Schema of both files, for editors: noted while files are read, so that there is no second table of keys."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from config import matrix
from config.fleet_file import fleet_file
from config.reader import REQUIRED, Reader
from config.shapes import Shape, plain, shape
from config.source import Source
from config.strategies_file import Known, strategies
from config.values import Parse, T
from domain.kinds import Kind
from domain.strategy import Distance

DRAFT = "http://json-schema.org/draft-07/schema#"
ANY = ""  # a name that somebody chooses
Schema = dict[str, Any]


def _mapping() -> Schema:
    """Of keys that are still to be noted, or nothing at all, as in `retention:` with every line below commented out."""
    return {"type": ["object", "null"], "properties": {}, "additionalProperties": False}


@dataclass
class Noting(Reader):
    """A reader of a file with hardly anything in it, which notes in `schema` what it is asked for."""

    schema: Schema = field(default_factory=_mapping)

    def take(self, key: str, parse: Parse[T], default: T = REQUIRED, doc: str = "") -> T:
        """Note a value."""
        more = {} if key == ANY else _default(default)
        found, needed = {**shape(parse), **({"description": doc} if doc else {}), **more}, default is REQUIRED
        self._note(key, found if needed else _or_nothing(found), needed=needed)
        return super().take(key, parse, default, doc)

    def inner(self, key: str) -> Reader:
        """Note a mapping."""
        return self._noted(key, super().inner(key))

    def inners(self, key: str) -> Iterator[Reader]:
        """Note a list of mappings; one alone may stand without brackets."""
        below = self._noted(key, self._below({}, key, 0))
        yield below
        self._note(key, {"anyOf": [{"type": "array", "items": {**below.schema, "type": "object"}}, below.schema]})

    def names(self, parse: Parse[str]) -> Iterator[str]:
        """Note that the keys are chosen."""
        self.schema["propertyNames"] = {name: word for name, word in shape(parse).items() if name != "description"}
        yield ANY

    def warn(self, found: Iterable[tuple[str, str]]) -> None:
        """Nothing was written that could be meant otherwise."""

    def _noted(self, key: str, below: Reader) -> "Noting":
        assert isinstance(below, Noting)
        made = replace(below, schema=_mapping())
        self._note(key, made.schema)
        return made

    def _note(self, key: str, found: Schema, *, needed: bool = False) -> None:
        """What may stand at a key."""
        if key == ANY:
            self.schema["additionalProperties"] = found
        else:
            self.schema["properties"][key] = found
        if needed:
            self.schema.setdefault("required", []).append(key)


def fleet() -> Schema:
    """The schema of fleet.yaml."""
    noting = _noting({})
    fleet_file(noting)
    return {"$schema": DRAFT, "title": "tradefleet: fleet.yaml", **noting.schema}


def strategy(kinds: Mapping[str, Kind]) -> Schema:
    """The schema of a strategy's file, where these are the kinds that there are."""
    found = {name: _of_kind(name, kinds) for name in sorted(kinds)}
    one = next(iter(found.values()))
    one["properties"]["strategy"] = {
        "enum": list(found),
        "description": "; ".join(f"{name}: {kinds[name].doc}" for name in found),
    }
    params = {name: schema["properties"].pop("params") for name, schema in found.items()}
    one["properties"]["params"] = {}
    return {"$schema": DRAFT, "title": "tradefleet: a strategy", **matrix.schema(one, params), "type": "object"}


def _of_kind(name: str, kinds: Mapping[str, Kind]) -> Schema:
    """What a file of one kind is asked for."""
    noting = _noting({"strategy": name, "exits": {"max_bars": 1}})
    list(strategies(noting, Known(kinds, {})))
    return noting.schema


def _noting(values: Mapping[str, Any]) -> Noting:
    return Noting(Source("schema"), values, [])


def _or_nothing(found: Schema) -> Schema:
    """The same, or an empty value."""
    if "anyOf" in found:
        return {**found, "anyOf": [*found["anyOf"], {"type": "null"}]}
    if "enum" in found:
        return {**found, "enum": [*found["enum"], None]}
    kinds = found["type"]
    return {**found, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


def _default(value: object) -> Shape:
    """The default of a key, as JSON; nothing where there is none."""
    if isinstance(value, Decimal):
        return {"default": plain(value)}
    if isinstance(value, Distance):
        return {"default": str(value) if value.atr else plain(value.value)}
    return {"default": value} if isinstance(value, str | int | float) else {}
