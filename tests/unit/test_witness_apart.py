"""The witness shares nothing with what it is a witness of."""

import ast
import sys
from pathlib import Path

WITNESS = Path(__file__).resolve().parents[1] / "witness"
DRIVING = {"product.py"}  # sets up the product's candles and reads its rows
OWN = {"tests.witness", "tests.conftest"}
LIBRARIES = sys.stdlib_module_names | {"numpy", "talib"}


def imported(module):
    """What a module imports, by full name."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_the_witness_computes_everything_by_itself():
    """No module of it but the one that drives the product imports any of its rooms, or another test's tools."""
    modules = [module for module in WITNESS.glob("*.py") if module.name not in DRIVING]
    names = {(module.name, name) for module in modules for name in imported(module)}
    own = {pair for pair in names if any(pair[1].startswith(prefix) for prefix in OWN)}
    assert len(modules) > 10
    assert {name.split(".")[0] for _, name in names - own} <= LIBRARIES
