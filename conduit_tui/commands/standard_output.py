"""What stdout needs before and after an answer is printed, whoever reads it."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from typing import BinaryIO, cast

import click


def make_stdout_lenient() -> None:
    """Have stdout replace what its encoding lacks, instead of failing on it."""
    stdout = sys.stdout
    if isinstance(stdout, TextIOWrapper):
        cast("TextIOWrapper[BinaryIO]", stdout).reconfigure(errors="replace")


def takes_colour() -> bool:
    """Whether stdout is a terminal whose person wants colours."""
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain


def drop_stdout() -> None:
    """Give up a stdout that nobody reads: Python flushes it at its exit, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def print_whole(text: str) -> int:
    """Print a text with a line break; return 0, or the exit code of a reader that had enough."""
    return print_lines([text])


def print_lines(lines: Iterable[str]) -> int:
    """Print texts as they are made, each with a line break; return what `printed` does."""

    def write() -> None:
        for line in lines:
            sys.stdout.write(f"{line}\n")

    make_stdout_lenient()
    return printed(write)


def printed(write: Callable[[], None]) -> int:
    """Have something written to stdout; return 0, or the exit code of what prevented it.

    A reader that had enough is no error. A full disk is, in words.
    """
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
        return 128 + signal.SIGPIPE
    except OSError as error:
        drop_stdout()
        click.echo(f"The output cannot be written: {error.strerror}.", err=True)
        return 1
    return 0
