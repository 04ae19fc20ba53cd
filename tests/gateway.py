"""A gateway before the simulated exchange that signs requests, as a proxy of a company does, and whose errors repeat
what it has sent: address, headers, cookies.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

SIGNED = {
    "Authorization": "Bearer {}",
    "Proxy-Authorization": "Basic {}",
    "Cookie": "session={}; theme=dark",
    "X-MBX-APIKEY": "{}",
    "API-Key": "{}",
    "API-Sign": "{}",
    "CB-ACCESS-KEY": "{}",
    "CB-ACCESS-SIGN": "{}",
    "CB-ACCESS-PASSPHRASE": "{}",
    "X-Auth-Token": "{}",
}
FORMS = ("json", "dump", "html", "headers")
DIRECT = build_opener(ProxyHandler({}))
STATUSES = (500, 502, 429)
WRONG = ("ETHUSDT", "exchangeInfo")  # what is called a bad request, the first one always


class Gateway(ThreadingHTTPServer):
    """Where it listens, what it signs with, and how many of its errors were sent."""

    daemon_threads = True

    def __init__(self, behind: str, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind, self.secret, self.numbers, self.errors = behind, secret, count(), 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One request: passed on, or refused with an echo."""

    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Whatever is asked."""
        number = next(self.server.numbers)
        if number % 2 == 0 or WRONG[0] in self.path:
            self._refuse(number)
            return
        try:
            with DIRECT.open(self.server.behind + self.path, timeout=30) as answer:
                self._send(answer.status, dict(answer.headers), answer.read())
        except HTTPError as error:
            self._send(error.code, dict(error.headers), error.read())

    def log_message(self, *_: object) -> None:
        """Silence."""

    def _refuse(self, number: int) -> None:
        """An error that repeats the request as it was signed."""
        bad = any(each in self.path for each in WRONG)
        status, form = 400 if bad else STATUSES[number // 2 % len(STATUSES)], FORMS[number // 2 % len(FORMS)]
        self.server.errors += 1
        headers = {"Content-Type": "text/html" if form == "html" else "application/json", "Retry-After": "0"}
        self._send(status, headers, self._echo(form, number).encode())

    def _echo(self, form: str, number: int) -> str:
        """The request; what it was signed with stands first, each time another header."""
        secret, turn = self.server.secret, number // 2 % len(SIGNED)
        signed = [*SIGNED.items()][turn:] + [*SIGNED.items()][:turn]
        headers = {name: value.format(secret) for name, value in signed} | dict(self.headers)
        url = (
            f"http://me:{secret}@{self.headers['Host']}{self.path.partition('?')[0]}?signature={secret}&token={secret}"
        )
        dump = "\n".join([f"GET {url} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())])
        return {
            "json": json.dumps({"code": -1100, "msg": f"cannot forward: {dump}"}),
            "dump": dump,
            "html": f"<html><body><h1>502</h1><pre>{dump}</pre></body></html>",
            "headers": json.dumps({"code": -1, "msg": "refused", "request": {"url": url, "headers": headers}}),
        }[form]

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """An answer; its Date is the exchange's, if it has one."""
        self.send_response_only(status)
        for name in {"Content-Type", "Date", "Retry-After"} & headers.keys():
            self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def gateway(behind: str, secret: str) -> Iterator[Gateway]:
    """A running one, for the length of the block."""
    with Gateway(behind, secret) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
