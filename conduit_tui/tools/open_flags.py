"""How what may not be trusted is opened: never through a link, and nothing is waited for."""

import os

_ANY = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER = _ANY | os.O_DIRECTORY
FILE = _ANY | os.O_NONBLOCK | os.O_NOCTTY  # a FIFO nobody writes to would wait for ever
