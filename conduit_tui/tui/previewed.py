"""What the explorer shows of the message under the tree's cursor."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from conduit_tui.core.address import short_id
from conduit_tui.core.message import Message
from conduit_tui.tui.tree_entries import TreeEntries
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.remarks import Remark, Tone

_QUESTION_ROWS = 2
_QUESTION_CHARACTERS = 1_000


class Previewed(NamedTuple):
    """Entries, and which of them is the message; none for a message that is not there."""

    entries: tuple[Entry, ...]
    at: int = 0


def previewed(tree: TreeEntries, message_id: str | None) -> Previewed:
    """The message; results of tools with what they were called with, and calls with results."""
    if message_id is None or message_id not in tree:
        return Previewed(())
    shown = tree.entry(message_id, tuple(_remarks(tree, message_id)))
    above = tree.session.get(shown.message.predecessor_id)
    if shown.message.role == "tool" and above is not None:
        return Previewed((tree.entry(above.id), shown), 1)
    if shown.message.tool_calls:
        results = (each for each in tree.session.children(message_id) if each.role == "tool")
        return Previewed((shown, *(tree.entry(each.id) for each in islice(results, 1))))
    return Previewed((shown,))


def _remarks(tree: TreeEntries, message_id: str) -> Iterator[Remark]:
    yield Remark(tuple(_facts(tree, message_id)))
    for line in tree.session.mark(message_id).note.splitlines():
        yield Remark(((line, "accent"),))
    if question := _question(tree, message_id):
        yield Remark((("re: ", "quiet"), (question, "quiet")), _QUESTION_ROWS)


def _facts(tree: TreeEntries, message_id: str) -> Iterator[tuple[str, Tone]]:
    """Its address, since when it is there, and what stands on it."""
    yield short_id(message_id), "quiet"
    if tree.is_live(message_id):
        yield " · streams now", "quiet"
        return
    at = tree.session[message_id].created_at.astimezone()
    yield f" · {at:%Y-%m-%d %H:%M}", "quiet"
    mark = tree.session.mark(message_id)
    if mark.starred_at is not None:
        yield " · ", "quiet"
        yield "★", "star"
    if mark.label:
        yield " · ", "quiet"
        yield f"[{mark.label}]", "accent"


def _question(tree: TreeEntries, message_id: str) -> str:
    """The words that a reply answers, in one line; nothing for what is no reply."""
    message = tree.session.get(message_id)
    if message is not None and message.role != "assistant":
        return ""
    above = tree.session.get(tree.above(message_id))
    while above is not None and above.role != "user":
        above = tree.session.get(above.predecessor_id)
    return "" if above is None else _in_one_line(above)


def _in_one_line(message: Message) -> str:
    words = " ".join(message.text[:_QUESTION_CHARACTERS].split())
    return words or ", ".join(each.name or "a file" for each in message.attachments)
