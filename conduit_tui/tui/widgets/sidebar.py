"""The sidebar: sessions above, the tree of the current one below."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from conduit_tui.core.summary import SessionOrder
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.session_list import SessionList

ORDER_TITLES: dict[SessionOrder, str] = {
    "changed": "Sessions",
    "title": "Sessions · by title",
    "created": "Sessions · by creation",
    "size": "Sessions · by size",
}


class SortTitle(Static):
    """The title of the sessions, which a click sorts."""

    ALLOW_SELECT = False

    def on_click(self) -> None:
        """Ask for the next order."""
        self.post_message(SessionList.SortWanted())


class Sidebar(Vertical):
    """Holds the two lists; the screen shows and hides it. A click on their title sorts sessions."""

    DEFAULT_CSS = """
    Sidebar {
        width: 25%;
        min-width: 30;
        max-width: 32%;
        padding: 0 1;
        background: $surface;
        & > .sidebar--title {
            height: 1;
            color: $text-muted;
            text-style: bold;
        }
        & > #tree-title { margin-top: 1; }
        & > SessionList { height: 1fr; }
        & > MessageTree { height: 2fr; }
        &:focus-within > .sidebar--title { color: $foreground; }
    }
    """

    def compose(self) -> ComposeResult:
        """Two titles, two lists."""
        yield SortTitle("Sessions", classes="sidebar--title", markup=False)
        yield SessionList(id="sessions")
        yield Static("Tree", id="tree-title", classes="sidebar--title", markup=False)
        yield MessageTree(id="tree")

    def name_order(self, order: SessionOrder) -> None:
        """Say above the list how it is sorted, where that is not the usual way."""
        self.query_one(SortTitle).update(Content(ORDER_TITLES[order]))

    @property
    def session_list(self) -> SessionList:
        """The list of sessions."""
        return self.query_one(SessionList)

    @property
    def message_tree(self) -> MessageTree:
        """The tree of the current session."""
        return self.query_one(MessageTree)
