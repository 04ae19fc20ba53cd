"""Secrets: whatever a text or a value looks like, the canary in it is not shown."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from config import environment
from config.complaints import ConfigurationInvalid
from config.load import load
from domain import secrets
from domain.kinds import Kind, Param
from domain.secrets import hidden, is_secret, without
from tests.unit.test_config import GOOD, HOUSE, complaints, loaded

CANARY = "canary7Kq/x+9"
NAMES = ["credentials", "key", "api_key", "api-key", "apiKey", "secret", "passphrase", "password", "passwd", "uid",
         "headers", "login", "token", "privateKey", "auth", "cookie", "signature", "X-MBX-APIKEY"]  # fmt: skip
HEADERS = "\n".join(
    [f"{name}: {CANARY}" for name in ("API-Key", "API-Sign", "CB-ACCESS-KEY", "CB-ACCESS-SIGN", "OK-ACCESS-PASSPHRASE",
     "X-MBX-APIKEY", "X-Auth-Token", "KC-API-UID", "Authorization")] + [f"Cookie: a={CANARY}; b={CANARY}"]
)  # fmt: skip


@dataclass
class Keys:
    """A dataclass."""

    passphrase: str
    name: str = "one"


class Pair(NamedTuple):
    """A named tuple."""

    token: str
    name: str


@pytest.mark.parametrize("name", NAMES)
def test_names_of_secrets(name):
    """In any spelling; not in every word that holds their letters."""
    assert is_secret(name)
    assert without({name: CANARY, "n": 1}) == {name: "***", "n": 1}
    assert not any(
        map(is_secret, ["monkey", "author", "keyword", "strategy_id", "max_failures", "exchange", "timeframe"])
    )


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"Authorization: Basic {CANARY}==",
        f"sent Bearer {CANARY} along",
        f"Cookie: session={CANARY}; a=b",
        f"{{'Set-Cookie': 'a={CANARY}; Path=/'}}",
        f"https://me:{CANARY}@api.test/v3",
        f"redis://:{CANARY}@cache:6379/0",
        f"GET https://api.test/v3/order?symbol=A&signature={CANARY} 400",
        f"GET /v3/order?x={CANARY}",
        f"https://api.test/v3#{CANARY}",
        f"password={CANARY}",
        f"api-key: {CANARY}",
        f'{{"apiKey": "{CANARY}", "ok": 1}}',
        json.dumps(json.dumps({"passphrase": CANARY})),
        f"{{'headers': {{'X': '{CANARY}'}}}}",
        f"b'secret={CANARY}'",
        "tf_live_canary7Kq",
        HEADERS,
        HEADERS.replace("\n", " "),
        json.dumps({"msg": HEADERS}),
        json.dumps(json.dumps({"msg": HEADERS})),
        repr(HEADERS.encode()),
        json.dumps(dict(line.split(": ") for line in HEADERS.splitlines())),
        f"refused\\nBearer {CANARY}",
        repr({"credentials": [CANARY]}),
        f"cannot reach me:{CANARY}@api.test",
        f"cannot reach //me:{CANARY}@api.test/v3",
    ],
)
def test_texts(text):
    """Headers, cookies, addresses, queries, names with their values, and our own keys."""
    assert "canary" not in hidden(text)
    assert hidden(hidden(text)) == hidden(text)


@pytest.mark.parametrize(
    "value",
    [
        {"exchange": {"headers": {"a": [CANARY]}}},
        [{"login": CANARY}],
        Keys(CANARY),
        Pair(CANARY, "one"),
        {"list": [f"Bearer {CANARY}"]},
        f"password={CANARY}".encode(),
        {"error": RuntimeError(f"token={CANARY}")},
        {f"password={CANARY}": 1},
        ({f"token={CANARY}"},),
    ],
)
def test_values(value):
    """However deep it stands, and whatever holds it."""
    assert "canary" not in json.dumps(without(value))


def test_a_number_is_hidden_unless_it_counts():
    """How many tokens, keys and headers there are is no secret; a text under these names is."""
    assert without({"tokens": 3, "Keys": 2, "headers": 5.0}) == {"tokens": 3, "Keys": 2, "headers": 5.0}
    assert without({"password": 123456, "uid": 7, "token": 8.5}) == {"password": "***", "uid": "***", "token": "***"}
    assert without({"keys": CANARY, "n": 7}) == {"keys": "***", "n": 7}


def test_a_class_is_no_value_of_it():
    """It has fields without values: it is shown as any other thing, by its text."""
    assert without([Keys, Pair]) == [str(Keys), str(Pair)]


def test_a_value_that_holds_itself_is_looked_into_so_far_only():
    """What lies deeper is shown as a text, without its secrets."""
    endless = [f"password={CANARY}"]
    endless.append(endless)
    shown = json.dumps(without(endless))
    assert "canary" not in shown
    assert 10 < shown.count("password=") < 20


@pytest.mark.parametrize(
    "text",
    [
        "rsi(14) < 30 [rsi(14) 29.3]",
        "binance: candles of BTC/USDT 1h: answered 502",
        "KeyError: 'close'",
        "https://api.test/v3",
        "https://***@api.test/v3 at 12:30, binance:BTC/USDT:1h",
        "the token has expired",
    ],
)
def test_what_is_no_secret_stays(text):
    """Reasons and errors are still of use."""
    assert hidden(text) == text


def test_a_loaded_secret_is_hidden_wherever_it_stands(monkeypatch):
    """Also quoted for an address, and not if it is too short to be told from other words."""
    monkeypatch.setattr(secrets, "_loaded", [])
    secrets.remember([CANARY, "abc"])
    assert hidden(f"it said {CANARY} abc canary7Kq%2Fx%2B9") == "it said *** abc ***"


def test_a_loaded_secret_that_is_a_part_of_another_leaves_nothing_of_it(monkeypatch):
    """Whichever was loaded first."""
    monkeypatch.setattr(secrets, "_loaded", [])
    for each in ("canary", CANARY, f"my{CANARY}"):
        secrets.remember([each])
    assert hidden(f"it said my{CANARY}") == "it said ***"


def searched(text):
    """`text` after every loaded secret and every pattern, whatever it is: the plain way, which takes no shortcut."""
    for secret in secrets._loaded:
        text = text.replace(secret, "***")
    text = secrets.PAIR.sub(secrets._pair, text)
    text = secrets.LOGIN.sub(r"\1***@", secrets.ADDRESS.sub(secrets._address, text))
    for pattern, instead in secrets.TOLD:
        text = pattern.sub(instead, text)
    return text


WORDS = [*NAMES, "api", "access", "sign", "x", "private", "Set-Cookie2", "authorization", "bearer", "basic", "tf_live_",
         "signal", "passed", "BTC/USDT", "rsi(14)", "https", "12:30", "canary"]  # fmt: skip
BETWEEN = [":", "=", "-", "_", " ", "  ", "\t", "\n", "\\n", "\\", "/", "//", "://", "?", "&", "#", "@", '"', "'", "b'",
           "[", "]", "{", "}", ",", ";", ".", "***", "(", ")", "<", "%"]  # fmt: skip
ODD = str.maketrans({"s": "\u017f", "i": "\u0131", "I": "\u0130", "k": "\u212a"})
SPELLED = some.sampled_from(WORDS).flatmap(
    lambda word: some.sampled_from([word, word.upper(), word.title(), word.translate(ODD), word.upper().translate(ODD)])
)
TEXTS = some.lists(some.one_of(SPELLED, some.sampled_from(BETWEEN), some.text(max_size=8)), max_size=12).map("".join)


@settings(max_examples=500)
@given(TEXTS)
def test_the_shortcut_finds_whatever_the_patterns_find(text):
    """Most texts hold nothing and are told so without trying every pattern: of none is the outcome another."""
    assert hidden(text) == searched(text)


@pytest.mark.parametrize("word", [*WORDS, "tf_live_", "Bearer"])
def test_each_word_is_found_by_the_shortcut_where_nothing_else_gives_it_away(word):
    """Alone in its text, in any case, also in letters that are no ASCII and count as one."""
    before = [f"{who}{sign}" for who in ("", "x", "api", "access") for sign in ("", "-", "_")]
    written = [f"{each}{word}{sign}{CANARY}" for each in before for sign in (": ", "=", " ", "")]
    written += [f"{quoted}{word}{quoted}: {CANARY}" for quoted in ("'", '"')]
    for text in [*written, *map(str.upper, written), *(each.translate(ODD) for each in written)]:
        assert hidden(text) == searched(text)


def test_the_letters_that_count_as_ones_of_ascii_are_known():
    """Where case is ignored: of all that there are."""
    letters = re.compile("(?i)[a-z]")
    known = {chr(code) for code in secrets.FOLDED}
    assert known == {each for each in map(chr, range(128, sys.maxunicode + 1)) if letters.match(each)}
    assert all(re.fullmatch(chr(secrets.FOLDED[ord(each)]), each, re.IGNORECASE) for each in known)


@given(some.text(max_size=60), some.sampled_from(NAMES))
def test_hiding_never_fails_and_json_stays_json(text, name):
    """Whatever is written around it."""
    hidden(text)
    told = json.loads(hidden(json.dumps({name: text, "n": 1})))
    assert told == {name: "***", "n": 1}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["{}: {}", "exchanges: {{ binance: {{ {}: {} }} }}", "series: [{{ {}: {} }}]",
                                   "supervision: {{ traders: {{ {}: {} }} }}", "database: {{ {}: [{}] }}"])  # fmt: skip
def test_a_complaint_names_the_key_and_not_the_value(tmp_path, name, where):
    """At the top, under a known key, in a list, in a value of the wrong form."""
    told = "\n".join(map(str, complaints(tmp_path, fleet=where.format(name, f"'{CANARY}'") + "\n")))
    assert "canary" not in told
    assert "fleet.yaml:1" in told


def test_the_value_of_an_unknown_key_is_not_shown(tmp_path):
    """It may be anything; that of a known one is shown."""
    assert "canary" not in str(complaints(tmp_path, f"{GOOD}exchnage: {CANARY}\n")[0])
    assert "'nope'" in str(complaints(tmp_path, f"{GOOD}mode: nope\n")[0])


@pytest.mark.parametrize(
    "line",
    [
        f"exchanges: {{ binance: {{ base_url: '//me:{CANARY}@x' }} }}",
        f"exchanges: {{ binance: {{ base_url: 'me:{CANARY}@x' }} }}",
        f"exchanges: {{ binance: {{ base_url: 'http://me:{CANARY}@x' }} }}",
        f"logs: {{ keep: 'token {CANARY}' }}",
        f"logs: {{ keep: 'my password   {CANARY} and more {CANARY}' }}",
        f"environment: 'api key {CANARY}'",
    ],
)
def test_a_value_of_the_wrong_form_is_shown_without_its_secret(tmp_path, line):
    """Under a key whose value is shown."""
    told = "\n".join(map(str, complaints(tmp_path, fleet=f"{line}\n")))
    assert "***" in told
    assert "canary" not in told


@pytest.mark.parametrize(
    ("name", "value", "counts"),
    [
        ("MY_API_KEY", CANARY, True),
        ("PGPASSWORD", CANARY, True),
        ("DB_PWD", CANARY, True),
        ("AWS_SECRET_ACCESS_KEY", CANARY, True),
        ("AWS_ACCESS_KEY_ID", CANARY, True),
        ("GITHUB_TOKEN", CANARY, True),
        ("TRADEFLEET_API_PEPPER", CANARY, True),
        ("PWD", CANARY, False),
        ("OLDPWD", CANARY, False),
        ("GPG_KEY", CANARY, False),
        ("SSH_AUTH_SOCK", CANARY, False),
        ("KEYBOARD", CANARY, False),
        ("UID", CANARY, False),
        ("GOOGLE_CREDENTIALS", "/usr", False),
    ],
)
def test_variables_that_are_secrets(monkeypatch, name, value, counts):
    """The working folder is none, nor is any path of this machine."""
    monkeypatch.setenv(name, value)
    assert (value in set(environment.secrets())) == counts


CHAINED = f"""
import structlog, sys
from runtime import log
log.configure("room", terminal=sys.argv[1] == "terminal")
try:
    try:
        raise ValueError("https://me:{CANARY}@api.test/?a={CANARY}")
    except ValueError as error:
        raise RuntimeError("Authorization: Bearer {CANARY}") from error
