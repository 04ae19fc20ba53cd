"""A fleet that everything happens to, and a checker of what it leaves that shares no code with it."""
