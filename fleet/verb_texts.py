"""What `fleet VERB --help` says of each verb, above its options."""

DEMO = """\
Starts a simulated exchange on this machine whose clock runs 600 times as fast, a backfiller and two traders, shows
what they do, stops after a minute (or Ctrl-C), and prints the report. The database of the demo before is replaced.
Its clock begins on 2025-03-31 00:00, or where --replay has so much data left, and waits at each close until every
strategy has decided: one --seed decides the same on every machine. With --fault it waits for nobody.
"""
INIT = """\
Writes config/fleet.yaml, a strategy of each kind in config/strategies/, docker-compose.yml, .env.example, .gitignore.
Asks nothing, overwrites nothing: where one of them is there already, nothing is written.
"""
UP = """\
Starts the backfiller and the traders as processes of this machine, restarts what dies, and shows what they do until
Ctrl-C or SIGTERM. Public data only, paper money only. Their logs are beside the database, in logs/.

A broken file ends it with 2 on a terminal. Off one, as after a power cut, and with --last-good it starts with what was
good before, and `fleet status` says so. A process that needs a person holds up no other: it is tried again when a file
changes, and every minute.
"""
VALIDATE = """\
Reads config/fleet.yaml and config/strategies/*.yaml and tells every mistake at once, with its file and line. Then asks
each exchange whether it lists what the strategies trade, and proves on the stored candles that no strategy looks ahead
and that its warm-up is long enough. Changes nothing.
"""
MIGRATE = """\
Creates the database where it is missing and brings it to the schema of this program. Any number of processes may do it
at the same time. Workers never do it by themselves.
"""
STATUS = """\
Reads the database, nothing else: works beside a running fleet and after it. Exits with 1 when a strategy is disabled,
the series that it trades is stale or empty (not one candle yet), an exchange does not answer, or a worker goes on with
an old configuration because the new one is broken.
"""
GAPS = """\
Every range of missing candles with its cause: not_fetched, no_trades, outage, not_offered, before_listing, delisted,
rejected (docs/metrics.md).
"""
REPORT = """\
Prints a view of the database; docs/metrics.md defines every column. `fleet sql` and any SQL client that opens the
file read-only read the same views.
"""
TRADES = """\
Lists round trips, the newest first: when and why they were closed, how long they were held, what they brought. Below
them stands what is open, marked at the last decided close. Other formats have every column of the view round_trips.
"""
CHART = """\
Draws the price of a strategy with its entries and exits, and its equity below: in the terminal, as wide as it is, or as
a file that a browser opens without a network, on light and dark. Of thousands of candles as many stretches are shown as
there is room for, each with its lowest and highest price. Times are UTC. A file that is there already is replaced.
"""
WHY = """\
Counts the decisions of a strategy by their reason, shows the newest of each with what it saw, how the strategy stands
now, and what to do where that is obvious. The counts survive retention; sentences are there as long as their decisions
are kept. docs/metrics.md has every code.
"""
SQL = """\
Answers a query over the database, beside a running fleet, on this machine or in containers. It can only read; without
a query it lists every table, view and saved question with what it is for. A question is saved as a file of one SELECT
in config/queries/, under a comment that says what it answers.
"""
BACKUP = """\
Copies the whole database as it is at this moment, beside a running fleet, and checks the copy before it gets its name.
Never use cp: what was written last lies in trading.db-wal. The file is yours alone, or your group's in its folder.
It replaces nothing.
"""
RESTORE = """\
Puts a backup in the place of the database. Stop the fleet first. The backup is checked: damaged ones, those of another
fleet, and files whose schema this program would not make are refused. What is replaced is kept beside it.
"""
RENAME = """\
An id that has decided something keeps its exchange, symbol, timeframe and mode for ever. Renaming a strategy takes its
whole history along and frees the old id: whoever has it next starts with the next candle. Refused while a trader acts
for the strategy.
"""
RESET = """\
Begins a strategy on paper anew: with its capital, under its configuration, from the next candle on. What it did until
now stays under another id (ID~1, then ID~2...), which reports call removed. No candle is decided twice. It works beside
a running fleet, and is refused while the strategy holds a position. A pause or stop of it remains.
"""

DOCKER = """\
Sees the containers of `docker compose up` from the host, through the Docker engine. Nothing in a container gets its
socket.
"""
LOGS = """\
Shows what the workers of a fleet wrote down, in the order in which it happened: from the files of `fleet up` beside the
database, or from the containers of this folder. With a strategy's id only what is about it, whoever traded it.
"""
CONTROL = """\
Written into the database: it works within a second, whoever trades, and survives restarts. `fleet status` shows it. It
acts where workers live, here or in the containers of this folder, and says where.
"""
PAUSE = "No entries; stops, targets and exit signals go on.\n"
RESUME = "Takes back a pause. Who was stopped or disabled stays so, and 1 says that one you have named does.\n"
START = "Takes back a pause, a stop, an order to sell, and the disabling of a strategy that failed too often.\n"
STOP = "Exits only, until the strategy is flat; then its trader lets it go.\n"
EXIT = "Sells the position at the last close, without waiting for the next candle. It may enter again: pause it too.\n"
KILL_SWITCH = """\
On: no trader enters any more, whatever the timeframe; protective stops and exits go on. It is a file beside the
database (trading.db.halt), which every write transaction of a trader looks at, so it works while somebody holds the
lock. Where workers live here and in containers of this folder, it is turned on in both. Off: a person takes it back.
"""
SCHEMA = """\
Prints the JSON Schema of fleet.yaml and of strategies/*.yaml, the kinds of your own plugins included. Editors complete
and check by the file that the first line of a YAML file names: write it again when a kind of your own is new or has
changed.
"""
COMPLETION = """\
Prints what completes verbs, options and values, among them the ids of strategies.
Once it stands in the file that your shell reads, every new shell has it.
"""
