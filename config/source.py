"""YAML with line numbers: plain values, and for every key the line it stands on. Nothing of a file is believed.

A file is bounded before anything is built from it: libyaml's own composer calls itself once for each level, and a
hundred thousand brackets end the process.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from config.complaints import Complaint
from config.yaml_errors import explained
from domain import scalars
from domain.scalars import Number
from domain.small_files import Unfit

LARGEST = 100_000  # values of one file: aliases of aliases can spell billions in a few lines
DEEPEST = 50  # levels
LONGEST = 10_000  # characters of one value
DIRECTIVES = 10  # libyaml compares each %TAG with all others
TOO_MUCH = f"more than {LARGEST:,} values, {DEEPEST} levels or {DIRECTIVES} directives: no configuration needs that"
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PLAIN, TEXT = "plain", "tag:yaml.org,2002:str"  # what a scalar without tag and quotes is, and one with quotes
MERGE = (PLAIN, "<<")
OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
Trail = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """Leaves plain scalars as they are. PyYAML reads them as YAML 1.1, where 014 is twelve and 1:30 is ninety."""

    yaml_implicit_resolvers = {None: [(PLAIN, re.compile(""))]}  # noqa: RUF012  as its base has it


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
        """The file and line of a key, or of the nearest thing around it; the variables that wrote it, and 0."""
        made = [name for path, name in self.overrides.items() if self._made(path, trail)]
        if made:
            return ", ".join(made), 0
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.file, self.lines.get(trail, 1)

    def _made(self, path: Trail, trail: Trail) -> bool:
        """Whether a variable for `path` wrote what stands at `trail`, or is why it is there at all."""
        return path == trail[: len(path)] or (trail == path[: len(trail)] and trail not in self.lines)

    def override(self, trail: tuple[str, ...], value: str, variable: str) -> None:
        """Let an environment variable replace a value; it is read as YAML, so that 4 is a number."""
        if len(trail) > DEEPEST:
            self.complain(0, "variable", f"{variable[:80]}… names more than {DEEPEST} levels")
            return
        inner = self.value
        for key in trail[:-1]:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        read = parsed(value, variable)
        inner[trail[-1]] = value if read.complaints else read.value
        self.overrides[trail] = variable

    def complain(self, line: int, key: str, reason: str) -> None:
        """Note what makes it no configuration."""
        self.complaints.append(Complaint(self.file, line, key, None, reason))


def parse(file: str, content: str) -> Source:
    """The text of a file of one YAML mapping; mistakes of form become complaints."""
    source = parsed(content, file)
    if source.complaints:
        return source
    source.value = {} if source.value is None else source.value
    if not isinstance(source.value, Mapping):
        source.complaints.append(Complaint(source.file, 1, "file", source.value, "must be a mapping of keys to values"))
    return source


def parsed(text: str, name: str) -> Source:
    """What a text in YAML says, None where it says nothing; `name` stands for its file in complaints."""
    source = Source(name)
    try:
        _refuse_unbounded(text)
        node = _Loader(text).get_single_node()
        source.value = None if node is None else _Builder(source).value(node, ())
    except yaml.YAMLError as error:
        line, reason = explained(text, error)
        source.complain(line, "YAML", reason)
    except Unfit as error:
        source.complain(error.line, "YAML", str(error))
    return source


def _refuse_unbounded(text: str) -> None:
    """Raise Unfit for what is too deep or too much, told from its tokens, which come one after the other."""
    control = UNREADABLE.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise Unfit(line, f"control character 0x{ord(control[0]):02x}: write it as an escape between double quotes")
    depth = directives = 0
    for count, token in enumerate(_tokens(text)):
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        directives += isinstance(token, yaml.DirectiveToken)
        if depth > DEEPEST or count > 5 * LARGEST or directives > DIRECTIVES:
            raise Unfit(token.start_mark.line + 1, TOO_MUCH)


def _tokens(text: str) -> Iterator[Any]:
    """The tokens of a text."""
    return iter(yaml.scan(text, yaml.CSafeLoader))


def bare(text: str) -> str:
    """A text that `parse` found good, as it is read: without comments."""
    node = yaml.compose(text, yaml.CSafeLoader)
    return "" if node is None else str(yaml.serialize(node, Dumper=yaml.CSafeDumper, allow_unicode=True))


class _Builder:
    """Turns nodes into values and notes their lines."""

    def __init__(self, source: Source) -> None:
        self._source, self._count = source, 0

    def value(self, node: yaml.Node, trail: Trail) -> Any:
        """What a node says; raises Unfit for a file that spells out too much."""
        line = node.start_mark.line + 1
        self._count += 1
        if self._count > LARGEST or len(trail) > DEEPEST:
            raise Unfit(line, TOO_MUCH)
        self._source.lines.setdefault(trail, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, trail)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*trail, place)) for place, each in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        """A text, number, truth value or nothing."""
        line, text = node.start_mark.line + 1, _scalar_text(node)
        if node.tag == TEXT:
            return text
        if node.tag != PLAIN:
            raise Unfit(line, "tags (!) are not read here: quote a text")
        found = scalars.read(text)
        if isinstance(found, Number) and len(text) > scalars.LONGEST:
            raise Unfit(line, f"a number of more than {scalars.LONGEST} characters")
        return found

    def _mapping(self, node: yaml.MappingNode, trail: Trail) -> dict[str, Any]:
        """A mapping; the first of two equal keys wins and the second is a complaint."""
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._key(key_node, line)
            if key in found:
                place = ".".join(map(str, (*trail, key)))
                self._source.complain(line, place, "stands here twice")
                continue
            self._source.lines[*trail, key] = line
            found[key] = self.value(value_node, (*trail, key))
        return found

    def _key(self, node: yaml.Node, line: int) -> str:
        """A key as it is written."""
        if not isinstance(node, yaml.ScalarNode) or node.tag not in {PLAIN, TEXT} or (node.tag, node.value) == MERGE:
            raise Unfit(line, "a key must be a plain text (merge keys, <<, are not read here)")
        return _scalar_text(node)


def _scalar_text(node: yaml.Node) -> str:
    """The characters of a scalar, of which there may not be too many."""
    text = str(node.value)
    if len(text) > LONGEST:
        raise Unfit(node.start_mark.line + 1, f"a text of more than {LONGEST:,} characters")
    return text
