"""Which two currencies a pair without its separator names: `DOTUSD` is DOT/USD at Kraken, and no DO/TUSD. Pure.

What is read is what the exchange is known to have, or what the fleet trades. Where neither decides nobody guesses.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

OLD = {"XBT": "BTC", "XDG": "DOGE"}  # what Kraken calls them
LEGACY = re.compile(  # Kraken's oldest codes, whose first letter says coin or money: `XXBTZUSD`
    r"(?:X(?=ETC|ETH|ICN|LTC|MLN|REP|XBT|XDG|XLM|XMR|XRP|ZEC)|Z(?=EUR|GBP|USD|AUD))?([A-Z]{3,4})"
    r"(?:Z(USD|EUR|GBP|CAD|JPY|AUD)|X(XBT|ETH))"
)
BITFINEX = re.compile(r"t[A-Z0-9]{2,}:?[A-Z0-9]{3,}")  # `tBTCUSD`, `tDOGE:USD`
QUOTES = (
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USD1", "BIDR", "IDRT", "AEUR", "EURI", "XBT", "BTC", "ETH",
    "BNB", "TRX", "XRP", "DOGE", "DOT", "SOL", "DAI", "PAX", "VAI", "USD", "EUR", "GBP", "JPY", "AUD", "CAD", "CHF",
    "TRY", "BRL", "RUB", "UAH", "PLN", "RON", "ZAR", "NGN", "ARS", "MXN", "COP", "CZK",
)  # fmt: skip
BINANCES = frozenset({"FDUSD", "BUSD", "TUSD", "USD1", "BIDR", "IDRT", "AEUR", "PAX", "VAI"})
LACKS = {  # in which of these nothing is quoted there, and never was
    "kraken": BINANCES,
    "coinbase": BINANCES,
    "bitstamp": BINANCES - {"PAX"},
    "binance": frozenset({"USD", "CAD", "CHF", "XBT"}),
}
ONLY = {("binance", "AEUR"): frozenset({"BTC", "ETH", "EUR"})}  # all that was ever quoted in it
LIKELY = {  # bases of which nobody believes that a market is another one because the exchange lacks it: DO/TUSD
    "XBT", "DOT", "BAT", "GRT", "APT", "QNT", "BNT", "ANT", "SNT", "LPT", "HNT", "ONT", "MNT", "FTT", "USDT", "BNB",
    "SHIB", "TRB", "CKB",
}  # fmt: skip
COINS = {  # that end like a quote currency: alone they are no pair
    "WBTC", "TBTC", "CBBTC", "RENBTC", "HBTC", "LBTC", "FBTC", "SOLVBTC", "WETH", "BETH", "STETH", "CBETH", "WBETH",
    "RETH", "METH", "CMETH", "EZETH", "WEETH", "RSETH", "OSETH", "SWETH", "FRXETH", "SFRXETH", "ANKRETH", "MSOL",
    "BNSOL", "JITOSOL", "BBSOL", "SUSD", "LUSD", "GUSD", "CUSD", "HUSD", "ZUSD", "PYUSD", "RLUSD", "CRVUSD",
}  # fmt: skip


class Known(NamedTuple):
    """By what a pair is read: the exchange that it is of, None where nobody has told, and the symbols that the fleet is
    configured for, each with its exchange.
    """

    exchange: str | None = None
    configured: frozenset[tuple[str, str]] = frozenset()

    def at(self, exchange: str | None) -> "Known":
        """The same where the exchange is this one, unless another was told."""
        return self if self.exchange else self._replace(exchange=exchange)


NOTHING = Known()


def flat(symbol: str) -> str:
    """A symbol without its separator, under today's names: ``XBT/USD`` and ``BTC-USD`` are ``BTCUSD``."""
    joined = "".join(OLD.get(word, word) for word in _words(symbol))
    for old, new in OLD.items():
        joined = re.sub(f"^{old}(?=.)|(?<=.){old}$", new, joined)
    return joined


def readings(said: str, known: Known = NOTHING) -> tuple[str, ...]:
    """Every symbol that this may mean, BASE/QUOTE: one where it is sure, none where it names no market."""
    words = _words(said)
    if len(words) != 1:
        return ("/".join(OLD.get(word, word) for word in words),) if len(words) == 2 and all(words) else ()
    (pair,) = words
    if pair in QUOTES or pair in COINS:
        return ()
    return _decided([(pair.removesuffix(each), each) for each in QUOTES if pair.endswith(each)], known)


def read(said: str, known: Known = NOTHING) -> str | None:
    """The symbol that this means, None for none. Raises ValueError, with the readings, where it may mean several."""
    found = readings(said, known)
    if len(found) > 1:
        raise ValueError(f"may be {' or '.join(found)}: say which with --symbol")
    return found[0] if found else None


def fits(said: str, symbol: str) -> bool:
    """Whether a text means this symbol: in whatever notation, or by the base currency alone."""
    base = symbol.partition("/")[0]
    return flat(said) in {flat(symbol), OLD.get(base, base)}


def _words(said: str) -> list[str]:
    """The currencies where a separator, or Kraken's oldest way of writing, tells them apart; else all as one."""
    text = said.strip()
    if BITFINEX.fullmatch(text):
        text = text[1:].replace(":", "/")
    text = text.upper()
    legacy = LEGACY.fullmatch(text)
    return [each for each in legacy.groups() if each] if legacy else re.split(r"[/\-_ ]", text)


def _decided(splits: Iterable[tuple[str, str]], known: Known) -> tuple[str, ...]:
    """What is left of the ways to split a pair, after each thing that is known."""
    found = {"/".join(OLD.get(each, each) for each in split): split for split in splits if split[0]}
    exchange = known.exchange or ""
    mine = {symbol for where, symbol in known.configured if where == exchange}
    every = {symbol for _, symbol in known.configured}
    for kept in (
        {symbol for symbol in found if symbol in mine},
        {symbol for symbol, split in found.items() if split[0] in ONLY.get((exchange, split[1]), ())},
        {symbol for symbol, split in found.items() if split[0] in LIKELY or _quoted(exchange, split)},
        {symbol for symbol, split in found.items() if split[0] in OLD},
        {symbol for symbol in found if symbol in every},
    ):
        found = {symbol: split for symbol, split in found.items() if symbol in kept} or found
    return tuple(sorted(found))


def _quoted(exchange: str, split: tuple[str, str]) -> bool:
    """Whether an exchange may quote this base in this currency."""
    base, quote = split
    return quote not in LACKS.get(exchange, ()) and base in ONLY.get((exchange, quote), {base})
