"""The tree over the whole screen, with the message under its cursor beside it."""

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from textual.timer import Timer
from textual.widget import Widget

from conduit_tui.tui.previewed import previewed
from conduit_tui.tui.tree_entries import TreeEntries
from conduit_tui.tui.widgets.message_preview import NOTHING_YET, MessagePreview
from conduit_tui.tui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from conduit_tui.tui.modes import ChatMode
    from conduit_tui.tui.screens.chat import ChatScreen

EXPLORES = "-exploring"
"""The class of the screen by which the style sheet lays it out."""

REST_SECONDS = 0.03
"""So long the cursor rests before what is under it is drawn; a key that is held only moves."""


class _Before(NamedTuple):
    """How things were when the explorer was opened."""

    mode: "ChatMode"
    focused: Widget | None
    has_sidebar: bool


class Exploring:
    """A layout of the chat, not a screen of its own: all keys go on acting as in the tree.

    While it is open neither the prompt nor the transcript is to be seen, so whatever gives one of
    them the keys ends it.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._before: _Before | None = None
        self._rest: Timer | None = None

    @property
    def is_open(self) -> bool:
        """Whether the tree has the whole screen."""
        return self._before is not None

    @property
    def preview(self) -> MessagePreview:
        """The message beside the tree."""
        return self._screen.query_one(MessagePreview)

    def toggle(self) -> None:
        """Open it, or leave it."""
        if self.is_open:
            self.leave()
        else:
            self._open()

    def leave(self) -> None:
        """Show the chat again, as it was: the keys belong to whom they belonged."""
        before, screen = self._before, self._screen
        if before is None:
            return
        self._close(before)
        screen.mode = before.mode
        if _is_in_sight(before.focused):
            before.focused.focus()
        elif screen.mode == "normal":
            screen.transcript.focus()
        screen.refresh_status()

    def end(self, *, reads: bool = True) -> None:
        """Show the chat, for something that goes on in it; it has the keys if a person `reads`."""
        before, screen = self._before, self._screen
        if before is None:
            return
        self._close(before)
        if reads and screen.mode == "normal":
            screen.transcript.focus()
        screen.refresh_status()

    def fit_sidebar(self, has_room: bool) -> None:
        """Take note whether the sidebar is shown after this, in a terminal of another size."""
        if self._before is not None:
            self._before = self._before._replace(has_sidebar=has_room)

    def refresh(self) -> None:
        """Show the message under the cursor as it is now."""
        if not self.is_open or self._screen.is_gone:
            return
        self._stop_resting()
        screen = self._screen
        tree = TreeEntries(screen.session, screen.live, screen.controller.params_of(screen.session))
        found = previewed(tree, screen.message_tree.cursor_id)
        if found.entries:
            self.preview.show(found.entries, found.at)
        else:
            self.preview.show_words(NOTHING_YET)

    def cursor_moved(self) -> None:
        """Show what is under the cursor as soon as it rests."""
        if self.is_open:
            self._stop_resting()
            self._rest = self._screen.set_timer(REST_SECONDS, self.refresh)

    def reply_grew(self, message_id: str) -> None:
        """A draft got longer."""
        if self.is_open:
            self.preview.touch(message_id)

    def _open(self) -> None:
        screen = self._screen
        sidebar = screen.query_one(Sidebar)
        self._before = _Before(screen.mode, screen.focused, sidebar.display)
        screen.message_tree.has_screen = True
        screen.add_class(EXPLORES)
        sidebar.display = True
        if screen.mode == "insert":
            screen.mode = "normal"
        screen.target.read_tree(True)
        screen.set_focus(screen.message_tree)
        screen.refresh_status()
        self.refresh()

    def _close(self, before: _Before) -> None:
        self._before = None
        self._stop_resting()
        self._screen.message_tree.has_screen = False
        self._screen.remove_class(EXPLORES)
        self._screen.query_one(Sidebar).display = before.has_sidebar

    def _stop_resting(self) -> None:
        if self._rest is not None:
            self._rest.stop()
            self._rest = None


def _is_in_sight(widget: Widget | None) -> TypeGuard[Widget]:
    return (
        widget is not None
        and widget.is_attached
        and all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
    )
