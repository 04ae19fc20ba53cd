"""A chart as one SVG picture, or a page that holds it: readable on light and dark, without a script, font or address.

Written with the standard library: what is drawn is two panels over one axis of time. Libraries for it (pygal) draw one
panel, take their script from a network, and put a group of elements at every value of thousands.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple
from xml.etree import ElementTree as ET

from db.reading.chart import Chart, Marker, Span
from domain.dates import moment
from domain.text import visible
from fleet import axes, render

STRETCHES = 880  # of time that the picture tells apart: one a pixel of its usual size
SIZE = (1000, 600)  # width and height of the picture
LEFT, RIGHT = 80, 960  # room for half a date on the right
PRICE, EQUITY = (60, 370), (410, 560)  # top and bottom of the panels
TICK = 110  # units between two moments
MANY = 150  # markers, from which on they are smaller
NAMESPACE = "http://www.w3.org/2000/svg"  # a name, which nobody opens
STYLE = """
svg { font: 12px system-ui, sans-serif; background: #ffffff }
text { fill: #333333 } .title { font-size: 16px; font-weight: 600 }
.left { text-anchor: end } .below { text-anchor: middle }
.back { fill: #ffffff } .grid { stroke: #e3e3e3 } .frame { fill: none; stroke: #999999 }
.range { fill: #9db7d5; stroke: #9db7d5; stroke-width: 0.6 }
.line { fill: none; stroke: #24527a; stroke-width: 1.2; stroke-linejoin: round }
.buy { fill: #0a8f4f; stroke: #ffffff } .sell { fill: #d1342b; stroke: #ffffff }
@media (prefers-color-scheme: dark) {
svg { background: #16181c } text { fill: #d6d6d6 }
.back { fill: #16181c } .grid { stroke: #2c3036 } .frame { stroke: #6b7078 }
.range { fill: #3d5878; stroke: #3d5878 } .line { stroke: #9cc7f0 }
.buy { fill: #35d18a; stroke: #16181c } .sell { fill: #ff6f61; stroke: #16181c }
}
"""
PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ margin: 0 }} svg {{ width: 100%; height: 100vh }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16181c }} }}</style></head>
<body>
{picture}
</body></html>
"""


class Scale(NamedTuple):
    """From `low` to `high` at the places `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is, to a tenth."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.start + share * (self.end - self.start), 1)


def picture(chart: Chart) -> str:
    """The SVG."""
    width, height = SIZE
    root = ET.Element("svg", {"xmlns": NAMESPACE, "viewBox": f"0 0 {width} {height}", "role": "img"})
    _add(root, "title", f"{chart.strategy_id} on {chart.series}")
    _add(root, "style", STYLE)
    _add(root, "rect", **{"class": "back", "width": str(width), "height": str(height)})
    _headings(root, chart)
    time = Scale(chart.first, chart.last, LEFT, RIGHT)
    for when, text in axes.moments(chart.first, chart.last, (RIGHT - LEFT) // TICK):
        for top, bottom in (PRICE, EQUITY):
            _line(root, (time.at(when), top), (time.at(when), bottom))
        _add(root, "text", text, **{"class": "below", "x": str(time.at(when)), "y": str(EQUITY[1] + 20)})
    prices = _panel(root, chart.prices, time, PRICE)
    _panel(root, chart.equity, time, EQUITY)
    size = 5 if len(chart.markers) < MANY else 3
    for marker in chart.markers:
        made = _triangle(root, marker, (time.at(marker.closed), prices.at(marker.price)), size)
        _add(made, "title", _marker_title(marker, chart.quote))
    return ET.tostring(root, encoding="unicode")


def page(chart: Chart) -> str:
    """The same as a page of its own."""
    return PAGE.format(title=escape(chart.strategy_id), picture=picture(chart))


def _headings(root: ET.Element, chart: Chart) -> None:
    """What is shown, from when to when, and what stands above each panel."""
    span = f"{moment(chart.first)} to {moment(chart.last)} UTC"
    _add(root, "text", f"{chart.strategy_id}: {chart.series}", **{"class": "title", "x": str(LEFT), "y": "24"})
    _add(root, "text", f"{span}; price in {chart.quote}, ▲ bought, ▼ sold", x=str(LEFT), y="46")
    _add(root, "text", f"equity in {chart.quote}", x=str(LEFT), y=str(EQUITY[0] - 12))


def _panel(root: ET.Element, spans: Sequence[Span], time: Scale, place: tuple[int, int]) -> Scale:
    """The range of every stretch and a line through their last values, over a grid; the scale of its values."""
    top, bottom = place
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    margin = (high - low) * 0.04 or abs(high) * 0.01 or 1
    scale = Scale(low - margin, high + margin, bottom, top)
    found = axes.values(scale.low, scale.high, (bottom - top) // 36)
    for value, text in zip(found, axes.labels(found), strict=True):
        _line(root, (LEFT, scale.at(value)), (RIGHT, scale.at(value)))
        _add(root, "text", text, **{"class": "left", "x": str(LEFT - 8), "y": str(scale.at(value) + 4)})
    size = {"x": str(LEFT), "y": str(top), "width": str(RIGHT - LEFT), "height": str(bottom - top)}
    _add(root, "rect", **{"class": "frame"}, **size)
    _add(root, "path", **{"class": "range", "d": " ".join(_ranges(spans, time, scale))})
    points = " ".join(f"{time.at(span.closed)},{scale.at(span.last)}" for span in spans)
    _add(root, "polyline", **{"class": "line", "points": points})
    return scale


def _ranges(spans: Sequence[Span], time: Scale, scale: Scale) -> Iterator[str]:
    """A stroke from the lowest to the highest of every stretch."""
    for span in spans:
        yield f"M{time.at(span.closed)},{scale.at(span.low)}V{scale.at(span.high)}"


def _triangle(root: ET.Element, marker: Marker, place: tuple[float, float], size: int) -> ET.Element:
    """A marker whose tip is at the price of a fill: from below for a buy, from above for a sale."""
    (x, y), down = place, 1.8 * size if marker.side == "buy" else -1.8 * size
    points = f"{x},{y} {x - size:.1f},{y + down:.1f} {x + size:.1f},{y + down:.1f}"
    return _add(root, "polygon", **{"class": marker.side, "points": points})


def _marker_title(marker: Marker, quote: str) -> str:
    """What a marker says where somebody points at it."""
    result = "" if marker.pnl is None else f", pnl {render.text('pnl', marker.pnl)} {quote}"
    price = render.text("price", marker.price)
    return f"{moment(marker.closed)} {marker.side} at {price}{result}: {marker.reason}"


def _line(root: ET.Element, start: tuple[float, float], end: tuple[float, float]) -> None:
    _add(root, "line", **{"class": "grid"}, x1=str(start[0]), y1=str(start[1]), x2=str(end[0]), y2=str(end[1]))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """A part of a part; what no XML may hold stands in its text spelled out."""
    made = ET.SubElement(parent, name, attributes)
    made.text = visible(text, lines=True) or None
    return made
