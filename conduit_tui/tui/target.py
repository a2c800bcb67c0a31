"""Which message the keys act on."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.core.message import Message, Role

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class Target:
    """Finds the message a key is meant for."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def shown(self) -> Message | None:
        """The message the keys act on, a reply that streams as far as it came."""
        return self._reply() or self.message()

    def message(self) -> Message | None:
        """The message under the cursor, else the leaf."""
        screen = self._screen
        found = screen.session.get(screen.transcript.cursor_id) if screen.mode == "normal" else None
        return found or self.leaf()

    def leaf(self) -> Message | None:
        """The last message of the path on view."""
        return self._screen.session.get(self._screen.session.leaf_id)

    def last(self, role: Role) -> Message | None:
        """The last message of a role on the path on view."""
        path = self._screen.session.path(self._screen.session.leaf_id)
        return next((message for message in reversed(path) if message.role == role), None)

    def _reply(self) -> Message | None:
        """The reply that streams under the cursor, in INSERT at the end, as far as it came."""
        screen = self._screen
        if screen.mode == "insert":
            reply = screen.live.below(screen.session.leaf_id)
        else:
            reply = screen.live.get(screen.transcript.cursor_id or "")
        if reply is None:
            return None
        return reply.draft.seal("interrupted", datetime.now(UTC))
