"""Which message the keys act on."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.controller.turn import Turn
from conduit_tui.core.message import Message, Role
from conduit_tui.tui.live import LiveReply

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class Target:
    """Finds the message a key is meant for.

    In INSERT it is at the end of the path. In NORMAL it is under the cursor of the transcript, or,
    where the tree was given the keys last, under the tree's.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._reads_tree = False

    @property
    def is_in_tree(self) -> bool:
        """Whether keys act on what is under the tree's cursor."""
        screen = self._screen
        return self._reads_tree and screen.mode != "insert" and screen.side.is_shown

    def read_tree(self, reads: bool) -> None:
        """Take note that the tree was given the keys, or that they went elsewhere."""
        self._reads_tree = reads

    def cursor_id(self) -> str | None:
        """The message under the cursor, or the reply that streams there."""
        screen = self._screen
        return screen.message_tree.cursor_id if self.is_in_tree else screen.transcript.cursor_id

    def shown(self) -> Message | None:
        """The message the keys act on, a reply that streams as far as it came."""
        reply = self.reply()
        if reply is None:
            return self.message()
        return reply.draft.seal("interrupted", datetime.now(UTC))

    def message(self) -> Message | None:
        """The message under the cursor, else the leaf; of a reply that streams what it answers."""
        screen = self._screen
        if screen.mode != "normal":
            return self.leaf()
        reply = self.reply()
        found = screen.session.get(reply.draft.predecessor_id if reply else self.cursor_id())
        return found or self.leaf()

    def reply(self) -> LiveReply | None:
        """The reply that streams under the cursor, in INSERT the one on view."""
        screen = self._screen
        if screen.mode == "insert":
            return screen.live.on_view(screen.session)
        reply = screen.live.get(self.cursor_id() or "")
        return None if reply is None or reply.message_id in screen.session else reply

    def turn(self) -> Turn | None:
        """The turn that a cancel is meant for: under the tree's cursor, else the one on view."""
        return self.turn_in_tree() or self._screen.controller.running_at_leaf(self._screen.session)

    def turn_in_tree(self) -> Turn | None:
        """The turn that works under the tree's cursor, while the keys are the tree's."""
        screen = self._screen
        if not self.is_in_tree or (cursor_id := self.cursor_id()) is None:
            return None
        return next(
            (
                turn
                for turn in screen.controller.running(screen.session)
                if cursor_id == (turn.draft_id or turn.last_id)
            ),
            None,
        )

    def leaf(self) -> Message | None:
        """The last message of the path on view."""
        return self._screen.session.get(self._screen.session.leaf_id)

    def last(self, role: Role) -> Message | None:
        """The last message of a role on the path on view."""
        path = self._screen.session.path(self._screen.session.leaf_id)
        return next((message for message in reversed(path) if message.role == role), None)
