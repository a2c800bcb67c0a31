"""Finding files and lines below a folder, in a process of its own.

A search runs in a child, so that nothing a model asks for can keep the screen waiting: it is
killed when the call is cancelled. `process.py` is this side; `worker.py` and what it imports is
the other one, and imports little, since it is started for every search.
"""
