"""A screen on which a selection stays in the widget where its dragging began.

Textual goes by what is under the pointer: beside the transcript it selected everything up to the
transcript's end and what stands beside it, and above and below it stopped scrolling.
"""

from textual.geometry import Offset, Region, clamp
from textual.screen import Screen
from textual.widget import Widget


class DragWithin(Screen[None]):
    """While one drags over text, a pointer outside of its widget counts as at the edge of that."""

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Return the widget and the place in its text at a cell of the screen."""
        if region := self._region_of_drag():
            x, y = _nearest(region, x, y)
        return super().get_widget_and_offset_at(x, y)

    def _check_auto_scroll(
        self, select_widget: Widget, mouse_coordinate: tuple[float, float], delta_y: float
    ) -> None:
        if region := self._region_of_drag():
            x, y = mouse_coordinate
            mouse_coordinate = _nearest(region, int(x), int(y))
        super()._check_auto_scroll(select_widget, mouse_coordinate, delta_y)

    def _region_of_drag(self) -> Region | None:
        """Where the widget is in which the dragging began, without its scroll bars."""
        state = self._select_state
        if state is None or not self._selecting or state.start.content_widget is None:
            return None
        widget = state.start.content_widget
        return widget.scrollable_content_region if widget.is_attached else None


def _nearest(region: Region, x: int, y: int) -> tuple[int, int]:
    return clamp(x, region.x, region.right - 1), clamp(y, region.y, region.bottom - 1)
