"""The door to terminals: what came from outside is shown as text, in every format."""

import csv
import io
import json
import sys
import unicodedata
from contextlib import redirect_stdout

import pytest

from domain.text import visible
from fleet import render
from runtime.output import prose

EVIL = "[/foo] \x1b[31mred\x1b]0;title\x07 \u202etxt.exe\u2066 \x9b1m \u2028 line\nnext\rback \x7f"
SIGNS = "".join(map(chr, range(sys.maxunicode + 1)))


def listed(form, value, **options):
    """A listing of one row."""
    out = io.StringIO()
    with redirect_stdout(out):
        render.listing([{"name": "one", "reason": value}], form, title="[/bar]\x1b", **options)
    return out.getvalue()


def test_every_control_is_spelled_out():
    """Control characters, halves of characters, line separators, and all that turn a line around."""
    for sign in SIGNS:
        steers = unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}
        turns = unicodedata.bidirectional(sign) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        assert (visible(sign) != sign) or not (steers or turns)


def test_what_is_shown_is_a_text_once_and_for_all():
    """A letter stays, an escape is spelled, and what is shown is not spelled again."""
    assert visible("BTC/USDT → é\x1b\u202e\U000e0041") == "BTC/USDT → é\\x1b\\u202e\\U000e0041"
    assert visible("a\n\tb\r", lines=True) == "a\n\tb\\x0d"
    assert visible(visible(EVIL)) == visible(EVIL)


@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_no_format_lets_an_escape_through(form):
    """Not as a cell, not as a title; markup is not read and no line is broken."""
    told = listed(form, EVIL)
    assert visible(told, lines=True) == told
    assert "[/foo] \\x1b[31mred" in told
    assert "\\u202etxt.exe" in told
    assert "line\\x0anext" in told


def test_json_stays_json():
    """The text as it was."""
    (row,) = json.loads(listed("json", EVIL))
    assert row["reason"] == EVIL
    assert listed("json", EVIL).isascii()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_of_a_csv_is_a_formula(text):
    """A quotation mark stands before it unless it is asked for raw."""
    assert next(csv.DictReader(io.StringIO(listed("csv", text))))["reason"] == "'" + visible(text)
    assert next(csv.DictReader(io.StringIO(listed("csv", text, raw=True))))["reason"] == visible(text)


def test_numbers_of_a_csv_stay_numbers():
    """Also those below zero."""
    assert "one,-1.5\n" in listed("csv", -1.5)


def test_prose_is_as_wide_as_it_may_be():
    """Paragraphs are filled anew; what is indented, headings and empty lines stay; commands are not parted."""
    text = "one two three\nfour `fleet --all-columns`\n\nexamples:\n  fleet   demo\nlast\nwords"
    assert prose(text, 14) == "one two three\nfour `fleet\n--all-columns`\n\nexamples:\n  fleet   demo\nlast words"
