"""The embedded engine: one SQLite file in WAL mode on one host."""
