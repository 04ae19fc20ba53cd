"""The shared database: the only room that speaks SQL."""