except RuntimeError:
    listed = ["password={CANARY}", b"{CANARY} loaded"]
    structlog.get_logger().exception("failed", headers={{"x": "{CANARY}"}}, tried=listed)
import logging; logging.getLogger("ccxt").warning("Cookie: a={CANARY}")
raise RuntimeError("token={CANARY}\\x1b[31m")
"""


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_logs_of_a_process_hold_no_secret(form):
    """Chained exceptions, lists, mappings, bytes, other libraries, Python's last words."""
    code = [sys.executable, "-c", CHAINED, form]
    env = {"MY_API_KEY": CANARY, "PATH": ""}
    done = subprocess.run(code, cwd=HOUSE, capture_output=True, text=True, check=False, env=env)
    assert "RuntimeError" in done.stderr
    assert "failed" in done.stderr
    assert "canary" not in done.stderr
    assert "\x1b[31m\n" not in done.stderr


def test_a_place_that_exists_is_no_secret(monkeypatch, tmp_path):
    """PWD is called like a password: every path in every log would be hidden."""
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.setenv("MY_PASSWORD", f"/{CANARY}")
    assert str(tmp_path) not in environment.secrets()
    assert f"/{CANARY}" in environment.secrets()


def test_a_parameter_that_is_called_like_a_secret_is_refused(tmp_path):
    """Also one that a user's own kind knows: what is configured is kept in the database."""
    kind = Kind(name="own", doc="", params={"api_token": Param(str, "", "a token")}, build=dict, warmup=lambda _: 2)
    loaded(tmp_path, GOOD)
    own = GOOD.replace("rsi", "own") + f"params: {{ api_token: {CANARY} }}\n"
    (tmp_path / "strategies" / "one.yaml").write_text(own)
    with pytest.raises(ConfigurationInvalid, match=r"params.api_token: secrets never stand in YAML") as caught:
        load(tmp_path, lambda _: {"own": kind}, environ={})
    assert "canary" not in str(caught.value)
