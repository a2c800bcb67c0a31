"""What goes along with the text of the prompt, kept in step with the chips that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.chips import Chip, ChipRow, attachment_label, queued_label

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment


class Attached:
    """The attachments of a draft, and what is queued behind a reply."""

    def __init__(self, chips: ChipRow, changed: Callable[[], object]) -> None:
        self.items: list[Attachment] = []
        self._chips = chips
        self._changed = changed
        self._queued: tuple[str, ...] = ()

    @property
    def queued_count(self) -> int:
        """How many messages wait to be sent."""
        return len(self._queued)

    def load(self, attachments: Iterable[Attachment]) -> None:
        """Hold these attachments and no others."""
        self.items = list(attachments)
        self._show()

    def add(self, attachment: Attachment) -> None:
        """Hold one more."""
        self.items.append(attachment)
        self._show()
        self._changed()

    def remove(self, index: int) -> None:
        """Let one go."""
        if index < len(self.items):
            del self.items[index]
            self._show()
            self._changed()

    def show_queued(self, texts: Sequence[str]) -> None:
        """Show what waits to be sent behind the attachments."""
        self._queued = tuple(texts)
        self._show()

    def _show(self) -> None:
        attached = [
            Chip("attachment", at, attachment_label(part)) for at, part in enumerate(self.items)
        ]
        queued = [Chip("queued", at, queued_label(text)) for at, text in enumerate(self._queued)]
        self._chips.show([*attached, *queued])
