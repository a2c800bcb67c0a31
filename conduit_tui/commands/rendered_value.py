"""Shows a value on the terminal while it grows, and prints it highlighted when it is whole."""

from rich.console import Console
from rich.live import Live
from rich.syntax import Syntax
from rich.text import Text

from conduit_tui.commands.printers import SilentPrinter
from conduit_tui.core.clean import clean
from conduit_tui.core.json import Json
from conduit_tui.core.json_text import printable, unfinished

_CODE_THEME = "ansi_dark"  # the terminal's own colours, no background


class RenderedValuePrinter(SilentPrinter):
    """Of a growing value shows the end, as many lines as the screen has; the rest comes at last.

    What it is shown comes seldom enough to be drawn at once.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._live: Live | None = None

    def show(self, value: Json, *, is_final: bool) -> None:
        """Print a whole value; of another, show the end in place of what was shown."""
        if is_final:
            self.pause()
            self._console.print(_highlighted(printable(value)), soft_wrap=True)
            return
        if self._live is None:
            self._live = Live(
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        self._live.update(self._preview(value), refresh=True)

    def pause(self) -> None:
        """Erase what is shown of a growing value; the next look brings it back."""
        if self._live:
            self._live.update("", refresh=False)
            self._live.stop()
            self._live = None

    def end_message(self) -> None:
        """Erase what is shown of a value that never became whole."""
        self.pause()

    def close(self) -> None:
        """Show the cursor again."""
        self.pause()

    def _preview(self, value: Json) -> Text:
        size = self._console.size
        lines = unfinished(value)[-size.width * size.height :].split("\n")
        shown = _highlighted(clean("\n".join(lines[-max(1, size.height - 2) :])))
        shown.no_wrap, shown.overflow = True, "ellipsis"
        return shown


def _highlighted(text: str) -> Text:
    highlighted = Syntax("", "json", theme=_CODE_THEME, background_color="default").highlight(text)
    highlighted.rstrip()
    return highlighted
