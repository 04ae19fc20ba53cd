"""The `fleet` command and the local supervisor."""
