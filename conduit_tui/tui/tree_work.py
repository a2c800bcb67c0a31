"""What all changes of the tree have in common: which message, what streams, and the view after."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from textual.screen import ModalScreen

from conduit_tui.controller.structure import Storing
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.tui.tree_words import EMPTY, streams_words

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

T = TypeVar("T")


class TreeWork:
    """The ground of actions on the tree."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._structure = screen.controller.structure

    def chosen(self, verb: str) -> Message | None:
        """The message the keys act on; without one, or while it streams, the person is told."""
        shown = self._screen.target.shown()
        if shown is None:
            self._screen.say(EMPTY)
            return None
        if shown.id not in self._screen.session:
            key = self._screen.keymap.hint("escape") or "/cancel"
            self._screen.say(
                f"This reply still streams; {verb} it when it is complete, "
                f"or cancel it with {key} in NORMAL."
            )
            return None
        return shown

    def refuses(self, session: Session, roots: Iterable[str], verb: str) -> bool:
        """Whether a reply streams at or below some messages; the person is told."""
        gone = set(roots)
        for turn in self._screen.controller.running(session):
            if turn.last_id in session and any(
                message.id in gone for message in session.path(turn.last_id)
            ):
                is_on_view = turn is self._screen.controller.running_at_leaf(session)
                words = streams_words(self._screen.keymap, verb, is_on_view=is_on_view)
                self._screen.say_problem(words)
                return True
        return False

    def done(
        self,
        session: Session,
        storing: Storing,
        cursor_id: str | None = None,
        *,
        is_listed: bool = False,
    ) -> None:
        """Show what was done, and store it. In NORMAL the cursor goes to `cursor_id`, if shown.

        The list of sessions is read again then, if that `is_listed`.
        """
        screen = self._screen
        if session is screen.session:
            screen.composer.editing.leave_lost()
            screen.refresh_path()
            shown = cursor_id and any(each.id == cursor_id for each in screen.transcript.entries)
            if cursor_id and shown and screen.mode == "normal":
                screen.transcript.cursor.put(cursor_id)
        screen.store(self.stored(storing) if is_listed else storing)

    async def stored(self, storing: Storing) -> None:
        """Store something that the list of sessions shows."""
        await storing
        self._screen.refresh_sessions()

    def hint(self, words: str) -> None:
        """Say in the status bar what a key did, until the next one: it may be out of view."""
        self._screen.status.hint = words
        self._screen.refresh_status()

    def open(self, dialog: "ModalScreen[T]", then: Callable[["T | None"], None]) -> None:
        """Open a dialog at once: what is typed right behind the key is the dialog's."""
        self._screen.application.push_screen(dialog, then)

    def undo_key(self) -> str:
        """The key that takes a change back, else the command."""
        return self._screen.keymap.hint("undo") or "/undo"
