"""Single-line breaks of Python and SQL sources: where one can be made, and what the line becomes."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple


class Break(NamedTuple):
    """A piece of one line of a file, by columns in bytes, and what it becomes."""

    file: str
    line: int
    start: int
    end: int
    new: str

    def applied(self, source: str) -> str:
        """The source with the break in it."""
        lines = source.splitlines(keepends=True)
        line = lines[self.line - 1].encode()
        lines[self.line - 1] = (line[: self.start] + self.new.encode() + line[self.end :]).decode()
        return "".join(lines)


COMPARED = {"Lt": "<=", "LtE": "<", "Gt": ">=", "GtE": ">", "Eq": "!=", "NotEq": "==", "Is": "is not", "IsNot": "is"}
JOINED = {"Add": "-", "Sub": "+", "Mult": "/", "Div": "*"}
SWAPPED = {
    "max": "min", "min": "max", "any": "all", "all": "any", "True": "False", "False": "True",
    "ROUND_FLOOR": "ROUND_CEILING", "ROUND_CEILING": "ROUND_FLOOR", "ROUND_HALF_EVEN": "ROUND_DOWN",
    "ROUND_UP": "ROUND_DOWN", "ROUND_DOWN": "ROUND_UP",
}  # fmt: skip
TALK = (ast.JoinedStr, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.AnnAssign)  # no behaviour in it
SQL = [
    (r"<=", "<"), (r">=", ">"), (r"<(?![=>])", "<="), (r"(?<![<-])>(?!=)", ">="), (r"(?<![<>])= ", "<> "),
    (r"\bmax\(", "min("), (r"\bmin\(", "max("), (r"\bsum\(", "max("), (r"\bavg\(", "max("),
    (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "), (r"\band\b", "or"), (r"\bor\b", "and"),
    (r"\bdesc\b", "asc"), (r"\b0\b", "1"), (r"\b1\b", "2"), (r"\b(86400|365|1000|3600)\b", "7"),
    (r"\bis null\b", "is not null"), (r"\bis not null\b", "is null"),
]  # fmt: skip


def of_python(file: str, source: str) -> Iterator[Break]:
    """Every break of a module: comparisons, signs, constants, operands, extremes, conditions."""
    lines = source.splitlines()
    for node in _acting(ast.parse(source)):
        for found in _of_node(file, node, lines):
            if lines[found.line - 1].encode()[found.start : found.end].decode() != found.new:
                yield found


def of_sql(file: str, source: str, first: int, last: int) -> Iterator[Break]:
    """Every break of the statements between two lines, comments aside."""
    for number, text in enumerate(source.splitlines()[first - 1 : last], first):
        code = text.split("--")[0]
        for pattern, new in SQL:
            for found in re.finditer(pattern, code):
                start = len(code[: found.start()].encode())
                yield Break(file, number, start, start + len(found.group().encode()), new)


def _acting(tree: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, TALK) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            continue
        if child in getattr(tree, "decorator_list", ()) or child is getattr(tree, "returns", None):
            continue
        if isinstance(child, ast.Call) and ast.unparse(child.func) == "Param":
            continue  # what a parameter may be
        yield child
        yield from _acting(child)


def _of_node(file: str, node: ast.AST, lines: list[str]) -> Iterator[Break]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _between(file, lines, node.left, node.comparators[0], COMPARED.get(type(node.ops[0]).__name__))
    elif isinstance(node, ast.BinOp):
        yield from _between(file, lines, node.left, node.right, JOINED.get(type(node.op).__name__))
    elif isinstance(node, ast.BoolOp):
        for left, right in pairwise(node.values):
            yield from _between(file, lines, left, right, "or" if isinstance(node.op, ast.And) else "and")
    if isinstance(node, ast.expr) and node.lineno == node.end_lineno and (new := _instead(node)):
        yield _whole(file, node, new)


def _instead(node: ast.expr) -> str | None:
    """What takes the place of a whole expression: operands swapped, a sign gone, another number or name."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div):
        sign = "-" if isinstance(node.op, ast.Sub) else "/"
        return f"({ast.unparse(node.right)}) {sign} ({ast.unparse(node.left)})"
    if isinstance(node, ast.UnaryOp):
        return f"({ast.unparse(node.operand)})"
    if isinstance(node, ast.IfExp):
        return f"({ast.unparse(node.orelse)} if {ast.unparse(node.test)} else {ast.unparse(node.body)})"
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return repr(node.value + 1)  # type: ignore[operator]
    return SWAPPED.get(ast.unparse(node)) if isinstance(node, ast.Name | ast.Constant) else None


def _between(file: str, lines: list[str], left: ast.expr, right: ast.expr, new: str | None) -> Iterator[Break]:
    if new is None or left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    text = lines[right.lineno - 1].encode()[left.end_col_offset : right.col_offset].decode()
    found = re.search(r"[<>=!]=|[<>+*/-]|is not|is|and|or", text)
    if found:
        start = left.end_col_offset + found.start()
        yield Break(file, right.lineno, start, start + len(found.group()), new)


def _whole(file: str, node: ast.expr, new: str) -> Break:
    assert node.end_col_offset is not None
    return Break(file, node.lineno, node.col_offset, node.end_col_offset, new)
