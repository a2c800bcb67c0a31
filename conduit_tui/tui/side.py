"""Shows and hides the sidebar, and gives its lists the keys."""

from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

NARROW_COLUMNS = 80
"""Columns under which the sidebar is shown only while it is asked for."""


class Side:
    """The sidebar as a person wants it, and as there is room for it."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._is_wanted = True

    @property
    def is_shown(self) -> bool:
        """Whether its lists are there to be given the keys."""
        return not self._screen.is_gone and bool(self._sidebar.display)

    def show_sessions(self) -> None:
        """Show it if need be, and give the list of sessions the keys."""
        self._sidebar.display = True
        self._sidebar.session_list.focus()

    def show_tree(self) -> None:
        """Show it if need be, and give the tree the keys."""
        self._sidebar.display = True
        self._screen.target.read_tree(True)
        self._screen.message_tree.focus()

    def toggle(self) -> None:
        """Show or hide it; the explorer, which is made of it, is left."""
        screen, sidebar = self._screen, self._sidebar
        if screen.exploring.is_open:
            screen.exploring.leave()
            return
        self._is_wanted = sidebar.display = not sidebar.display
        if not sidebar.display and screen.focused is None:
            screen.prompt.focus()

    def fit(self, width: int) -> None:
        """Hide it where a screen of so many columns has no room for it."""
        has_room = self._is_wanted and width >= NARROW_COLUMNS
        if self._screen.exploring.is_open:
            self._screen.exploring.fit_sidebar(has_room)
        else:
            self._sidebar.display = has_room

    @property
    def _sidebar(self) -> Sidebar:
        return self._screen.query_one(Sidebar)
