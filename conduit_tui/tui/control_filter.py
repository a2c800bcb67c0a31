"""The second net: no control character reaches the terminal, whatever a widget was given."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from conduit_tui.core.clean import clean_line


class ControlFilter(LineFilter):
    """Replaces what `core.clean` would; a line of ordinary text passes as it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments with harmless text; `background` is part of the interface."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment
            if segment.control or segment.text.isprintable()
            else Segment(clean_line(segment.text), segment.style)
            for segment in segments
        ]
