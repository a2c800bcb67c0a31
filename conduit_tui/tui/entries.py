"""The visible path as the transcript takes it: entries with sibling positions and notes."""

from dataclasses import replace

from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.tui.chat_params import sampled_otherwise
from conduit_tui.tui.live import LiveReplies, LiveReply
from conduit_tui.tui.widgets.entry import Entry

RETRY_NOTE = "Press r to try again."
UNANSWERED_NOTE = "No reply yet. Press r to ask for one."


def path_entries(
    session: Session, live: LiveReplies, params: Params, *, is_running: bool
) -> list[Entry]:
    """The line to the current leaf, and below it the reply that streams there, if one does.

    `params` are those the session uses now: replies made with others say so. `is_running` tells
    whether a turn works at the leaf, also while it has no draft open.
    """
    path = session.path(session.leaf_id)
    reply = live.below(session.leaf_id) if session.leaf_id else None
    entries = [_entry(session, message, params) for message in path]
    if reply is not None:
        entries.append(_live_entry(session, reply))
    elif path and not is_running:
        note = _note(path[-1])
        entries[-1] = replace(entries[-1], note=note)
    return entries


def _entry(session: Session, message: Message, params: Params) -> Entry:
    position, siblings = session.position(message)
    sampled = sampled_otherwise(message.params, params)
    mark = session.mark(message.id)
    return Entry(message, position, siblings, sampled=sampled, mark=mark)


def _live_entry(session: Session, reply: LiveReply) -> Entry:
    count = len(session.children(reply.draft.predecessor_id)) + 1
    return Entry(reply.shell, count, count, live_parts=reply.draft.parts, note=reply.note())


def _note(leaf: Message) -> str:
    if leaf.role in ("user", "tool"):
        return UNANSWERED_NOTE
    return RETRY_NOTE if leaf.status != "complete" else ""
