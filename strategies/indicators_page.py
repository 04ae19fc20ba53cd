"""Makes docs/indicators.md out of the catalogue: `python -m strategies.indicators_page FILE` (`make docs`)."""

import sys
from pathlib import Path

from domain import catalogue
from domain.catalogue import Argument, Entry

HEAD = """# Indicators

Made from `domain/indicators.txt` by `make docs`; a test holds it to the code. How rules are written stands in
[strategies.md](strategies.md).

- **source**: the indicator is of one column, which its first argument may name: `sma(volume, 20)`, `ema(hl2, 10)`; one
  of `open`, `high`, `low`, `close`, `volume`, `hl2`, `hlc3`, `ohlc4`. What stands for it otherwise is in brackets.
- **unit**: of each output, or of all. `ratio` has no scale. A comparison of a price with a volume says nothing.
- **warm-up**: bars that must be there, the newest among them; in brackets for the arguments as they stand there. ema(n)
  is 11.5 n and wilder(n) is 23 n: the bars after which the start weighs less than 1e-10; forgets(…) was measured over
  real candles. Where none of these stands the value is made of exactly so many bars, and a crossing needs one more.
- Values are rounded to 10 significant digits, and 0 where they are below 1e-10 of the largest of them in the window or
  of the largest price and volume read (in the unit: for a variance the price squared, for a ratio 1).
- **Undefined** is what divides by zero: RSI of a price that has not moved, a place between a highest and a lowest that
  are the same, volume where nobody traded. A divisor below 1e-10 of what it was made of is zero. What is made of an
  undefined value is undefined, as long as that lies within its bars; what smooths starts anew after it. Undefined is
  never true.
- SMA, EMA, WMA and RMA are `sma`, `ema`, `wma` and `rma` of this table, and so on; lengths are the indicator's own
  where none is named.

| indicator | outputs | reads | unit | warm-up | definition |
|---|---|---|---|---|---|
"""
REFUSED = """
## Refused in rules

Strategies of one's own get these from pandas-ta.

| indicator | why, and what to use |
|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    rows = [_row(catalogue.entry(name)) for name in catalogue.names()]
    refused = [f"| `{name}` | {why} |\n" for name, why in sorted(catalogue.refused().items())]
    return HEAD + "".join(rows) + REFUSED + "".join(refused)


def _row(entry: Entry) -> str:
    takes = ", ".join(map(_argument, entry.arguments))
    names = " ".join(f"`.{output}`" for output in entry.outputs if output)
    reads = f"source ({entry.source})" if entry.source else ", ".join(entry.reads)
    units = ", ".join(dict.fromkeys(entry.units))
    cells = (f"`{entry.name}({takes})`", names, reads, units, f"`{entry.needs}` ({entry.bars()})", entry.definition)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _argument(argument: Argument) -> str:
    default = argument.default
    if isinstance(default, str):
        return f"{argument.name}={default}"
    return f"{argument.name}={int(default) if argument.whole else f'{default:g}'}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
