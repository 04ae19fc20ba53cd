"""Restarting workers: nobody is ended who would not start again."""

import argparse

import pytest

from domain.errors import ConfigError
from fleet import containers, docker_engine
from fleet.docker_engine import CommandOutput


class Worker:
    """A container that notes what is done to it; `broken`: its configuration is."""

    def __init__(self, name, *, broken=False):
        self.name, self.broken, self.ended = name, broken, 0

    def restart(self, timeout):
        """It ends, and begins anew."""
        assert timeout
        self.ended += 1


@pytest.mark.parametrize("broken", [True, False])
def test_all_are_asked_before_one_is_ended(monkeypatch, broken):
    """The last one's broken file keeps the first one running."""
    workers = [Worker("one"), Worker("two", broken=broken)]
    answers = {
        containers.VALIDATE: lambda each: CommandOutput(2 * each.broken, "", "btc.yaml:4"),
        containers.HEALTH: _well,
    }
    monkeypatch.setattr(docker_engine, "containers", lambda _: workers)
    monkeypatch.setattr(docker_engine, "workers", lambda found, _: found)
    monkeypatch.setattr(docker_engine, "run", lambda each, words: answers[words](each))
    if broken:
        with pytest.raises(ConfigError, match="btc"):
            containers.restart(argparse.Namespace(project="main"))
    else:
        assert containers.restart(argparse.Namespace(project="main")) == 0
    assert [each.ended for each in workers] == [int(not broken)] * 2


def _well(_):
    return CommandOutput(0, "", "")
