"""The visible path as the transcript takes it: entries with sibling positions and notes."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from conduit_tui.core.conversation import fate_of_calls
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.tui.chat_params import sampled_otherwise
from conduit_tui.tui.live import LiveReplies, LiveReply
from conduit_tui.tui.widgets.call_state import CallState
from conduit_tui.tui.widgets.entry import Entry

RETRY_NOTE = "Press r to try again."
UNANSWERED_NOTE = "No reply yet. Press r to ask for one."
LOST_NOTE = (
    "The program ended while tools were at work: what they were to do may be done, in part or "
    "whole. Press r to ask again, or write on."
)
NOTHING_AT_WORK: Mapping[str, Mapping[int, CallState]] = MappingProxyType({})
LEFT_NOTE = "More follows here: u or Ctrl+O goes back to it."


def path_entries(
    session: Session,
    live: LiveReplies,
    params: Params,
    calls: Mapping[str, Mapping[int, CallState]] = NOTHING_AT_WORK,
    *,
    is_running: bool,
) -> list[Entry]:
    """The line to the current leaf, and below it the reply on view that streams there, if any.

    `params` are those the session uses now: replies made with others say so. `is_running` tells
    whether a turn works at the leaf, also while it has no draft open. `calls` are those at work, by
    their messages.
    """
    path = session.path(session.leaf_id)
    reply = live.on_view(session)
    streaming = live.counts_below(session)
    entries = [
        _entry(session, message, params, streaming[message.predecessor_id]) for message in path
    ]
    if calls:
        entries = [
            replace(each, calls=calls[each.id]) if each.id in calls else each for each in entries
        ]
    entries = _with_fates(entries, is_running=is_running or reply is not None)
    if reply is not None:
        entries.append(_live_entry(session, live, reply))
    elif path and not is_running:
        is_left = bool(live.sibling_ids(session, path[-1].id))
        note = LEFT_NOTE if is_left else _note(entries[-1])
        entries[-1] = replace(entries[-1], note=note, note_is_quiet=is_left)
    return entries


def _entry(session: Session, message: Message, params: Params, streaming: int) -> Entry:
    position, siblings = session.position(message)
    sampled = sampled_otherwise(message.params, params)
    mark = session.mark(message.id)
    return Entry(message, position, siblings + streaming, sampled=sampled, mark=mark)


def _live_entry(session: Session, live: LiveReplies, reply: LiveReply) -> Entry:
    ids = live.sibling_ids(session, reply.draft.predecessor_id)
    position = ids.index(reply.message_id) + 1
    return Entry(reply.shell, position, len(ids), live_parts=reply.draft.parts, note=reply.note())


def _with_fates(entries: list[Entry], *, is_running: bool) -> list[Entry]:
    """The entries with what became of calls; those at the end may still be at work."""
    following: list[Message | None] = [each.message for each in entries[1:]]
    if not is_running:
        following.append(None)
    for at, after in enumerate(following[: len(entries)]):
        if fate := fate_of_calls(entries[at].message, after):
            entries[at] = replace(entries[at], fate=fate)
    return entries


def _note(last: Entry) -> str:
    leaf = last.message
    if last.fate == "lost":
        return LOST_NOTE
    if leaf.role in ("user", "tool"):
        return UNANSWERED_NOTE
    return RETRY_NOTE if leaf.status != "complete" else ""
