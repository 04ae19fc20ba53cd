"""Words that people bring from elsewhere get an answer that works here; one mistake is told once."""

import re
from pathlib import Path

import pytest

from domain import foreign
from strategies.rule_parser import RuleInvalid, parse
from tests.unit.test_config import GOOD, complaints, loaded

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "strategies.md").read_text()
FREQTRADE = [  # of its documented configuration and strategy interface
    "pair", "pairs", "pair_whitelist", "pair_blacklist", "stake_amount", "stake_currency", "stoploss",
    "minimal_roi", "dry_run", "dry_run_wallet", "max_open_trades", "trailing_stop", "startup_candle_count",
    "can_short", "populate_indicators", "populate_entry_trend", "populate_exit_trend", "populate_buy_trend",
    "order_types", "protections", "tradable_balance_ratio",
]  # fmt: skip


@pytest.mark.parametrize("key", FREQTRADE)
def test_a_word_of_freqtrade_has_an_answer(tmp_path, key):
    """In a strategy's file and in fleet.yaml: what it is called here, or that it is not here."""
    (strategy,) = complaints(tmp_path, f"{GOOD}{key}: 1\n")
    (fleet,) = complaints(tmp_path, GOOD, f"{key}: 1\n")
    assert (strategy.line, fleet.line) == (7, 1)
    for found in (strategy, fleet):
        assert re.match(r"unknown key: (is|stands) ", found.reason)
        assert found.suggestion is None


@pytest.mark.parametrize(("key", "word"), [("symbol", "pair"), ("capital", "dry_run_wallet"), ("capital", "capitol")])
def test_what_stands_under_another_name_is_not_missing_too(tmp_path, key, word):
    """One mistake, one complaint: the other name; where neither stands there it is missing."""
    lines = [line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{key}:")]
    (named,) = complaints(tmp_path, "".join([*lines, f"{word}: 1\n"]))
    assert (named.key, named.reason[:11]) == (word, "unknown key")
    (missing,) = complaints(tmp_path, "".join(lines))
    assert (missing.key, missing.reason[:10]) == (key, "is missing")


SHOWN = [
    line
    for table in (foreign.FILES, foreign.PARAMS, foreign.EXITS)
    for answer in table.values()
    for line in re.findall(r"`(\w+: [^`]+)`", answer)
]


@pytest.mark.parametrize("line", sorted({*SHOWN}))
def test_what_is_answered_loads(tmp_path, line):
    """Whatever stands in an answer as a line of a file is one."""
    key = line.partition(":")[0]
    if key in {"stop", "target", "trailing", "max_bars"}:
        key, line = "exits", f"exits: {{ {line} }}"
    elif key == "params":
        line = line.replace("{ exit", "{ entry: close > 1, exit")
    elif key == "strategy":
        line += "\nparams: { entry: close > 1 }"
    text = GOOD.replace("rsi", "rules") if key == "params" else GOOD
    lines = [each for each in text.splitlines() if each.partition(":")[0] != key]
    fleet = line if key == "exchanges" else ""
    assert loaded(tmp_path, "\n".join(lines if fleet else [*lines, line]) + "\n", fleet).strategies


def test_words_of_params_and_exits(tmp_path):
    """By where they stand."""
    rules = GOOD.replace("strategy: rsi", "strategy: rules") + "params: { buy: close > 1 }\nexits: { stoploss: -0.1 }\n"
    found = {each.key: each.reason for each in complaints(tmp_path, rules)}
    assert found["params.buy"] == "unknown key: is called entry here"
    assert found["exits.stoploss"] == "unknown key: is called stop here, a fraction without a sign: `stop: 0.1`"


def test_an_unknown_key_lists_the_known_ones(tmp_path):
    """Where none is near."""
    (found,) = complaints(tmp_path, f"{GOOD}banana: 1\n")
    assert "unknown key; known are capital, enabled, exchange, exits, matrix, mode, params, stake" in found.reason


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("close > 1 AND open > 1", "AND: write and, at column 11"),
        ("close > 1 && open > 1", "&&: write and, at column 11"),
        ("close > 1 || open > 1", "||: write or, at column 11"),
        ("(close > 1) & (open > 1)", "write and, and each comparison beside it, at column 1"),
        ("close > 1 | open > 1", "write or, and each comparison beside it, at column 9"),
        ("!(close > 1)", "!: write not, at column 1"),
        ("close = 1", "=: write == where two numbers are to be the same, at column 7"),
        ("close => 1", "=>: write >=, at column 7"),
        ("close <> 1", "<>: write !=, at column 7"),
        ("close crosses above sma(20)", "crosses above: write crosses_above(a, b), at column 7"),
        ("close crossed below sma(20)", "crossed below: write crosses_below(a, b), at column 7"),
        ("crossed_above(close, sma(20))", "crossed_above: write crosses_above(a, b), at column 1"),
        ("qtpylib.crossed_above(close, sma(20))", "crossed_above: write crosses_above(a, b), at column 1"),
        ("close < bb_lowerband", "there is no price bb_lowerband; write bbands(20, 2).lower, at column 9"),
        (
            "dataframe['rsi'] < 30",
            "dataframe: write close for dataframe['close'], rsi(14) for dataframe['rsi'], at column 1",
        ),
        ("close.shift(1) > close", "shift: write close[1] for the bar before, at column 1"),
        ("ta.rsi(14) < 30", "ta: write the indicator alone, such as rsi(14), at column 1"),
        ("RSI(14) < 30", "there is no indicator RSI; write rsi, at column 1"),
        ("rsi < 30", "there is no price rsi; write rsi(14), at column 1"),
        ("ema_9 > EMA21", "there is no price ema_9; write ema(9), at column 1"),
        ("Close > 1", "there is no price Close; write close, at column 1"),
        ("close(1) > 2", "close is a column: write it without brackets, at column 1"),
        (
            "close > 5%",
            "%: write 30 for rsi(14) < 30, and 1.05 * close for five per cent above the close, at column 10",
        ),
        ("close > 1,5", "a comma stands between arguments only; a number has a point before its fraction, at column 1"),
        ("close > sma(20) and", "cannot be read: it ends too early, at column 20"),
        ("close ** 2 > 1", "compute with +, -, * and /, at column 1"),
        ("sma(**close) > 1", "write the arguments of sma one by one, at column 7"),
    ],
)
def test_a_rule_that_is_written_as_elsewhere(rule, told):
    """What to write, and where."""
    with pytest.raises(RuleInvalid) as refused:
        parse(rule)
    assert str(refused.value).partition(": ")[0] in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize("answer", [answer for answer in foreign.RULES.values() if answer.startswith("write ")])
