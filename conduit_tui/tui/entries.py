"""The visible path as the transcript takes it: entries with sibling positions and notes."""

from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.tui.live import LiveReplies, LiveReply
from conduit_tui.tui.widgets.entry import Entry

RETRY_NOTE = "Press r to try again."
UNANSWERED_NOTE = "No reply yet. Press r to ask for one."


def path_entries(session: Session, live: LiveReplies, *, is_running: bool) -> list[Entry]:
    """The line to the current leaf, and below it the reply that streams there, if one does.

    `is_running` tells whether a turn works at the leaf, also while it has no draft open.
    """
    path = session.path(session.leaf_id)
    reply = live.below(session.leaf_id) if session.leaf_id else None
    entries = [_entry(session, message) for message in path]
    if reply is not None:
        entries.append(_live_entry(session, reply))
    elif path and not is_running:
        note = _note(path[-1])
        entries[-1] = Entry(path[-1], entries[-1].position, entries[-1].siblings, note=note)
    return entries


def _entry(session: Session, message: Message) -> Entry:
    position, siblings = session.position(message)
    return Entry(message, position, siblings)


def _live_entry(session: Session, reply: LiveReply) -> Entry:
    count = len(session.children(reply.draft.predecessor_id)) + 1
    return Entry(reply.shell, count, count, live_parts=reply.draft.parts, note=reply.note())


def _note(leaf: Message) -> str:
    if leaf.role in ("user", "tool"):
        return UNANSWERED_NOTE
    return RETRY_NOTE if leaf.status != "complete" else ""
