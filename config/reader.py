"""Reading a mapping key by key: what is wrong becomes a complaint, and reading goes on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from config.complaints import Complaint, nearest
from config.source import Source, Trail
from config.values import Parse
from domain import foreign
from domain.secrets import HIDDEN, is_secret

T = TypeVar("T")
REQUIRED: Any = object()
NAME = re.compile(r"[^\W\d][\w.~-]*")
TORN = "unknown key: within { } a comma begins a new one; quote a text that has a comma, write a fraction with a point"
REFUSED = "secrets never stand in YAML: put them into the environment"


@dataclass
class Reader:
    """A mapping within a file. `complaints` is shared by all readers of one load, `warnings` by those of one strategy.
    `moved`: where what belongs to a key of the file really stands, such as params in the entry of a matrix. `made`:
    what a person wrote where the value of a key was made of it.
    """

    source: Source
    values: Mapping[str, Any]
    complaints: list[Complaint]
    trail: Trail = ()
    known: set[str] = field(default_factory=set)
    moved: Mapping[str | int, Trail] = field(default_factory=dict)
    warnings: list[Complaint] = field(default_factory=list)
    made: Mapping[str, object] = field(default_factory=dict)

    def take(self, key: str, parse: Parse[T], default: T = REQUIRED, doc: str = "") -> T:
        """The value of a key; a wrong or missing one is a complaint, and the default or None stands for it. `doc`: what
        it means, where the key does not say it.
        """
        self.known.add(key)
        if self.values.get(key) is None:
            if default is REQUIRED:
                self.complain(key, None, f"is missing: {doc}" if doc else "is missing")
            return None if default is REQUIRED else default  # type: ignore[return-value]
        try:
            return parse(self.values[key])
        except ValueError as error:
            self.complain(key, self.values[key], str(error))
            return None if default is REQUIRED else default  # type: ignore[return-value]

    def inner(self, key: str) -> "Reader":
        """The mapping under a key; an empty one where there is none."""
        self.known.add(key)
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self.complain(key, value, "must be a mapping of keys to values")
        return self._below(value if isinstance(value, dict) else {}, key)

    def inners(self, key: str) -> Iterator["Reader"]:
        """Every mapping of the list under a key."""
        self.known.add(key)
        value = self.values.get(key) or []
        for place, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(each, dict):
                yield self._below(each, key, place)
            else:
                self.complain(key, each, "must be a mapping of keys to values")

    def names(self, parse: Parse[str]) -> Iterator[str]:
        """The keys of a mapping whose keys are names that somebody chose; one that cannot be is a complaint."""
        for name in self.values:
            try:
                parse(name)
            except ValueError as error:
                self.complain(name, None, str(error))
            yield name

    def _below(self, values: Mapping[str, Any], *trail: str | int) -> "Reader":
        """The reader of a mapping further down."""
        return replace(self, values=values, trail=(*self.trail, *trail), known=set())

    def place(self, key: str) -> tuple[str, int]:
        """The file and line at which a key stands, such as params.length."""
        trail = (*self.trail, *key.split(".")) if key else self.trail
        return self.source.place((*self.moved.get(trail[0], trail[:1]), *trail[1:]) if trail else ())

    def written(self, key: str) -> object:
        """What stands at a key, such as exits.stop; None where nobody wrote it."""
        outer, _, inner = key.partition(".")
        value = self.values.get(outer)
        return value.get(inner) if inner and isinstance(value, dict) else value

    def complain(self, key: str, value: object, reason: str, suggestion: str | None = None) -> None:
        """Note a mistake at a key."""
        self.complaints.append(self._at(key, value, reason, suggestion))

    def warn(self, found: Iterable[tuple[str, str]]) -> None:
        """Note what is hardly meant: pairs of key and reason."""
        self.warnings.extend(self._at(key, self.written(key), reason) for key, reason in found)

    def _at(self, key: str, value: object, reason: str, suggestion: str | None = None) -> Complaint:
        """What is to be said of a key, with its place."""
        trail = (*self.trail, *key.split(".")) if key else self.trail
        name = ".".join(str(part) for part in trail if not isinstance(part, int))
        value = self.made.get(name, value)
        value = HIDDEN if value is not None and any(is_secret(part) for part in name.split(".")) else value
        return Complaint(*self.place(key), name, value, reason, suggestion)

    def done(self) -> None:
        """Complain about every key that nobody asked for, in the file's order; what stands there is never shown."""
        torn = False
        for key in [key for key in self.values if key not in self.known]:
            if is_secret(key):
                self.complain(key, HIDDEN, REFUSED)
            elif self.values[key] is not None or NAME.fullmatch(key):
                reason, near = self._unknown(key)
                self._stands_for(near or self._words(foreign.KEYS_HERE).get(key.lower()))
                self.complain(key, None, reason, near)
            elif not torn:
                torn = True
                self.complain(key, None, TORN)

    def _words(self, places: Mapping[str, foreign.Words]) -> foreign.Words:
        """Those of a table that belong to where this mapping stands."""
        return places.get(str(self.trail[0]) if self.trail else "", {})

    def _stands_for(self, key: str | None) -> None:
        """Take back that a key is missing: it is there under another name, which is told."""
        if key is not None and self.values.get(key) is None:
            missing = self._at(key, None, "")
            same = (missing.file, missing.key)
            self.complaints[:] = [each for each in self.complaints if (each.file, each.key) != same]

    def _unknown(self, key: str) -> tuple[str, str | None]:
        """What to say of a key, and the one that it may be."""
        if answer := self._words(foreign.KEYS).get(key.lower()):
            return f"unknown key: {answer}", None
        near = nearest(key, self.known)
        return ("unknown key" if near else f"unknown key; known are {', '.join(sorted(self.known))}"), near
