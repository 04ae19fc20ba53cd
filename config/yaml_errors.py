"""What YAML's own complaints mean, and what to write: libyaml names neither the line that is wrong nor the cure."""

import re

import yaml

QUOTED = re.compile(r"'[^' ]{2,}'")  # of libyaml's words: what begins with ! or * may be a password
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # of lines, as YAML counts them
TAB = "is indented with a tab: YAML wants spaces"
TWICE = (
    "has a second `: ` on its line: quote a text that has one, write nested keys as { stop: 0.02 } or on lines of "
    "their own"
)
DEEPER = "is indented deeper than the line above, which has its value already: begin both at the same column"
NO_COLON = "has no `: ` (a colon and a space): write `key: value`"
OPENED = {
    "while parsing a flow mapping": "opens a { that is not closed, or lacks a comma in it: write { a: 1, b: 2 }",
    "while parsing a flow sequence": "opens a [ that is not closed, or lacks a comma in it: write [a, b]",
    "while scanning a quoted scalar": "opens a quotation mark that is not closed",
}
MEANT = {
    "found character that cannot start any token": "has a text that begins with a sign of YAML's own: quote it",
    "block sequence entries are not allowed in this context": "begins a list behind its key: write [a, b]",
    "did not find expected key": "is no `key: value` of what stands above: is a quote or an indentation wrong?",
    "did not find expected '-' indicator": "is no entry of the list above, each of which begins with `- `",
    "found undefined alias": "has a text that begins with *: quote it",
    "found unknown escape character": "has a backslash between double quotes: write it twice, or use single quotes",
}


def explained(text: str, error: yaml.YAMLError) -> tuple[int, str]:
    """The line of `text` that is wrong, counted from 1 (0: nobody knows), and what to write there."""
    problem, context = getattr(error, "problem", None) or "cannot be read", getattr(error, "context", None) or ""
    line, begun = _line(error, "problem_mark"), _line(error, "context_mark")
    if _indented_by_tab(text, line):
        return line, TAB
    if context in OPENED:
        return begun or line, OPENED[context]
    if problem == "could not find expected ':'":
        return begun or line, NO_COLON
    if problem == "mapping values are not allowed in this context":
        return line, TWICE if ":" in _before(text, error) else DEEPER
    return line, MEANT.get(problem, QUOTED.sub("…", problem))


def _line(error: yaml.YAMLError, mark: str) -> int:
    """The line of one of an error's marks, 0 where it has none."""
    found = getattr(error, mark, None)
    return found.line + 1 if found else 0


def _before(text: str, error: yaml.YAMLError) -> str:
    """What stands on the line before the place of a problem."""
    lines, mark = BREAK.split(text), getattr(error, "problem_mark", None)
    return lines[mark.line][: mark.column] if mark and mark.line < len(lines) else ""


def _indented_by_tab(text: str, line: int) -> bool:
    """Whether a line begins with a tab, or with spaces and one."""
    return re.match(rf"(?:[^\n]*\n){{{max(line - 1, 0)}}} *\t", text) is not None
