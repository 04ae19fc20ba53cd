"""`python -m runtime.plugin_host QUESTIONS ANSWERS`: the child process in which a user's Python is asked.

It reads pickled questions of its parent from one descriptor and writes one line of JSON for each to another. Nothing of
its parent's is here: the environment is empty but for PATH, no file is open, stdin, stdout and stderr lead nowhere.
"""

import json
import os
import pickle
import sys
from collections.abc import Callable, Mapping
from typing import BinaryIO

from runtime import confinement

READY = b"{}\n"  # the first line: all that is not the user's is loaded


def main() -> None:
    """Answer until the parent closes its end."""
    confinement.alone()
    questions, answers = os.fdopen(int(sys.argv[1]), "rb"), os.fdopen(int(sys.argv[2]), "wb")
    from runtime import plugin_answers  # noqa: PLC0415  brings numpy, whose threads must not begin before `alone`

    _silence()
    confinement.limited()
    answers.write(READY)
    answers.flush()
    _serve(questions, answers, plugin_answers.ANSWERS)
    os._exit(0)  # whatever a user's file has left to be done at the end is not


def _silence() -> None:
    """What is printed leads nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _serve(questions: BinaryIO, answers: BinaryIO, known: Mapping[str, Callable[..., object]]) -> None:
    """One line for each question."""
    process = os.getpid()
    while True:
        try:
            name, seconds, arguments = pickle.load(questions)  # noqa: S301  our own parent's
        except EOFError:
            return
        confinement.computing(seconds)
        line = json.dumps(known[name](*arguments)).encode() + b"\n"
        if os.getpid() != process:  # a user's file has forked: one answer is enough
            os._exit(1)
        answers.write(line)
        answers.flush()


if __name__ == "__main__":
    main()
