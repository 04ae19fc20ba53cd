"""Logs: events with their context, readable on a terminal, JSON lines off it, always on stderr, never with a secret."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET = re.compile(
    r"(?i)((?:api[-_]?key|signature|secret|pass(?:word|phrase)|authorization|token)[\"']?\s*[=:]\s*)[\"']?[^\s\"'&,}]+"
)
HIDDEN = r"\1***"
WHEN = "time"  # the key of a line's own time: `timestamp` is a candle's open everywhere
Event = MutableMapping[str, Any]


def configure(room: str, *, terminal: bool | None = None, level: int = logging.INFO) -> None:
    """Send the logs of this process to stderr, each line with its `room`.

    `terminal` chooses the form; None asks whether stderr is one. What other libraries log and warn about from WARNING
    on goes the same way.
    """
    readable = sys.stderr.isatty() if terminal is None else terminal
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key=WHEN),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redacted,
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(timestamp_key=WHEN)
        if readable
        else structlog.processors.JSONRenderer(default=str)
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(room=room)
    _adopt_standard_logging()


def redacted(_logger: object, _method: str, event: Event) -> Event:
    """A processor that hides what looks like a secret in every text of an event."""
    for key, value in event.items():
        event[key] = _hidden(key, value)
    return event


def _hidden(key: str, value: object) -> object:
    """`value` without its secrets; a value whose very name tells that it is one is hidden whole."""
    if isinstance(value, str):
        return SECRET.sub(HIDDEN, f"{key}={value}").partition("=")[2]
    if isinstance(value, Mapping):
        return {inner: _hidden(str(inner), each) for inner, each in value.items()}
    return value


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
