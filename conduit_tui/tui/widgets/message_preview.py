"""A message beside the tree, drawn as in the transcript."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.live_scroll import LiveScroll


class MessagePreview(LiveScroll, can_focus=False):
    """Shows one message, and beside it what it cannot be read without.

    It never has the keys: they stay with the tree.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._shown_id = ""

    def show(self, entries: Sequence[Entry], at: int) -> None:
        """Show entry number `at`; another one from its start, what streams at its end."""
        path = self._path
        message_id = entries[at].id
        is_other = message_id != self._shown_id or self._welcome is not None
        if not is_other and list(entries) == path.entries:
            return
        self._shown_id, self._welcome = message_id, None
        self.warm_up()
        if is_other:
            self.clear_selection()
            self.new_lines = 0
        path.show(entries)
        if is_other and entries[at].is_live:
            path.to_end()
        elif is_other:
            path.jump_to(at)
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
