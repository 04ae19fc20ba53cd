"""Paths that somebody names: files and folders of this machine, never an address, which would carry a password."""

import os
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


LONGEST = 255  # bytes that file systems allow a name, roughly
BESIDE = 55  # bytes of the longest ending of what stands beside a database, such as .replaced-20250101T000000Z-journal


def local(text: str) -> Path:
    """The path that a text is. Raises ValueError for an address, which is not repeated, and for what no file system
    takes for a path.
    """
    if ADDRESS.match(text):
        raise ValueError(
            "must be a path on a local disk, not an address: the database is an SQLite file, PostgreSQL and other "
            "servers are not supported"
        )
    try:
        fits = max(map(len, os.fsencode(text).split(b"/"))) <= LONGEST and "\0" not in text
    except UnicodeEncodeError:
        fits = False
    if not fits:
        raise ValueError(f"must be a path without control characters, no part of it longer than {LONGEST} bytes")
    return Path(text)


def file_named(text: object) -> Path:
    """The path of a database, which has a name to which endings can be added. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("must be a text")
    found = local(text)
    if found.name in {"", ".."} or len(os.fsencode(found.name)) > LONGEST - BESIDE:
        raise ValueError(f"must name a file, in at most {LONGEST - BESIDE} bytes, and no folder")
    return found
