"""The image, built once; without a Docker engine these tests are skipped, but never in CI."""

import os

import pytest

from tests.stack import IMAGE, run


@pytest.fixture(scope="session")
def image():
    """The image of this tree."""
    if run("docker", "info", check=False).returncode and not os.environ.get("CI"):
        pytest.skip("no Docker engine answers on this machine")
    run("docker", "build", "-q", "-t", IMAGE, ".")
