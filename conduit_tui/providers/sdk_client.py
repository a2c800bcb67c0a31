"""What the official clients of several vendors are held to; each is opened in a file of its own."""

import logging
from collections.abc import Iterable

CONNECT_SECONDS = 10.0


def keep_out_of_the_log(*names: str) -> None:
    """Silence loggers that, at the levels of --debug, write down whole conversations."""
    for name in names:
        logging.getLogger(name).setLevel(logging.WARNING)


def header_names(lines: str) -> Iterable[str]:
    """The names in an environment variable of header lines, which a client would add by itself."""
    pairs = (line.partition(":") for line in lines.split("\n"))
    return [name.strip() for name, colon, _ in pairs if colon]
