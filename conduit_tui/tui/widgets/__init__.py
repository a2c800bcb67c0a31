"""Widgets: they take values and post messages of their own."""
