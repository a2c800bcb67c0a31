"""What stdout needs before and after an answer is printed, whoever reads it."""

import os
import signal
import sys
from io import TextIOWrapper
from typing import BinaryIO, cast


def make_stdout_lenient() -> None:
    """Have stdout replace what its encoding lacks, instead of failing on it."""
    stdout = sys.stdout
    if isinstance(stdout, TextIOWrapper):
        cast("TextIOWrapper[BinaryIO]", stdout).reconfigure(errors="replace")


def drop_stdout() -> None:
    """Give up a stdout that nobody reads: Python flushes it at its exit, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def print_whole(text: str) -> int:
    """Print a text with a line break; return 0, or the exit code of a reader that had enough."""
    make_stdout_lenient()
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
        return 128 + signal.SIGPIPE
    return 0
