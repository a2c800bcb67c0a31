"""A terminal chat in which every conversation is a tree."""

__version__ = "0.1.0"
