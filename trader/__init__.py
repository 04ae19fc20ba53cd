"""One turn: look, decide, act, record."""
