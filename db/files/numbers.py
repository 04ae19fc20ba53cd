"""Numbers as tables write them: with a point, or with the comma of a spreadsheet of Europe."""

import re
from collections.abc import Callable, Iterable

Read = Callable[[str], float]
FRACTION = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d*", re.ASCII)  # `93000,5`, `0,125`
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3}){2,}|[+-]?\d{1,3}(?:,\d{3})+\.\d*", re.ASCII)  # `93,000.5`
EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)  # `93,000`


def reading(cells: Iterable[str]) -> Read:
    """How the numbers of a table are read, by some of them. Raises ValueError where their commas may mean either."""
    written = {cell.strip() for cell in cells if "," in cell}
    either = {cell for cell in written if EITHER.fullmatch(cell)}
    thousands = any(THOUSANDS.fullmatch(cell) for cell in written)
    fraction = any(FRACTION.fullmatch(cell) for cell in written - either)
    if fraction and not thousands:
        return _comma
    if thousands and not fraction:
        return _grouped
    if either:
        raise ValueError(f"the comma of {min(either)} may part thousands or a fraction: write numbers with a point")
    return float


def _comma(cell: str) -> float:
    """``1.234,5`` as 1234.5. Raises ValueError for a point without a comma: it may part either."""
    whole, comma, fraction = cell.partition(",")
    if "." in cell and not (comma and re.fullmatch(r"\s*[+-]?\d{1,3}(?:\.\d{3})+", whole)):
        raise ValueError(f"a point where others have a comma: {cell.strip()[:40]}")
    return float(f"{whole.replace('.', '')}.{fraction}" if comma else whole)


def _grouped(cell: str) -> float:
    """``1,234.5`` as 1234.5. Raises ValueError where commas stand otherwise."""
    if "," in cell and not re.fullmatch(r"\s*[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*", cell):
        raise ValueError(f"commas that part no thousands: {cell.strip()[:40]}")
    return float(cell.replace(",", ""))
