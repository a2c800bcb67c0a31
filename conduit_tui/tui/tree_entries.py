"""Messages anywhere in a tree as views take them, replies that stream among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.tui.chat_params import sampled_otherwise
from conduit_tui.tui.live import LiveReplies
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.remarks import Remark


@dataclass(frozen=True, slots=True)
class TreeEntries:
    """What is in a session now. `params` are those it uses: replies made with others say so."""

    session: Session
    live: LiveReplies
    params: Params

    def __contains__(self, message_id: object) -> bool:
        return message_id in self.session or self.is_live(str(message_id))

    def is_live(self, message_id: str) -> bool:
        """Whether a message streams and is not committed yet."""
        reply = self.live.get(message_id)
        is_ours = reply is not None and reply.draft.session_id == self.session.id
        return is_ours and message_id not in self.session

    def above(self, message_id: str) -> str | None:
        """The message right above one. Raises KeyError if there is no such message."""
        reply = self.live.get(message_id)
        if reply is not None and message_id not in self.session:
            return reply.draft.predecessor_id
        return self.session[message_id].predecessor_id

    def live_below(self, message_id: str | None) -> tuple[str, ...]:
        """The replies that grow right below a message, in the order they began."""
        return tuple(
            reply.message_id
            for reply in self.live.of_session(self.session.id)
            if reply.draft.predecessor_id == message_id and reply.message_id not in self.session
        )

    def siblings(self, message_id: str) -> tuple[str, ...]:
        """All messages right below the one above, those that stream last."""
        above = self.above(message_id)
        return (*(each.id for each in self.session.children(above)), *self.live_below(above))

    def branch(self, top_id: str, through_id: str) -> tuple[str, ...]:
        """The line from a message down through one below it to the leaf last visited there.

        A reply that grows below that leaf is its end.
        """
        if self.is_live(through_id):
            leaf, growing = self.above(through_id), (through_id,)
        else:
            leaf = self.session.leaf_below(through_id)
            growing = self.live_below(leaf)[-1:]
        line: list[str] = []
        while leaf is not None and not (self.is_live(top_id)):
            line.append(leaf)
            leaf = None if leaf == top_id else self.above(leaf)
        return (*reversed(line), *growing)

    def entry(self, message_id: str, remarks: Sequence[Remark] = ()) -> Entry:
        """A message as it is shown. Raises KeyError if there is no such message."""
        siblings = self.siblings(message_id)
        position = siblings.index(message_id) + 1 if message_id in siblings else 1
        count = max(1, len(siblings))
        reply = self.live.get(message_id)
        if reply is not None and message_id not in self.session:
            live_parts, note = reply.draft.parts, reply.note()
            return Entry(reply.shell, position, count, live_parts, note, remarks=tuple(remarks))
        message = self.session[message_id]
        sampled = sampled_otherwise(message.params, self.params)
        return Entry(message, position, count, sampled=sampled, remarks=tuple(remarks))
