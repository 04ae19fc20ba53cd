"""Every listing on terminals of 80, 100, 120 and 160 columns, over a database in which something was traded."""

import io
import re

import pytest
from rich.console import Console

from config import queries
from db.reading import reports, status
from db.sqlite.connection import connect_readonly
from fleet import cli, columns, screen
from tests.kit.rows import column, rows
from tests.kit.series import at
from tests.replayed import STRATEGY, walked, waves

WIDTHS = (80, 100, 120, 160)
LISTINGS = [
    *(("report", "--view", view) for view in reports.VIEWS),
    ("status",),
    ("gaps",),
    ("validate", "--offline"),
    ("sql",),
    ("sql", "leaderboard"),
    ("sql", "select * from trades"),
    ("sql", "select indicators, reason, strategy_id from decisions limit 50"),
    *(("sql", file.stem) for file in sorted(queries.SHIPPED.glob("*.sql"))),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Two strategies that traded for twenty days; one has a long name."""
    names = {"plain": "BTC/USDT", "a-strategy-with-a-name-of-forty-signs-1h": "ETH/USDT"}
    texts = [STRATEGY.format(name=name, symbol=symbol, capital=1000) for name, symbol in names.items()]
    found = {"BTC/USDT": waves(480), "ETH/USDT": waves(480, phase=2.0)}
    return walked(tmp_path_factory.mktemp("narrow"), texts, found)


@pytest.fixture
def shown(database, monkeypatch, capsys):
    """What a verb prints on a terminal of so many columns."""

    def lines(width, *words):
        monkeypatch.setenv("COLUMNS", str(width))
        where = ["--database", str(database), "--config", str(database.parent / "config")]
        cli.main([words[0], *where, *words[1:]])
        return capsys.readouterr().out.splitlines()

    return lines


@pytest.mark.parametrize("words", LISTINGS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(shown, words):
    """And nothing that is a number in a wide table is only a part of one in a narrow one."""
    whole = set(re.findall(r"[\d.,]*\d", "\n".join(shown(10_000, *words))))
    for width in WIDTHS:
        lines = shown(width, *words)
        assert max(len(line.rstrip()) for line in lines) <= width or words[0] == "validate"
        cells = [line for line in lines if not line.startswith(("left out:", "warning:"))]
        assert set(re.findall(r"[\d.,]*\d", "\n".join(cells))) <= whole


@pytest.mark.parametrize("width", WIDTHS)
def test_the_profit_is_always_there(shown, database, width):
    """As SQL says it, with cents; and the strategy's whole name."""
    query = "select strategy_id, total_pnl, win_rate from strategy_performance"
    expected = rows(database, query)
    text = "".join(re.sub(r"\s*\n", "\n", "\n".join(shown(width, "report"))))
    for strategy_id, pnl, _ in expected:
        assert f"{pnl:,.2f}" in text
        assert strategy_id[:20] in text
    assert width < 100 or all(f"{100 * rate:,.1f} %" in text for _, _, rate in expected)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_live_table_keeps_pnl_and_position(database, width):
    """One line for each strategy, whatever the last decision says."""
    with connect_readonly(database) as db:
        found = status.status(db, 0)
    out = io.StringIO()
    Console(file=out, width=width, markup=False).print(screen.table(found, width))
    head, *lines = out.getvalue().splitlines()
    assert max(len(line.rstrip()) for line in [head, *lines]) <= width
    assert {"strategy", "pnl", "position"} <= set(head.split())
    assert len([line for line in lines if not line.startswith("left out")]) <= 3  # a name of forty signs may take two
    for row in found.strategies:
        assert re.search(rf"[+-]?{abs(row['realised_pnl'] + row['open_pnl']):,.2f}\b", out.getvalue())


def test_every_order_names_columns_that_are_there(database):
    """Of each view, and of the totals."""
    with connect_readonly(database) as db:
        for view in reports.VIEWS:
            names = set(column(database, "select name from pragma_table_info(?)", (view,)))
            assert set(columns._ORDERS[view]) <= names, view
            assert set(columns._BRIEF.get(view, ())) <= names
        assert set(columns._ORDERS["totals"]) <= set(dict(reports.totals(db)[0]))


def test_a_report_in_a_file_has_one_line_a_row(database, capsys, monkeypatch):
    """Where nobody has said how wide the terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)
    where = ["--database", str(database), "--config", str(database.parent / "config")]
    assert cli.main(["report", *where, "--all-columns"]) == 0
    _, heading, *lines = capsys.readouterr().out.splitlines()
    assert "last_trade_ms" in heading
    assert len(lines) == 2 + 4  # two strategies; the fleet by quote currency


def test_a_fleet_that_starts_shows_no_trades_of_before(tmp_path, capsys):
    """Off a terminal it printed all that its database had; what comes from now on it shows."""
    text, found = STRATEGY.format(name="one", symbol="BTC/USDT", capital=1000), {"BTC/USDT": waves(200)}
    path = walked(tmp_path, [text], found, at(150))
    with screen.Screen(path, "fleet") as shown:
        for told in (0, 1):
            capsys.readouterr()
            shown.show(last=True)
            assert ("  one  " in capsys.readouterr().out) == told
            walked(tmp_path, [text], found)
