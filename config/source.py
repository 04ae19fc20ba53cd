"""YAML with line numbers: plain values, and for every key the line it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from config.complaints import Complaint

LARGEST = 100_000  # values of one file: aliases of aliases can spell billions in a few lines
Trail = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """One file: what it says, and where. `complaints` holds what makes it no configuration at all.

    `overrides` names the environment variables that have replaced values of the file.
    """

    file: str
    value: Any = None
    lines: dict[Trail, int] = field(default_factory=dict)
    overrides: dict[Trail, str] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def place(self, trail: Trail) -> tuple[str, int]:
        """The file and line of a key, or of the nearest thing around it; the variable that overrides it, and 0."""
        if trail in self.overrides:
            return self.overrides[trail], 0
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.file, self.lines.get(trail, 1)

    def override(self, trail: tuple[str, ...], value: str, variable: str) -> None:
        """Let an environment variable replace a value; it is read as YAML, so that 4 is a number."""
        inner = self.value
        for key in trail[:-1]:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        try:
            inner[trail[-1]] = yaml.load(value, yaml.CSafeLoader)
        except yaml.YAMLError:
            inner[trail[-1]] = value
        self.overrides[trail] = variable


def read(path: Path) -> Source:
    """A file of one YAML mapping; mistakes of form become complaints."""
    source = Source(str(path))
    try:
        loader = yaml.CSafeLoader(path.read_text("utf-8"))
        node = loader.get_single_node()
        source.value = {} if node is None else _Builder(source, loader).value(node, ())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        source.complaints.append(Complaint(source.file, mark.line + 1 if mark else 0, "YAML", None, reason))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        source.complaints.append(Complaint(source.file, 0, "file", None, reason))
    except ValueError as error:
        source.complaints.append(Complaint(source.file, 0, "file", None, str(error)))
    if not source.complaints and not isinstance(source.value, Mapping):
        source.complaints.append(Complaint(source.file, 1, "file", source.value, "must be a mapping of keys to values"))
    return source


class _Builder:
    """Turns nodes into values and notes their lines."""

    def __init__(self, source: Source, loader: yaml.CSafeLoader) -> None:
        self._source, self._loader, self._count = source, loader, 0

    def value(self, node: yaml.Node, trail: Trail) -> Any:
        """What a node says; raises ValueError for a file that spells out too much."""
        self._count += 1
        if self._count > LARGEST or len(trail) > 50:
            raise ValueError(f"more than {LARGEST} values or 50 levels: no configuration needs that")
        self._source.lines.setdefault(trail, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, trail)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*trail, place)) for place, each in enumerate(node.value)]
        return self._loader.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, trail: Trail) -> dict[str, Any]:
        """A mapping; the first of two equal keys wins and the second is a complaint."""
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(self._loader.construct_object(key_node))
            line = key_node.start_mark.line + 1
            if key in found:
                place = ".".join(map(str, (*trail, key)))
                self._source.complaints.append(Complaint(self._source.file, line, place, None, "stands here twice"))
                continue
            self._source.lines[*trail, key] = line
            found[key] = self.value(value_node, (*trail, key))
        return found
