"""Jumps along the path: between messages of one's own, and between blocks of code."""

from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.block_walk import Direction

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

_SIDES = {-1: "above", 1: "below"}


def to_own(screen: "ChatScreen", direction: Direction, count: int) -> None:
    """Go `count` messages of one's own on, or as far as there are any; say if there is none."""
    went = 0
    while went < count and screen.transcript.cursor.step_own(direction):
        went += 1
    if not went:
        screen.say(f"No message of yours {_SIDES[direction]}.")


def to_block(screen: "ChatScreen", direction: Direction, count: int) -> None:
    """Go `count` blocks of code on, or as far as there are any; say if there is none, or so far."""
    missing = screen.transcript.cursor.step_block(direction)
    if missing is None:
        for _ in range(count - 1):
            if screen.transcript.cursor.step_block(direction) is not None:
                break
        return
    side = _SIDES[direction]
    if missing.is_sure:
        screen.say(f"No block of code {side}.")
    else:
        many = f"{missing.looked_at:,} messages"
        screen.say(f"No block of code in the {many} {side}. The same key looks further.")
