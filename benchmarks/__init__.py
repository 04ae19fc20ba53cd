"""Figures of the fleet, each measured beside its alternative in the same run."""
