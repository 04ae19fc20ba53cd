"""The shared database: the only room that speaks SQL. `opened` is its door, whatever engine keeps the data."""

from db.database import Database, Migrated, Store


def opened(store: Store, *, read_only: bool = False, any_filesystem: bool = False) -> Database:
    """A connection to the database that is kept at `store`; one that is `read_only` is for reports beside a running
    fleet. `any_filesystem` permits to write on file systems that lose data.

    Raises ConfigError where nothing is kept there, or no fleet's database, another fleet's than the one that lived
    there, or one of another schema than the code's; Forbidden on a file system or library that loses data, or without
    permission.
    """
    from db.sqlite import connection  # noqa: PLC0415  brings the library: a command that opens nothing does without

    if read_only:
        return connection.connect_readonly(store)
    return connection.connect(store, any_filesystem=any_filesystem)


def migrate(
    store: Store,
    environment: str,
    *,
    clock: str | None = None,
    any_filesystem: bool = False,
    accept: str | None = None,
) -> Migrated:
    """Create the database where it is missing, apply what is new in its schema, renew the views.

    `environment` is real or simulated; `clock` is candle time in JSON, kept only if the database has none yet; `accept`
    is the id of a fleet whose database may take the place of the one that lived here. Raises ConfigError for a database
    that is newer than the code, of the other environment, another fleet's or not a fleet's, and where the one that
    lived here is gone; Forbidden and Unavailable as `opened` does.
    """
    from db.sqlite import migrate as sqlite  # noqa: PLC0415  as above

    return sqlite.migrate(store, environment, clock=clock, any_filesystem=any_filesystem, accept=accept)
