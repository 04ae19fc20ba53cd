"""`fleet chart`: what is drawn, against the candles, trades and equity themselves; and files that need no network."""

import re
from bisect import bisect_right
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from db.reading.chart import chart
from db.sqlite.connection import connect_readonly
from db.trading import strategies
from fleet import axes, cli, svg, terminal_chart
from tests.kit.rows import rows
from tests.kit.series import HOUR, START, at
from tests.replayed import STRATEGY, walked, waves

COUNT = 1_000
CALM = STRATEGY.replace("strategy: macd", "strategy: rules").replace(
    "fast: 4, slow: 9, signal: 3", 'entry: "crosses_above(close, sma(15)) and close < 96", exit: "close > 104"'
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """One that trades now and then over a thousand candles."""
    one = [CALM.format(name="calm", symbol="BTC/USDT", capital=1000)]
    return walked(tmp_path_factory.mktemp("chart"), one, {"BTC/USDT": waves(COUNT)})


@pytest.fixture(scope="module")
def fills(database):
    """Every fill: (bar's close, side, price)."""
    return rows(database, "select timestamp + 3600, side, price from trades order by trade_id")


def shown(path, stretches, since=0):
    """The chart of the one strategy."""
    with connect_readonly(path) as db:
        return chart(db, strategies.found(db, "calm"), stretches, since)


@pytest.fixture
def run(database, capfd):
    """The verb on the command line: exit status, stdout, stderr."""

    def ran(*words):
        capfd.readouterr()
        status = cli.main(["chart", *words, "--database", str(database), "--config", str(database.parent)])
        return (status, *capfd.readouterr())

    return ran


@pytest.mark.parametrize("stretches", [1, 7, 100, 5_000])
def test_thinned_candles_keep_their_extremes(database, stretches):
    """Each stretch of time has the lowest, the highest and the last price of its candles; there are not too many."""
    found, candles = shown(database, stretches), waves(COUNT)
    assert len(found.prices) <= stretches
    first = found.first
    for span in found.prices:
        mine = [each for each in candles if first <= each.timestamp and each.timestamp + HOUR <= span.closed]
        assert (span.low, span.high) == (min(each.low for each in mine), max(each.high for each in mine))
        assert span.last == mine[-1].close
        first = span.closed
    assert first == found.last == at(COUNT)


def test_the_equity_stands_where_it_was_last(database):
    """At every close: the newest point of the curve, else what it began with."""
    points = rows(database, "select timestamp + 3600, equity from equity order by timestamp")
    moments = [closed for closed, _ in points]
    for span in shown(database, 5_000).equity:
        place = bisect_right(moments, span.closed)
        assert span.last == (points[place - 1][1] if place else 1000)


def test_since_a_moment(database, fills):
    """What came before it is left out; the equity goes on from there."""
    half = at(500)
    found, whole = shown(database, 5_000, half + 1), shown(database, 5_000)
    assert found.first == half + HOUR
    assert found.equity == [span for span in whole.equity if span.closed > half + HOUR]
    assert [each.closed for each in found.markers] == [at for at, _, _ in fills if at > half + HOUR]


def elements(picture, name, kind):
    """The parts of a picture of one sort."""
    return [each for each in ET.fromstring(picture).iter(f"{SVG}{name}") if each.get("class") == kind]


def tips(picture, kind):
    """Where the triangles of a sort point at."""
    return [tuple(map(float, each.get("points").split()[0].split(","))) for each in elements(picture, "polygon", kind)]


def test_markers_stand_at_their_moment_and_price(database, fills):
    """On the scale that the labels at the left axis and the frame say."""
    picture = svg.picture(shown(database, svg.STRETCHES))
    frame = elements(picture, "rect", "frame")[0]
    left, width = float(frame.get("x")), float(frame.get("width"))
    marked = [(float(each.text), float(each.get("y")) - 4) for each in elements(picture, "text", "left")[:2]]
    (low, below), (high, above) = marked
    end = at(COUNT)
    assert len(fills) >= 6
    for kind in ("buy", "sell"):
        expected = [
            (left + width * (at - START) / (end - START), below + (above - below) * (price - low) / (high - low))
            for at, side, price in fills
            if side == kind
        ]
        assert tips(picture, kind) == [pytest.approx(place, abs=0.3) for place in expected]


def test_pictures_hold_no_address(database, run, tmp_path):
    """Well-formed, and nothing in them is fetched: no script, link, image or font."""
    for name in ("one.svg", "one.html"):
        status, said, _ = run("calm", "--out", str(tmp_path / name))
        assert (status, said) == (0, f"{tmp_path / name} shows calm\n")
        text = (tmp_path / name).read_text()
        assert ET.fromstring(text[text.index("<svg") : text.index("</svg>") + 6]).tag == f"{SVG}svg"
        assert set(re.findall(r"[a-z]+://[^\s\"<]*", text)) == {"http://www.w3.org/2000/svg"}
        assert not re.search(r"script|href|src=|url\(|@import|@font-face", text)
        assert "prefers-color-scheme: dark" in text


def test_what_somebody_wrote_breaks_no_picture(database):
    """A reason with what is markup, and with what no XML may hold."""
    found = shown(database, 100)
    found.markers[0] = found.markers[0]._replace(reason="</svg><b>&\x1b\x00 \u202e")
    told = [each.find(f"{SVG}title").text for each in elements(svg.picture(found), "polygon", "buy")]
    assert told[0].endswith(r": </svg><b>&\x1b\x00 \u202e")


def plain(text):
    """Text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize(("width", "height"), [(40, 14), (80, 30), (200, 32)])
def test_a_terminal_shows_every_fill(database, fills, width, height):
    """No line is wider than the terminal; each sign in the column of its moment."""
    lines = plain(terminal_chart.plotted(shown(database, terminal_chart.stretches(width)), width, height)).splitlines()
    assert (len(lines), max(map(len, lines))) == (height, width)
    left, inner = lines[0].index("┌") + 1, width - lines[0].index("┌") - 2
    for sign, kind in (("▲", "buy"), ("▼", "sell")):
        expected = {left + round((at - START) / (COUNT * HOUR) * (inner - 1)) for at, side, _ in fills if side == kind}
        assert {column for line in lines for column, each in enumerate(line) if each == sign} == expected


def test_its_title_is_no_wider_either(run, monkeypatch):
    """Than a terminal of eighty columns."""
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, plain(run("calm")[1]).splitlines())) <= 80


def test_very_many_fills_stand_at_the_edges(database):
    """So that the price is to be seen."""
    found = shown(database, 160)
    many = [found.markers[0]._replace(closed=at(number * 20)) for number in range(1, 45)]
    found.markers[:] = many
    lines = plain(terminal_chart.plotted(found, 80, 30)).splitlines()
    assert {number for number, line in enumerate(lines) if "▲" in line} == {17}


def test_what_cannot_be_drawn_is_told(run, tmp_path):
    """Unknown ids with the nearest, moments after all candles, other files: exit status 2, and no file."""
    assert "did you mean calm?" in run("clam")[2]
    status, _, told = run("calm", "--since", "yesterday", "--out", str(tmp_path / "one.svg"))
    assert (status, "earlier --since" in told) == (2, True)
    assert run("calm", "--out", str(tmp_path / "one.png"))[0] == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("days", [0.1, 1, 3, 20, 100, 900, 4_000])
def test_moments_are_round(days):
    """Hours, midnights or the first days of months, in order, neither too many nor too few."""
    last = START + round(days * 86_400)
    found = axes.moments(START, last, 8)
    assert 2 <= len(found) <= 8
    assert [each for each, _ in found] == sorted({each for each, _ in found})
    for moment, text in found:
        assert START <= moment <= last
        when = datetime.fromtimestamp(moment, UTC)
        if days >= 900:
            assert (when.day, when.hour, text) == (1, 0, f"{when:%Y-%m}")


@pytest.mark.parametrize(("low", "high"), [(0.00001, 0.000012), (99.5, 100.5), (1, 2e6), (-3, 3), (5, 5)])
def test_values_at_an_axis_are_round_and_told_apart(low, high):
    """Within the axis, no two written alike."""
    found = axes.values(low, high, 6)
    assert 1 <= len(found) <= 6
    assert all(low - 1e-12 <= each <= high + 1e-12 for each in found)
    assert len(set(axes.labels(found))) == len(found)
