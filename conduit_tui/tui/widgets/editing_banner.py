"""The line above the prompt while an earlier message is edited."""

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

from conduit_tui.core.clean import clean_line


class EditingBanner(Widget):
    """Says what is edited, and how to leave that."""

    DEFAULT_CSS = """
    EditingBanner {
        height: 1;
        color: $text-warning;
        padding: 0 1;
        display: none;
        &.-shown { display: block; }
    }
    """

    def __init__(self, bring: Callable[[Widget], None]) -> None:
        """Without words it need not be mounted: `bring` is called when there are the first."""
        super().__init__()
        self._bring = bring
        self._words = ""

    def show(self, words: str | None) -> None:
        """Show these words; None hides it."""
        self._words = clean_line(words or "")
        self.set_class(words is not None, "-shown")
        if self._words and not self.is_attached:
            self._bring(self)
        self.refresh()

    def render(self) -> Content:
        """The words."""
        return Content(self._words)
