"""Advances a turn, one generation or tool run at a time."""
