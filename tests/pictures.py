"""The pictures of the README, as a user sees them: `python -m tests.pictures DATABASE FOLDER`, after a demo."""

import io
import re
import sys
from pathlib import Path

from rich.console import Console, Group
from rich.text import Text

from db.database import Database
from db.fleet import meta
from db.reading import reports, status
from db.reading.chart import chart
from db.sqlite.connection import connect_readonly
from db.trading import strategies
from domain.dates import moment
from fleet import render, screen, svg
from runtime.clock import Clock

WIDTH = 100  # cells of the live table


def draw(database: Path, folder: Path) -> None:
    """Write `live.svg`, the table of a running fleet, and `chart.svg`, that of the strategy with the most trades."""
    with connect_readonly(database) as db:
        (folder / "live.svg").write_text(live(db), encoding="utf-8")
        rows = reports.rows(db, "strategy_performance")
        busiest = max(rows, key=lambda row: (row["total_trades"], row["total_pnl"]))["strategy_id"]
        found = chart(db, strategies.found(db, busiest), svg.STRETCHES, 0)
        (folder / "chart.svg").write_text(svg.picture(found), encoding="utf-8")


def live(db: Database) -> str:
    """The live table as SVG."""
    now = Clock.parse(meta.clock_text(db)).now_ms()
    found = status.status(db, now)
    newest = max((each.last_timestamp for each in found.series), default=0)
    drawing = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    head = render.plain(f"tradefleet demo  candle time {moment(newest)}, Ctrl-C stops")
    drawing.print(Group(head, Text(), screen.table(found, WIDTH)))
    picture = drawing.export_svg(title="fleet demo", unique_id="live")
    return re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)  # fonts of another place


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
