"""The program with a mistake in it: F1 raises an error that nobody foresaw."""

import sys

from conduit_tui import cli
from conduit_tui.tui.chat_actions import ChatActions


def fail(_: ChatActions) -> None:
    """Fail, with a secret among the local variables and in the words."""
    secret = "sk-in-a-local-variable"
    raise ZeroDivisionError(secret)


if __name__ == "__main__":
    ChatActions.do_keys = fail
    sys.exit(cli.run(sys.argv[1:]))
