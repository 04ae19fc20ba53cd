"""A gateway before the simulated exchange that notes what of each request for candles was stored already."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

from db.market_data import candles
from db.sqlite.connection import connect_readonly
from domain.candles import Series
from tests.gateway import DIRECT, Handler


class AskedPage(NamedTuple):
    """A request for candles: the bars that it is for (opens), and how many of them were stored when it came."""

    first: int
    bars: int
    stored: int


class RecordingGateway(ThreadingHTTPServer):
    """Passes everything on to `behind`; `pages` are the requests for candles of `series`, in their order."""

    daemon_threads = True

    def __init__(self, behind: str, database: Path, series: Series) -> None:
        super().__init__(("127.0.0.1", 0), _Recording)
        self.behind, self.database, self.series = behind, database, series
        self.pages: list[AskedPage] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def note(self, path: str) -> None:
        """A request came (Binance's words)."""
        asked, words = urlsplit(path), {}
        if asked.path.endswith("/klines"):
            words = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if words.get("symbol") != self.series.symbol.replace("/", "") or words["interval"] != self.series.timeframe:
            return
        first, bars = int(words["startTime"]) // 1000, int(words["limit"])
        with connect_readonly(self.database) as db:
            known = candles.timestamps(db, self.series, first, first + (bars - 1) * self.series.seconds)
        self.pages.append(AskedPage(first, bars, len(known)))


class _Recording(Handler):
    server: RecordingGateway  # type: ignore[assignment]

    def do_GET(self) -> None:
        """Whatever is asked."""
        self.server.note(self.path)
        try:
            with DIRECT.open(self.server.behind + self.path, timeout=30) as answer:
                self._send(answer.status, dict(answer.headers), answer.read())
        except HTTPError as error:
            self._send(error.code, dict(error.headers), error.read())


@contextmanager
def recording(behind: str, database: Path, series: Series) -> Iterator[RecordingGateway]:
    """A running one, for the length of the block."""
    with RecordingGateway(behind, database, series) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
