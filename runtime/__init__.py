"""How a process behaves: log, stop, loop, clock, retry."""
