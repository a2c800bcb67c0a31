"""Markdown source to styled terminal rows, whole or while it is still arriving."""
