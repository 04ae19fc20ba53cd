"""What is logged carries no secret, whatever carries it into the line."""

import json
import logging

import pytest
import structlog

from runtime import log

CANARY = "canary7Kq/x+9"


def refused() -> None:
    """A library's error."""
    raise ValueError(f"GET https://api.test/v3?signature={CANARY}")


def translated() -> None:
    """An error whose cause has the secret too."""
    try:
        refused()
    except ValueError as error:
        raise RuntimeError(f"password={CANARY}") from error


@pytest.mark.parametrize("terminal", [False, True])
def test_every_part_of_a_line_is_redacted(capfd, terminal):
    """Its event, a value by its name or by its text, a nested one, a bound one, and a traceback with its cause."""
    log.configure("trader", terminal=terminal)
    bound = structlog.get_logger().bind(token=CANARY)
    bound.info(f"sent Bearer {CANARY}", api_key=CANARY, url=f"https://me:{CANARY}@x", deep={"headers": {"a": [CANARY]}})
    try:
        translated()
    except RuntimeError:
        bound.exception("turn_failed")
    logging.getLogger("ccxt").warning("Authorization: Bearer %s", CANARY)
    told = capfd.readouterr().err
    assert "canary" not in told
    assert "RuntimeError" in told
    assert "ValueError" in told
    assert told.count("***") >= 7


def test_a_loaded_secret_is_hidden_where_nothing_names_it(capfd, monkeypatch):
    """It came by a variable: its bare text is known."""
    monkeypatch.setenv("TRADEFLEET_API_PEPPER", CANARY)
    log.configure("trader", terminal=False)
    structlog.get_logger().info("said", words=f"it said {CANARY} and went on")
    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert line["words"] == "it said *** and went on"
