"""What must not be shown: one table of the names that secrets go by, and how a text or a value looks without them.

Used wherever something leaves a process as text: complaints, logs, and what is written into the database for people.
"""

import json
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from functools import lru_cache
from urllib.parse import quote

HIDDEN = "***"
SHORTEST = 6  # characters of a loaded secret that is looked for: a shorter one would be found in every word
DEEPEST = 12  # levels of a value that are looked into
NAMES = re.compile(
    r"(?:api)?keys?|auth|authori[sz]ation|bearer|cookies?|credentials?|headers?|login|mnemonic|passphrase|passw(?:or)?ds?"
    r"|pass|private|pwd|secrets?|signature|tokens?|uid"
)
COUNTED = {"headers", "keys", "tokens"}  # a number under these is how many there are
NUMBERS = (int, float)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
INSIDE = re.compile(
    r"(?i)api_?key|(?:api|access)[-_]?sign|credential|passphrase|passw|secret|token|private|cookie|signature"
)

BACKSLASHES = r"\\+(?![nr\\])"  # of a value: those of a line break that is spelled out end it
NAMED = (
    r"(?i)((?:api[-_ ]?key|signature|secret|passw(?:or)?d|passphrase|credentials?|token|private[-_ ]?key"
    r"|(?:api|access)[-_]?sign|[a-z0-9][-_](?:key|uid|login|pass))\s*[:=]\s*)(?!b?[\"']?\*\*\*)"
    rf"(?:b?\"(?:[^\"\\]|\\.)*\"?|b?'(?:[^'\\]|\\.)*'?|(?:[^\s\"'&,;}}\]\\]|{BACKSLASHES})+)"
)
LINE = rf"[^\s\"'](?:[^\"'\n\\]|{BACKSLASHES})*"
_TOLD = (  # what a pattern's first group matches stays, the rest is hidden; all of them take linear time
    (r"(?<=[\w/])\?[\w.%-]{1,80}=[^\s\"'<>)]*", f"?{HIDDEN}"),  # the query of a path
    (r"(?i)(?:\b|(?<=\\[nr]))(bearer|basic)\s+(?!\*\*\*)[a-z0-9._~+/=-]{6,}", rf"\1 {HIDDEN}"),
    (rf"(?i)(cookie2?\s*[:=]\s*)(?!\*\*\*){LINE}", rf"\1{HIDDEN}"),
    (rf"(?i)(authorization\s*[:=]\s*)(?!\*\*\*|bearer|basic){LINE}", rf"\1{HIDDEN}"),
    (NAMED, rf"\1{HIDDEN}"),
    (r"\btf_[a-z]+_[A-Za-z0-9_-]+", HIDDEN),  # a key of ours
)
TOLD = tuple((re.compile(pattern), instead) for pattern, instead in _TOLD)
ADDRESS = re.compile(r"(?i)(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:/{1,3})([^\s\"'<>]*[^\s\"'<>.,:;)\]}])")
WHOLE = re.compile(r"(?is)\s*([a-z][a-z0-9+.-]*:/{1,3}|/{0,2}(?=[^/]*:[^/]*@))(.*)")  # also me:password@host
LOGIN = re.compile(
    r"(?<![\w/.:@+-])(/{0,2})[^\s\"'<>/:@]{1,80}:(?!/)[^\s\"'<>]{1,200}@(?=[\w\[])"
)  # no scheme before it
SPOKEN = re.compile(
    r"(?i)\b(api[-_ ]?keys?|signature|secrets?|passw(?:or)?ds?|passphrase|credentials?|tokens?|private[-_ ]?key|bearer)"
    r"(\s+)\S.*",
    re.DOTALL,
)
PAIR = re.compile(
    r"(?P<name>\\?\"[A-Za-z][\w .-]{0,60}\\?\"|'[A-Za-z][\w .-]{0,60}')(?P<sign>\s*[:=]\s*)"
    r"(?P<value>b?\"(?:[^\"\\]|\\.)*\"?|\\\"(?:[^\"\\]|\\\\\\\"|\\[^\"])*\\?\"?|b?'(?:[^'\\]|\\.)*'?"
    r"|\{[^{}]*\}?|\[[^\[\]]*\]?|[^\s,;}\]]+)"
)
MARKS = (  # what is hidden behind ":" or "=" has one of these in it, or before it
    *(":/", "?", '"', "'", "@", "authorization", "cookie", "credential", "key", "login", "pass", "secret"),
    *("signature", "token", "uid", *(f"{who}{sign}sign" for who in ("api", "access") for sign in ("", "-", "_"))),
)
FOLDED = str.maketrans("\u017f\u0130\u0131\u212a", "siik")  # beyond ASCII, yet equal to these where case is ignored
_loaded: list[str] = []  # the longest first: one may be a part of another