def test_what_a_rule_is_answered_is_one(answer):
    """The expression of an answer can be compared, or is a condition."""
    shown = re.match(r"write (\w+(?:\([^)]*\))?(?:\.\w+)?(?:\[1\])?)", answer)[1].replace("(a, b)", "(close, open)")
    if shown != "the":
        assert parse(shown if shown.startswith("crosses") else f"{shown} > 1")


def test_a_tab_is_named(tmp_path):
    """Not as a character that starts no token."""
    (found,) = complaints(tmp_path, f"{GOOD}exits:\n\tstop: 0.03\n")
    assert (found.line, found.reason) == (8, "is indented with a tab: YAML wants spaces")


FORMS = [
    ("exits: stop: 0.02\n", 7, "second `: ` on its line"),
    ("exits:\n  stop: 0.02\n   target: 0.1\n", 9, "deeper than the line above"),
    ("mode:paper\nenabled: true\n", 7, "has no `: `"),
    ("exits: { stop: 0.02\nenabled: true\n", 7, "opens a {"),
    ("matrix: { symbol: [BTC/USDT, ETH/USDT }\nenabled: true\n", 7, "opens a ["),
    ("mode: 'paper\nenabled: true\n", 7, "opens a quotation mark"),
    ("mode: @paper\n", 7, "quote it"),
    ("mode: *paper\n", 7, "quote it"),
    ("mode: - paper\n", 7, "begins a list behind its key"),
    ("- paper\n", 7, "is no `key: value`"),
]


@pytest.mark.parametrize(("lines", "line", "words"), FORMS)
def test_what_yaml_cannot_read_says_what_to_write(tmp_path, lines, line, words):
    """At the line that is wrong: libyaml names the one after it, and a token."""
    (found,) = complaints(tmp_path, GOOD + lines)
    assert (found.line, words in found.reason) == (line, True), found.reason


