"""Single-line breaks of Python sources: where one can be made, and what the line becomes."""

import ast
import builtins
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


COMPARED = {
    "Lt": ("<=", ">"), "LtE": ("<", ">="), "Gt": (">=", "<"), "GtE": (">", "<="), "Eq": ("!=",), "NotEq": ("==",),
    "Is": ("is not",), "IsNot": ("is",), "In": ("not in",), "NotIn": ("in",),
}  # fmt: skip
JOINED = {"Add": ("-",), "Sub": ("+",), "Mult": ("/",), "Div": ("*",)}
PAIRS = (
    ("max", "min"), ("any", "all"), ("True", "False"), ("ROUND_FLOOR", "ROUND_CEILING"), ("floor_to", "ceil_to"),
    ("maker", "taker"), ("high", "low"), ("open", "close"), ("cash", "cost"), ("wins", "losses"), ("gains", "lost"),
    ("highest", "lowest"), ("best_pnl", "worst_pnl"), ("target", "stop"), ("min_cost", "min_amount"), ("BUY", "SELL"),
    ("amount_step", "price_tick"), ("filled_ms", "closed_ms"), ("profit", "capital"), ("equity", "profit"),
    ("entry_price", "high_water"), ("run_id", "strategy_id"), ("entry", "exit"), ("quote", "base"), ("price", "qty"),
    ("fee_quote", "fee"), ("ROUND_HALF_EVEN", "ROUND_DOWN"),
)  # fmt: skip
SWAPPED = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
TALK = (ast.JoinedStr, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.AnnAssign)  # no behaviour in it
NUMBER = re.compile(r"\d+(\.\d+)?(e-?\d+)?")


def of_python(file: str, source: str) -> Iterator[Break]:
    """Every break of a module: comparisons, signs, numbers, operands, names, conditions, statements left out."""
    lines = source.splitlines()
    for node in _acting(tree := ast.parse(source)):
        for found in _of_node(file, node, lines):
            if lines[found.line - 1].encode()[found.start : found.end].decode() != found.new:
                yield found
    known = set(_named(tree))
    for node in _acting(tree):
        new = SWAPPED.get(getattr(node, "id", getattr(node, "attr", "")))
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and new:
            whole = f"{ast.unparse(node.value)}.{new}" if isinstance(node, ast.Attribute) else new
            if whole in known and node.lineno == node.end_lineno:
                yield _whole(file, node, whole)


def _named(tree: ast.AST) -> Iterator[str]:
    """The names and attributes that a module makes use of, and what each function has of its own."""
    yield from dir(builtins)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            yield ast.unparse(node)
        elif isinstance(node, ast.alias):
            yield node.name


def _acting(tree: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, TALK) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            continue
        if child in getattr(tree, "decorator_list", ()) or child is getattr(tree, "returns", None):
            continue
        if isinstance(child, ast.arg) or (isinstance(child, ast.Call) and _called(child) in ("Param", "log")):
            continue  # types, what a parameter may be, and what is told
        yield child
        yield from _acting(child)


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).split(".")[0]


def _of_node(file: str, node: ast.AST, lines: list[str]) -> Iterator[Break]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _between(file, lines, node.left, node.comparators[0], COMPARED.get(type(node.ops[0]).__name__, ()))
    elif isinstance(node, ast.BinOp):
        yield from _between(file, lines, node.left, node.right, JOINED.get(type(node.op).__name__, ()))
    elif isinstance(node, ast.BoolOp):
        for left, right in pairwise(node.values):
            yield from _between(file, lines, left, right, ("or" if isinstance(node.op, ast.And) else "and",))
    if isinstance(node, ast.expr | ast.stmt) and node.lineno == node.end_lineno:
        yield from (_whole(file, node, new) for new in _instead(node))
    if isinstance(node, ast.If) and node.test.lineno == node.test.end_lineno:
        yield _whole(file, node.test, f"not ({ast.unparse(node.test)})")


def _instead(node: ast.expr | ast.stmt) -> Iterator[str]:
    """What may take the place of the whole: an operand alone, operands swapped, another number or branch, nothing."""
    match node:
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as sign):
            yield ast.unparse(left)
            if isinstance(sign, ast.Sub | ast.Div):
                yield f"({ast.unparse(right)}) {'-' if isinstance(sign, ast.Sub) else '/'} ({ast.unparse(left)})"
        case ast.BoolOp():
            yield from (f"({ast.unparse(value)})" for value in node.values)
        case ast.UnaryOp():
            yield f"({ast.unparse(node.operand)})"
        case ast.IfExp():
            yield f"({ast.unparse(node.orelse)} if {ast.unparse(node.test)} else {ast.unparse(node.body)})"
        case ast.Constant():
            yield from _another(node.value)
        case ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield "pass"


def _another(value: object) -> Iterator[str]:
    """Another number, also of one in quotes; the other truth."""
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int | float):
        yield repr(value + 1)
    elif isinstance(value, str) and NUMBER.fullmatch(value):
        yield repr(f"{float(value) * 10:g}")


def _between(file: str, lines: list[str], left: ast.expr, right: ast.expr, signs: tuple[str, ...]) -> Iterator[Break]:
    if left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    text = lines[right.lineno - 1].encode()[left.end_col_offset : right.col_offset].decode()
    found = re.search(r"[<>=!]=|[<>+*/-]|is not|not in|is|in|and|or", text)
    for new in signs if found else ():
        start = left.end_col_offset + found.start()  # type: ignore[union-attr]
        yield Break(file, right.lineno, start, start + len(found.group()), new)  # type: ignore[union-attr]


def _whole(file: str, node: ast.expr | ast.stmt, new: str) -> Break:
    assert node.end_col_offset is not None
    return Break(file, node.lineno, node.col_offset, node.end_col_offset, new)
