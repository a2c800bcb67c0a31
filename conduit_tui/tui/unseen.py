"""Replies that ended while one was elsewhere, until they come on view."""

from collections.abc import Collection

from conduit_tui.core.session import Session


class Unseen:
    """The messages with a dot, by session; kept in memory."""

    def __init__(self) -> None:
        self._ids: dict[str, set[str]] = {}

    @property
    def sessions(self) -> frozenset[str]:
        """The ids of the sessions that hold any."""
        return frozenset(self._ids)

    def of(self, session: Session) -> frozenset[str]:
        """The ids of those in a session."""
        return frozenset(self._ids.get(session.id, ()))

    def add(self, session: Session, message_id: str) -> None:
        """Take note of a reply that nobody saw end."""
        self._ids.setdefault(session.id, set()).add(message_id)

    def saw(self, session: Session, on_view: Collection[str]) -> None:
        """Take the dots from what is on view, or out of sight."""
        waiting = self._ids.get(session.id)
        if waiting is None:
            return
        waiting -= {each for each in waiting if each in on_view or not _is_there(session, each)}
        if not waiting:
            del self._ids[session.id]


def _is_there(session: Session, message_id: str) -> bool:
    return message_id in session and session.is_visible(message_id)
