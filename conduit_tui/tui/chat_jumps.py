"""Jumps along the path: between messages of one's own, and between blocks of code."""

from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.block_walk import Direction

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

_SIDES = {-1: "above", 1: "below"}


def to_own(screen: "ChatScreen", direction: Direction) -> None:
    """Go to the next message of one's own, or say that there is none."""
    if not screen.transcript.cursor.step_own(direction):
        screen.say(f"No message of yours {_SIDES[direction]}.")


def to_block(screen: "ChatScreen", direction: Direction) -> None:
    """Go to the next block of code, or say that there is none, or none so far."""
    missing = screen.transcript.cursor.step_block(direction)
    if missing is None:
        return
    side = _SIDES[direction]
    if missing.is_sure:
        screen.say(f"No block of code {side}.")
    else:
        count = f"{missing.looked_at:,} messages"
        screen.say(f"No block of code in the {count} {side}. The same key looks further.")