def remember(values: Iterable[str]) -> None:
    """Hide these texts wherever they appear from now on: every secret that this process has loaded."""
    found = set(_loaded)
    for value in values:
        if len(value) >= SHORTEST:
            found.update((value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]))
    _loaded[:] = sorted(sorted(found), key=len, reverse=True)


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Whether a key goes by a name that secrets have: api-key, apiKey, passphrase, credentials, headers…"""
    return bool(INSIDE.search(name)) or any(NAMES.fullmatch(word.lower()) for word in WORD.findall(name))


def hidden(text: str) -> str:
    """`text` without loaded secrets, ``Bearer …``, named secrets, and the users and queries of addresses."""
    for secret in _loaded:
        text = text.replace(secret, HIDDEN)
    if _holds_none(text):  # as most texts
        return text
    text = LOGIN.sub(rf"\1{HIDDEN}@", ADDRESS.sub(_address, PAIR.sub(_pair, text)))
    for pattern, instead in TOLD:
        text = pattern.sub(instead, text)
    return text


def shown(value: str) -> str:
    """One value as somebody has typed it, without secrets: an address goes to its end, whatever its password holds, and
    what follows the name of a secret (``token abc``) is one.
    """
    found = WHOLE.fullmatch(value)
    return _address(found) if found else hidden(SPOKEN.sub(rf"\1\2{HIDDEN}", value))


def without(value: object, name: str = "", depth: int = 0) -> object:
    """`value`, known by `name`, without secrets, however deep they stand; hidden whole where the name tells it.

    Mappings, sequences, sets and dataclasses come back as dictionaries and lists, other things as their text.
    """
    if name and is_secret(name):
        return value if _is_harmless(value, name) else HIDDEN
    if isinstance(value, str):
        return hidden(str(value))
    if value is None or isinstance(value, NUMBERS):
        return value
    if isinstance(value, bytes | bytearray):
        return hidden(bytes(value).decode(errors="backslashreplace"))
    return hidden(str(value)) if depth > DEEPEST else _parts(value, depth + 1)


def _holds_none(text: str) -> bool:
    """Whether no pattern finds anything in `text`, by what each of them asks for: plain searches cost a hundredth."""
    low = (text if text.isascii() else text.translate(FOLDED)).lower()
    if "bearer" in low or "basic" in low or "tf_" in low:
        return False
    if ":" not in low and "=" not in low:
        return True
    for mark in MARKS:  # noqa: SIM110  half the time of any()
        if mark in low:
            return False
    return True


def _is_harmless(value: object, name: str) -> bool:
    """Whether a value says nothing although `name` is a secret's: there is none, or it is how many there are."""
    counts = isinstance(value, NUMBERS) and name.lower() in COUNTED
    return value is None or isinstance(value, bool) or counts


def _parts(value: object, depth: int) -> object:
    """What is made of several values, each without secrets."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        value = dict(zip(value._fields, value, strict=True))
    if isinstance(value, Mapping):
        return {hidden(str(key)): without(each, str(key), depth) for key, each in value.items()}
    if isinstance(value, list | tuple | Set):
        return [without(each, "", depth) for each in value]
    return hidden(str(value))


def _pair(found: re.Match[str]) -> str:
    """A quoted name and its value, as in JSON: the value is hidden where the name is a secret's."""
    name = found["name"].strip("\\\"'")
    quotes = found["name"].partition(name)[0]
    return f"{found['name']}{found['sign']}{quotes}{HIDDEN}{quotes}" if is_secret(name) else found[0]


def _address(found: re.Match[str]) -> str:
    """An address without its user, its password and its query."""
    user, sign, rest = found[2].rpartition("@")
    path, mark, _ = rest.replace("#", "?").partition("?")
    return f"{found[1]}{HIDDEN if user else ''}{sign}{path}{f'?{HIDDEN}' if mark else ''}"
