"""A chart as text, in the braille dots of a terminal. The only module that loads plotext."""

from collections.abc import Sequence

import plotext

from db.reading.chart import Chart, Marker, Span
from fleet import axes

Levels = list[tuple[float, str]]  # values, with how they are written
DOTS = 2  # of braille, side by side in a cell
PRICES = 0.62  # of the height
LABEL = 14  # cells between two moments
CROWDED = 3  # cells for a marker, below which they would hide the price: then they stand at its edges
COLORS = {"buy": "green", "sell": "red"}
SIGNS = {"buy": "▲", "sell": "▼"}


def plotted(chart: Chart, width: int, height: int) -> str:
    """Price with entries and exits, equity under it: lines of so many cells, colours as ANSI codes."""
    upper = round(height * PRICES)
    levels = [_levels(spans, rows) for spans, rows in ((chart.prices, upper), (chart.equity, height - upper))]
    margin = max(len(text) for found in levels for _, text in found)
    prices = _panel(chart, chart.prices, (width, upper), levels[0], margin)
    equity = _panel(chart, chart.equity, (width, height - upper), levels[1], margin)
    return f"{prices}\n{equity}"


def stretches(width: int) -> int:
    """How many stretches of time a terminal of so many cells can tell apart."""
    return max(1, width * DOTS)


def _levels(spans: Sequence[Span], rows: int) -> Levels:
    """Values at the left axis, with how they are written."""
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    found = axes.values(low, high, max(2, rows // 3))
    return list(zip(found, axes.labels(found), strict=True))


def _panel(chart: Chart, spans: Sequence[Span], size: tuple[int, int], levels: Levels, margin: int) -> str:
    """One of the two pictures, of (width, height) cells: the prices have the markers, what is below them the dates."""
    first = spans is chart.prices
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(*size)
    plotext.theme("clear")
    plotext.xlim(chart.first, chart.last)
    plotext.yticks([value for value, _ in levels], [text.rjust(margin) for _, text in levels])
    moments = axes.moments(chart.first, chart.last, size[0] // LABEL) if not first else ()
    plotext.xticks([moment for moment, _ in moments], [text for _, text in moments])
    points = [(span.closed, value) for span in spans for value in (span.low, span.high, span.last)]
    plotext.plot(*zip(*points, strict=True), marker="braille")
    for side, sign in SIGNS.items() if first else ():
        marked = [(each.closed, _height(chart, each, size[0])) for each in chart.markers if each.side == side]
        if marked:
            plotext.scatter(*zip(*marked, strict=True), marker=sign, color=COLORS[side])
    return str(plotext.build()).rstrip("\n")


def _height(chart: Chart, marker: Marker, width: int) -> float:
    """Where a marker stands: at its price; of very many the entries at the bottom, the exits at the top."""
    if len(chart.markers) * CROWDED <= width:
        return marker.price
    if marker.side == "buy":
        return min(span.low for span in chart.prices)
    return max(span.high for span in chart.prices)
