"""Tables within the width of a terminal: no line is wider, no number is broken, what is left out is said."""

import io
import re
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as drawn
from rich.cells import cell_len

from fleet import column_widths, columns, number_format, render
from fleet.column_widths import TableColumn

WIDTHS = (20, 80, 100, 120, 160)
WORDS = drawn.lists(drawn.text("abc币-_/.", min_size=1, max_size=30), max_size=12).map(" ".join)
FIGURES = drawn.floats(-1e7, 1e7).map(number_format.number)
CELLS = drawn.one_of(WORDS, FIGURES, drawn.just("2026-01-02 03:04"))


def printed(rows, monkeypatch, width, **options):
    """The lines of a table on a terminal of so many columns."""
    if width:
        monkeypatch.setenv("COLUMNS", str(width))
    else:
        monkeypatch.delenv("COLUMNS", raising=False)
    out = io.StringIO()
    with redirect_stdout(out):
        render.listing(rows, "table", **options)
    return out.getvalue().splitlines()


@given(CELLS, drawn.integers(1, 60))
def test_a_text_in_lines_is_the_text(text, width):
    """Nothing is lost but the spaces at which it was broken, and no line is too wide (a letter may take two cells)."""
    lines = column_widths.lines(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(cell_len, lines)) <= max(width, 2)


@given(drawn.lists(FIGURES, min_size=1, max_size=9), drawn.integers(20, 60))
def test_no_number_of_a_sentence_is_broken(numbers, width):
    """Not between words, and not where signs stand between them."""
    for text in (" ".join(numbers), "/".join(numbers), "close" + "close".join(numbers)):
        joined = "\n".join(column_widths.lines(text, width))
        assert [*re.findall(r"[\d.,]+", joined)] == [*re.findall(r"[\d.,]+", text)]


@given(drawn.lists(drawn.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8), drawn.integers(1, 200))
def test_columns_fit(listed, width):
    """Together they take no more than there is, and numbers and dates keep their width unless one column is all."""
    found = [
        TableColumn(f"column_{number}", cells, all(map(number_format.is_rigid, cells)))
        for number, cells in enumerate(listed)
    ]
    order = [each.name for each in found]
    widths = column_widths.fitted(found, order, width)
    assert sum(widths.values()) + column_widths.GAP * (len(widths) - 1) <= width
    assert order[0] in widths
    for each in found:
        if each.rigid and len(widths) > 1 and each.name in widths:
            assert widths[each.name] >= each.longest


def test_the_least_important_go_first():
    """In the order that is declared, and what is narrow still fills what is left."""
    found = [TableColumn(name, ["x" * 10], rigid=False) for name in "abcd"] + [TableColumn("e", ["1"], rigid=True)]
    assert [*column_widths.fitted(found, "dcbae", 26)] == ["c", "d", "e"]
    assert [*column_widths.fitted(found, "dcbae", None)] == [*"abcde"]


ROW = {
    "strategy_id": "btc-bin-5m", "mode": "paper", "quote": "USDT", "total_trades": 12, "round_trips": 6,
    "win_rate": 7 / 19, "total_pnl": 1234567.891, "total_return": 0.033861, "profit_factor": 1.3576,
    "max_drawdown": 0.5816, "sharpe": 0.34121, "exposure": 1.0, "fees": 0.0049, "open_pnl": -12.5, "equity": 2234567.0,
    "wins": 7, "avg_pnl": None,
}  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_on_a_narrow_terminal(monkeypatch, width):
    """The strategy always, its profit as soon as there is room, and how to see the rest."""
    lines = printed([ROW] * 3, monkeypatch, width, title="strategy_performance")
    assert max(map(len, lines)) <= width
    assert sum("btc-bin-5m" in line for line in lines) == 3
    assert width == 20 or "1,234,567.89" in "\n".join(lines)
    assert width == 20 or re.fullmatch(r"left out: .* \(--all-columns, --format json\)", lines[-1])


def test_every_column_stands_below_the_other(monkeypatch):
    """Where all are wanted and do not fit; on a wide terminal and off a terminal they stand side by side."""
    lines = printed([ROW, ROW], monkeypatch, 60, title="strategy_performance", all_columns=True)
    assert [line.split()[0] for line in lines if line.strip()] == ["strategy_performance", *ROW, *ROW]
    assert max(map(len, lines)) <= 60
    for width in (400, None):
        wide = printed([ROW], monkeypatch, width, title="strategy_performance", all_columns=True)
        assert wide[1].split() == [*ROW]


def test_people_read_per_cent_and_cents(monkeypatch):
    """7 of 19 is 36.8 %; the drawdown of docs/metrics.md, beside backtesting.py, is 58.16 %."""
    text = "\n".join(printed([ROW], monkeypatch, None, title="strategy_performance"))
    for told in ("36.8 %", "3.39 %", "58.2 %", "100.0 %", "1,234,567.89", "1.36", "0.0049", "-12.50", "2,234,567.00"):
        assert f" {told} " in text.replace("\n", " ")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_programs_read_fractions(monkeypatch, capsys, form):
    """Every digit, no unit."""
    render.listing([ROW], form, title="strategy_performance")
    said = capsys.readouterr().out
    assert str(7 / 19) in said
    assert "%" not in said
    assert "1234567.891" in said


@pytest.mark.parametrize(
    ("value", "quote", "told"),
    [(1234.5, "USDT", "1,234.50"), (-0.004, "USD", "-0.004"), (0.0, "EUR", "0.00"), (0.50321149, "BTC", "0.503211"),
     (0.00001234, "BTC", "0.00001234"), (98765.4321, None, "98,765.43"), (float("nan"), "USD", "nan")],
)  # fmt: skip
def test_money(value, quote, told):
    """Cents of a currency that has them; of others six digits, without an exponent."""
    assert number_format.text("equity", value, quote) == told


@given(drawn.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_what_it_says(value):
    """To its six digits, and it is known as a number."""
    told = number_format.number(value)
    assert float(told.replace(",", "")) == pytest.approx(value, rel=1e-5)
    assert number_format.is_number(told) or "e+" in told


def test_no_name_of_an_order_comes_twice():
    """That each is a column of its listing, tests/integration/test_narrow.py holds."""
    for text in columns._ORDERS.values():
        assert len(set(text)) == len(text)
