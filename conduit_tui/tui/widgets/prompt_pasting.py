"""What is pasted into the prompt: at its cursor, beside its text, or as the files it names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from conduit_tui.attachments.paths import dropped_paths
from conduit_tui.core.clean import clean
from conduit_tui.tui.widgets.attached import Attached
from conduit_tui.tui.widgets.file_reading import FileReading
from conduit_tui.tui.widgets.pasting import is_large, normal_breaks, text_attachment
from conduit_tui.tui.widgets.prompt_area import PromptArea


class PromptPasting:
    """Takes pasted text into the area, or attaches it; `nothing` is called where none came."""

    def __init__(
        self,
        area: PromptArea,
        attached: Attached,
        reading: FileReading,
        *,
        nothing: Callable[[], object],
    ) -> None:
        self._area = area
        self._attached = attached
        self._reading = reading
        self._nothing = nothing

    def take(self, text: str) -> None:
        """Take pasted text: see `Prompt.paste`."""
        text = normal_breaks(text)
        if not text:
            self._nothing()
        if paths := dropped_paths(text):
            self._reading.attach_dropped(paths, partial(self._take_out, text))
        if is_large(text):
            self._attached.add(text_attachment(text, "pasted text", self._attached.items))
        elif text:
            self._area.type_text(clean(text))

    def _take_out(self, text: str) -> None:
        """Take a text away that became something else, if it still stands there."""
        before, found, after = self._area.text.rpartition(clean(text))
        if found:
            self._area.put(before + after)
