"""Prints a reply that is already whole: what the screen leaves behind in the terminal."""

import asyncio
import sys

from conduit_tui.commands.printers import make_printer
from conduit_tui.commands.standard_output import drop_stdout, make_stdout_lenient


def print_reply(text: str) -> None:
    """Print Markdown to stdout as `ask` does: rendered on a terminal, plain elsewhere.

    A broken pipe ends it quietly: the reader had enough.
    """
    make_stdout_lenient()
    try:
        asyncio.run(_print(text))
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()


async def _print(text: str) -> None:
    printer = make_printer(as_json=False)
    await printer.write(text)
    printer.end_message()
    printer.close()
