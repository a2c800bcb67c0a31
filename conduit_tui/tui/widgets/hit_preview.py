"""One message as the transcript draws it, at its first match."""

from collections.abc import Sequence

from textual.content import Content

from conduit_tui.core.message import Message
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.transcript import Transcript


class HitPreview(Transcript, can_focus=False):
    """Shows a message with a text lit; the mouse wheel scrolls it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    HitPreview { background: $surface; }
    """

    def preview(self, message: Message | None, lit: Sequence[str]) -> None:
        """Show a message with words lit, the first of them in sight; None: nothing."""
        self.finder.end(go_back=False)
        if message is None:
            self.show_welcome(Content())
            return
        self.show([Entry(message)])
        self.cursor.to_start()
        if lit:
            self.finder.begin()
            self.finder.find_in(message.id, lit[0], lit)
