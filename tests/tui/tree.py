"""A conversation with a fork, to change the tree of."""

from tests.tui.stage import Chat


async def grow(chat: Chat) -> None:
    """Two branches, `raft` above `bullets` and `child`; the cursor is on the last reply."""
    await chat.ask("raft")
    await chat.ask("bullets")
    await chat.press("escape", "k", "e")
    await chat.until(lambda: chat.screen.composer.editing.message_id)
    await chat.press(*["backspace"] * len("bullets"))
    await chat.ask("child")
    await chat.press("escape")


async def command(chat: Chat, line: str) -> None:
    """Run a command from NORMAL."""
    await chat.press(":", *line, "enter")
