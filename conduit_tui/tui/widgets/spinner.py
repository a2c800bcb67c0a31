"""A sign that turns while something streams in the rows of a list, and rests otherwise."""

from collections.abc import Callable, Iterable
from time import monotonic

from textual.timer import Timer

from conduit_tui.tui.widgets.row_list import RowList

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAME_SECONDS = 0.1


class Spinner:
    """Paints the rows that stream ten times a second; its clock runs only while there are any.

    All of them turn alike, as the sign is told by the clock. `rows` are those that show it now.
    """

    def __init__(self, widget: RowList, rows: Callable[[], Iterable[int]]) -> None:
        self._widget = widget
        self._rows = rows
        self._timer: Timer | None = None

    @property
    def sign(self) -> str:
        """The sign as it stands now, one cell wide."""
        return FRAMES[int(monotonic() / FRAME_SECONDS) % len(FRAMES)]

    def keep(self, is_needed: bool) -> None:
        """Turn while it is needed, and no longer."""
        if is_needed and self._timer is None:
            self._timer = self._widget.set_interval(FRAME_SECONDS, self._turn)
        elif not is_needed and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _turn(self) -> None:
        top = round(self._widget.scroll_y)
        for row in self._rows():
            if top <= row < top + self._widget.size.height:
                self._widget.refresh_lines(row + self._widget.header_rows)
