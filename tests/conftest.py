"""What every test may use: the recorded market data, and an environment without the product's own variables."""

import logging
import os
from collections import Counter
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # a busy machine makes no test fail

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    """Variables of a running fleet, and the width of somebody's terminal, do not reach the tests."""
    for name in [name for name in os.environ if name.startswith("TRADEFLEET_") or name == "COLUMNS"]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _quiet_logs():
    """A command that ran inside a test leaves its logs pointing at that test's output: put them back."""
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def data():
    """The folder of recorded market data; tests that need it are skipped on machines without it, never in CI."""
    if not DATA.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"recorded market data is not at {DATA}")
    return DATA


SPENT: Counter[str] = Counter()


def pytest_runtest_logreport(report):
    """Count the seconds of every folder of tests."""
    SPENT["/".join(report.nodeid.split("/")[:2])] += report.duration


def pytest_terminal_summary(terminalreporter):
    """Print what every folder took; processes that worked side by side are added up."""
    told = ", ".join(f"{folder} {seconds / 60:.1f}" for folder, seconds in SPENT.most_common())
    terminalreporter.write_line(f"minutes by folder: {told}")
