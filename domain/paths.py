"""Paths that somebody names: files and folders of this machine, never an address, which would carry a password."""

import re
from pathlib import Path

ADDRESS = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]*:/"  # a scheme; pathlib leaves one slash of ://
    r"|(?:file|jdbc|sqlite|postgres|mysql|redis)[a-z0-9+]*:"  # the same without slashes
    r"|/{0,2}[^/]*:[^/]*@"  # a user and password without a scheme
    r"|.*\?[\w.-]+="  # a query
    r"|(?:.*\s)?(?:host|hostaddr|dbname|user|password|service)\s*=)",  # the words of libpq
    re.IGNORECASE | re.DOTALL,
)


def local(text: str) -> Path:
    """The path that a text is. Raises ValueError for an address, which is not repeated."""
    if ADDRESS.match(text):
        raise ValueError(
            "must be a path on a local disk, not an address: the database is an SQLite file, PostgreSQL and other "
            "servers are not supported"
        )
    return Path(text)
