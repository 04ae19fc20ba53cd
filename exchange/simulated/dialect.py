"""What makes one exchange's REST interface different from another's, as a table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from exchange.simulated.bars import Frame
from exchange.simulated.listings import Listing
from exchange.simulated.venue import Refusal, Venue


class JsonAnswer(NamedTuple):
    """An HTTP answer; `body` is what becomes JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


Query = Mapping[str, str]
Endpoint = Callable[[Venue, Query], JsonAnswer]


class Call(NamedTuple):
    """What a request asks for: the path, and where it names them the unified symbol and the timeframe."""

    path: str
    symbol: str | None = None
    timeframe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one exchange's REST interface looks.

    `routes`: path patterns, whose named groups join the query, and what answers them. `names`: every name the
    exchange accepts for a market, the one that counts first. `frames` by the exchange's own word for a timeframe;
    `market_key` and `frame_key` are the query parameters that carry such names. `refuse` words a refusal as the
    exchange does. `headers`: what it adds, by path and number of requests in this minute.
    """

    name: str
    routes: tuple[tuple[re.Pattern[str], Endpoint], ...]
    names: Callable[[Listing], tuple[str, ...]]
    frames: Mapping[str, Frame]
    market_key: str
    frame_key: str
    refuse: Callable[[Refusal], JsonAnswer]
    omits_empty: bool = False
    headers: Callable[[str, int], Mapping[str, str]] = field(default=lambda _path, _used: {})

    def answer(self, path: str, query: Query, venue: Venue) -> JsonAnswer:
        """What the exchange answers to a GET of `path`."""
        for pattern, endpoint in self.routes:
            match = pattern.fullmatch(path)
            if match is not None:
                try:
                    return endpoint(venue, {**query, **match.groupdict()})
                except Refusal as refusal:
                    return self.refuse(refusal)
        return self.refuse(Refusal("path", path))

    def call(self, path: str, query: Query, markets: Mapping[str, Any]) -> Call:
        """What a request is about."""
        groups = next((match.groupdict() for pattern, _ in self.routes if (match := pattern.fullmatch(path))), {})
        named = {**query, **groups}
        market = markets.get(named.get(self.market_key, ""))
        frame = self.frames.get(named.get(self.frame_key, ""))
        return Call(path, market and market.listing.symbol, frame and frame.name)


def frame_of(frames: Mapping[str, Frame], word: str) -> Frame:
    """The timeframe that goes by `word`. Raises Refusal."""
    if word not in frames:
        raise Refusal("interval", word)
    return frames[word]


def whole(query: Query, key: str, default: int) -> int:
    """A whole number out of the query. Raises Refusal."""
    word = query.get(key, str(default))
    if re.fullmatch(r"-?\d{1,18}", word) is None:
        raise Refusal("argument", key)
    return int(word)
