"""A number with its noun."""

from domain.text import counted


def test_one_is_singular():
    """And thousands are parted."""
    told = [counted(1, "trade"), counted(2, "strategy"), counted(1, "strategy"), counted(1000, "decision")]
    assert told == ["1 trade", "2 strategies", "1 strategy", "1,000 decisions"]
