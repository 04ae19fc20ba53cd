"""`fleet ps`, `scale`, `restart`: the containers of a fleet, seen from the host."""

from fleet import containers
from fleet.verbs.options import PROCESSES, output_format, whole
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Sees the containers of `docker compose up` from the host, through the Docker engine. Nothing in a container gets its
socket.
"""
PS_EXAMPLES = (
    ("fleet ps", ""),
    ("fleet ps --all-columns", ""),
    ("fleet ps --format json", "for programs"),
)
SCALE_EXAMPLES = (
    ("fleet scale 5", ""),
    ("fleet scale 2 --demo", "of the demo"),
)
RESTART_EXAMPLES = (
    ("fleet restart", "the containers of this folder"),
    ("fleet restart --project my-fleet", "those of another"),
)


def _project(parser: Parser) -> None:
    parser.add_argument(
        "--project", metavar="NAME", help="Compose's name of the fleet (default: the one of this folder)"
    )


def _ps_arguments(parser: Parser) -> None:
    _project(parser)
    output_format(parser)


def _scale_arguments(parser: Parser) -> None:
    _project(parser)
    parser.add_argument("replicas", type=whole(1, PROCESSES), metavar="N", help="replicas")
    parser.add_argument("--demo", action="store_true", help="of the demo")


VERBS = {
    "ps": Verb(_ps_arguments, containers.ps, PS_EXAMPLES, TEXT),
    "scale": Verb(_scale_arguments, containers.scale, SCALE_EXAMPLES, TEXT),
    "restart": Verb(_project, containers.restart, RESTART_EXAMPLES, TEXT),
}
