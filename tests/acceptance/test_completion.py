"""Completion in a real bash: it reads what `fleet completion bash` prints, and asks the command at each TAB."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fleet import reading
from fleet.verbs import VERBS

BASH = """\
source <(fleet completion bash)
asked=$(complete -p fleet | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=$(printf %s "$*" | wc -m) COMP_TYPE=9
"$asked" "$1" "${!#}" "${@: -2:1}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
TWO = "strategy_id: '{base}-two'\nmatrix: { symbol: [BTC/USDT, ETH/USDT] }\n"


@pytest.fixture
def offered(tmp_path):
    """What bash offers for the last of some words, in a folder with a configuration that is broken here and there."""
    (tmp_path / "config/strategies").mkdir(parents=True)
    (tmp_path / "config/fleet.yaml").write_text("nonsense: [")
    (tmp_path / "config/strategies/one.yaml").write_text("strategy_id: one\nparams: 7\n")
    (tmp_path / "config/strategies/two.yaml").write_text(TWO)
    (tmp_path / "config/strategies/broken.yaml").write_text("strategy_id: [")
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}

    def run(*words):
        done = subprocess.run(
            ["bash", "--norc", "-c", BASH, "bash", "fleet", *words],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        return [word.rstrip() for word in done.stdout.splitlines() if word.strip()]

    return run


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([""], [*VERBS]),
        (["kill"], ["kill-switch"]),
        (["kill-switch", "o"], ["on", "off"]),
        (["report", "--view", ""], [*reading.VIEWS]),
        (["report", "--view", "l"], ["latency", "leaderboard"]),
        (["report", "--strategy", ""], ["one", "btc-two", "eth-two"]),
        (["pause", "--reason", "news", "btc"], ["btc-two"]),
        (["rename", "o"], ["one"]),
        (["logs", "eth"], ["eth-two"]),
        (["sql", "worst"], ["worst-falls"]),
        (["sql", "leader"], ["leaderboard"]),
        (["report", "--all"], ["--all-columns"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
    ],
)
def test_bash_offers(offered, words, expected):
    """Verbs, options, and values; ids also where another file is broken."""
    assert sorted(offered(*words)) == sorted(expected)


def test_a_verb_without_words_offers_its_options(offered):
    """Long ones, and not those of another verb."""
    assert {"--config", "--database", "--format"} <= {*offered("gaps", "")}
    assert "--strategy" not in offered("status", "--")


@pytest.mark.parametrize(("shell", "words"), [("zsh", "#compdef fleet"), ("fish", "complete --command fleet")])
def test_the_other_shells_have_their_own(shell, words):
    """What each of them binds."""
    line = [Path(sys.executable).parent / "fleet", "completion", shell]
    assert words in subprocess.run(line, capture_output=True, text=True, check=True).stdout
