"""The line above the transcript: the session's title, and its model."""

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit

_GAP = 2


class TitleLine(Widget):
    """Title on the left, model on the right; the model goes first where it gets tight."""

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
        width: 1fr;
        padding: 0 1;
        color: $text-muted;
    }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._model = ""

    def show(self, title: str, model: str) -> None:
        """Show a title and a model's full name."""
        if (title, model) != (self._title, self._model):
            self._title, self._model = title, model
            self.refresh()

    def render(self) -> Content:
        """The line, as wide as the widget."""
        width = self.content_size.width
        model = clean_line(self._model)
        title = clean_line(self._title) or "New session"
        room = width - cell_len(model) - _GAP
        if room < min(cell_len(title), 12):
            return Content(fit(title, width))
        shown = fit(title, room)
        gap = width - cell_len(shown) - cell_len(model)
        return Content.assemble((shown, "bold"), " " * gap, model)
