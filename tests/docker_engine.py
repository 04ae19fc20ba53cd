"""A stand-in for the Docker engine: it lists containers, notes what it is asked to run in them, and refuses."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from fleet.docker_engine import FOLDER, NUMBER, PROJECT, SERVICE


@dataclass
class StandIn:
    """`asked` are the commands that it was to run, which it always refuses."""

    address: str = ""
    containers: Sequence[Mapping[str, Any]] = ()
    asked: list[list[str]] = field(default_factory=list)


def container(service: str, project: str, folder: str | None = None, **more: Any) -> dict[str, Any]:
    """One that runs, as the engine lists it."""
    labels = {PROJECT: project, SERVICE: service, NUMBER: "1", **({FOLDER: folder} if folder else {})}
    return {"Id": f"{project}-{service}".encode().hex().ljust(64, "0"), "Labels": labels, **more}


@contextmanager
def standing(containers: Sequence[Mapping[str, Any]]) -> Iterator[StandIn]:
    """An engine with these containers, over HTTP."""
    found = StandIn(containers=containers)

    class Answers(BaseHTTPRequestHandler):
        """What it says."""

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            """The version, the list, or one container."""
            self._say(200, _answer(found, self.path.partition("?")[0]))

        def do_POST(self) -> None:
            """A command, which is refused."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.asked.append(body["Cmd"])
            self._say(500, {"message": "it runs nothing"})

        def _say(self, status: int, answer: object) -> None:
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    found.address = f"tcp://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(engine: StandIn, path: str) -> object:
    """What it says to a GET."""
    if path.endswith("/version"):
        return {"ApiVersion": "1.41", "Version": "20.10"}
    if path.endswith("/containers/json"):
        return list(engine.containers)
    one = next(each for each in engine.containers if each["Id"] in path)
    name = f"/{one['Labels'][PROJECT]}-{one['Labels'][SERVICE]}-1"
    return {"Id": one["Id"], "Name": name, "Config": {"Labels": one["Labels"]}, "State": {"Status": "running"}}