def test_a_comma_within_braces(tmp_path):
    """It tears a rule into keys: told once, and nothing of what follows from it."""
    rules = GOOD.replace("strategy: rsi", "strategy: rules") + "params: { entry: macd(12, 26, 9).macd > 0 }\n"
    found = complaints(tmp_path, rules)
    torn = [each for each in found if "a comma begins a new one; quote a text that has a comma" in each.reason]
    assert [(each.line, each.key) for each in torn] == [(7, "params.26")]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"exits": "{ stop: 3% }", "stake": "{ risk: 0.01 }"}, ["exits.stop"]),
        ({"exits": "{ stop_loss: 0.03 }", "stake": "{ risk: 0.01 }"}, ["exits.stop_loss", "stake"]),
        ({"stake": "{ fixed: 1 }"}, ["stake"]),
        ({"capital": "1"}, ["capital"]),
        ({"stake": "{ fixed: -1 }", "capital": "1"}, ["stake"]),
        ({"params": "[]"}, ["params"]),
        ({"params": "{ oversold: 90, lenght: 3 }"}, ["params.lenght", "params.oversold"]),
        ({"strategy": "rules", "params": "{ entry: '' }"}, ["params.entry"]),
        ({"exits": "{ stop: -0.1 }"}, ["exits.stop"]),
    ],
)
def test_nothing_is_told_that_follows_from_another_mistake(tmp_path, changes, keys):
    """And nothing that does not is left for the next run."""
    lines = {line.partition(":")[0]: line for line in GOOD.splitlines()} | {
        key: f"{key}: {value}" for key, value in changes.items()
    }
    assert [each.key for each in complaints(tmp_path, "\n".join(lines.values()))] == keys


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("strategy_id: '{base}_Trend'", "strategy_id = '{base}_Trend': must be 1 to 63 of"),
        ("strategy_id: One", "strategy_id = 'One-{symbol}': must be 1 to 63 of"),
        ("exits: { stop: 3 }", "exits.stop = '3': must be below 1"),
        ("stake: { fixed: 2000 }", "stake = '{fixed: 2000}': is more than the capital"),
    ],
)
def test_a_mistake_in_a_matrix_is_told_once(tmp_path, more, told):
    """As it stands in the file, not as each of its cells makes it."""
    key = more.partition(":")[0]
    lines = [line for line in GOOD.splitlines() if line.partition(":")[0] not in {key, "symbol"}]
    text = "\n".join([more, *lines, "matrix: { symbol: [BTC/USDT, ETH/USDT, SOL/USDT] }"])
    (found,) = complaints(tmp_path, text)
    assert told in str(found)


@pytest.mark.parametrize("file", ["own.py", None])
def test_all_mistakes_of_all_files_are_told_at_once(tmp_path, file):
    """Also where a kind of one's own cannot be loaded: the strategies that need it are not blamed."""
    if file is not None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / file).write_text("def (")
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "b.yaml").write_text(GOOD.replace("rsi", "own").replace("one", "two"))
    (tmp_path / "strategies" / "c.yaml").write_text("\ta: 1")
    fleet = f"plugins: {tmp_path / 'mine'}\nretention: {{ decisions: -1 }}\n"
    found = [
        (each.file.rpartition("/")[2], each.line, each.key) for each in complaints(tmp_path, f"{GOOD}pair: 1\n", fleet)
    ]
    assert sorted(found) == [
        ("c.yaml", 1, "YAML"), ("fleet.yaml", 1, "plugins"), ("fleet.yaml", 2, "retention.decisions"),
        ("one.yaml", 7, "pair"),
    ]  # fmt: skip


@pytest.mark.parametrize("table", [foreign.FILES, foreign.RULES])
def test_the_page_has_the_words(table):
    """Every word with its answer, in one table."""
    answers = {answer: [word for word in table if table[word] == answer] for answer in table.values()}
    rows = [f"| {' '.join(f'`{word}`' for word in words)} | {answer} |" for answer, words in answers.items()]
    assert [row for row in rows if row not in PAGE] == []
