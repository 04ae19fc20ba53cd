"""The `fleet` command. Ctrl-C ends it quietly from its first moment on: whatever takes time to load is loaded here."""

import sys
from collections.abc import Sequence

from runtime import ctrl_c


def main(argv: Sequence[str] | None = None) -> int:
    """The command line: returns the exit status."""
    if argv is None:
        ctrl_c.at_once()
    from fleet import command_line  # noqa: PLC0415  what it loads may be interrupted

    return command_line.main(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
