"""The options that the screen and the commands share. Kept free of slow imports."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

HELP_OPTIONS = ["-h", "--help"]
CONTEXT_SETTINGS = {"help_option_names": HELP_OPTIONS, "max_content_width": 100}

_OPTIONS = (
    click.option(
        "-m", "--model", metavar="NAME", help="The model, such as openai/gpt-5 or sonnet."
    ),
    click.option(
        "-c", "--continue", "continue_last", is_flag=True, help="Go on in the last session."
    ),
    click.option("-f", "--file", "files", multiple=True, metavar="PATH", help="Attach a file."),
    click.option("-s", "--system", metavar="TEXT", help="The system prompt; '' for none."),
    click.option("--no-save", is_flag=True, help="Write nothing to disk."),
    click.option("--debug", is_flag=True, help="Write more into the log file."),
)


def shared_options(function: F) -> F:
    """Add the shared options to a command, in the order of the help page."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
