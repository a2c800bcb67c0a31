"""A message beside the tree, drawn as in the transcript."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.live_scroll import LiveScroll


class MessagePreview(LiveScroll, can_focus=False):
    """Shows one message, and before it what it cannot be read without.

    It never has the keys: they stay with the tree.
    """

    def show(self, entries: Sequence[Entry]) -> None:
        """Show the last of the entries; another one from its start, what streams at its end."""
        path = self._path
        if list(entries) == path.entries and self._welcome is None:
            return
        is_other = not path.entries or entries[-1].id != path.entries[-1].id
        self._welcome = None
        self.warm_up()
        if is_other:
            self.clear_selection()
            self.new_lines = 0
        path.show(entries)
        if is_other and entries[-1].is_live:
            path.to_end()
        elif is_other:
            path.jump_to(len(entries) - 1)
        self.bring_up_to_date()


class PreviewPane(Vertical):
    """The place of the preview; without a session to explore it is not there."""

    DEFAULT_CSS = """
    PreviewPane {
        display: none; width: 1fr; height: 1fr;
        &:ansi { border-left: solid ansi_bright_black; }
    }
    """

    def compose(self) -> ComposeResult:
        """The preview alone."""
        yield MessagePreview(id="preview")

    @property
    def preview(self) -> MessagePreview:
        """What shows the message."""
        return self.query_one(MessagePreview)


NOTHING_YET = Content("No messages yet.")
