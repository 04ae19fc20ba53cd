"""Logs: events with their context, readable on a terminal, JSON lines off it, always on stderr, never with a secret."""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TextIO, cast

from config import environment
from domain.secrets import hidden, remember, without
from domain.text import visible
from runtime import log_file
from runtime.light_structlog import structlog
from runtime.output import LossyStream, warn

LINES = ("exception", "stack")  # texts of several lines
WHEN = "time"  # the key of a line's own time: `timestamp` is a candle's open everywhere
Event = MutableMapping[str, Any]


def configure(room: str, *, terminal: bool | None = None, level: int = logging.INFO) -> None:
    """Send the logs of this process to stderr, each line with its `room`.

    `terminal` chooses the form; None asks whether stderr is one. What other libraries log and warn about from WARNING
    on goes the same way.
    """
    people = sys.stderr.isatty() if terminal is None else terminal
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key=WHEN),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        turned,
        redacted,
        *([shown] if people else []),
    ]
    last: structlog.typing.Processor = (
        _terminal(colors=True) if people else structlog.processors.JSONRenderer(default=str)
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, LossyStream())),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(room=room)
    _adopt_standard_logging()
    remember(environment.secrets())
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)


@contextmanager
def without_events(*names: str) -> Iterator[None]:
    """Within, lines of these events are not written."""

    def kept(_logger: object, _method: str, event: Event) -> Event:
        if event["event"] in names:
            raise structlog.DropEvent
        return event

    before = structlog.get_config()["processors"]
    structlog.configure(processors=[kept, *before])
    try:
        yield
    finally:
        structlog.configure(processors=before)


def readable(event: Event) -> str:
    """An event that was written as JSON, as a terminal shows it, without colours; anybody may have written it."""
    return str(_terminal(colors=False)(None, "", shown(None, "", event)))


def _terminal(*, colors: bool) -> structlog.dev.ConsoleRenderer:
    """What makes a line for people; tracebacks in it are texts already."""
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=colors, timestamp_key=WHEN, exception_formatter=plain)


def turned(_logger: object, _method: str, event: Event) -> Event:
    """A processor that changes nothing: each line is a moment to look at the size of the file."""
    log_file.turn()
    return event


def redacted(_logger: object, _method: str, event: Event) -> Event:
    """A processor that hides secrets in whatever an event carries, tracebacks and their causes included."""
    return {key: without(value, key) for key, value in event.items()}


def shown(_logger: object, _method: str, event: Event) -> Event:
    """A processor that shows what would steer a terminal as text; tracebacks keep their lines."""
    return {
        key: visible(value, lines=key in LINES) if isinstance(value, str) else value for key, value in event.items()
    }


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Python's own last words, through the same door."""
    if issubclass(kind, KeyboardInterrupt | BrokenPipeError):
        return
    warn(hidden("".join(traceback.format_exception(kind, error, trace))), end="")


class _Adopted(logging.Handler):
    """Hands what the standard library's logging receives to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """One record, under the name of its logger."""
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name)


def _adopt_standard_logging() -> None:
    """Route the root logger and warnings into structlog."""
    root = logging.getLogger()
    root.handlers = [_Adopted()]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
