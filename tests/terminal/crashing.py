"""The program with a mistake in it: quitting raises an error that nobody foresaw."""

import sys

from conduit_tui import cli
from conduit_tui.tui.app import ConduitApp


async def fail(_: ConduitApp) -> None:
    """Fail, with a secret among the local variables and in the words."""
    secret = "sk-in-a-local-variable"
    raise ZeroDivisionError(secret)


if __name__ == "__main__":
    ConduitApp.action_quit = fail
    sys.exit(cli.run(sys.argv[1:]))
