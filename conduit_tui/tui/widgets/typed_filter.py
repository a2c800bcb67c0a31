"""A filter as it is typed into a list: `/` begins it, letters go on with it, Escape clears it."""

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit

LONGEST_PASTE = 200


class TypedFilter:
    """The text of a filter and whether it is being typed; `changed` is called with every change.

    A list hands its keys and pastes to it before it looks at them, and its blurs. Not by bindings:
    those run after the next key has arrived, and letters typed fast would be lost.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.text: str | None = None
        self.is_typing = False

    @property
    def header_rows(self) -> int:
        """One line while there is a filter."""
        return 0 if self.text is None else 1

    @property
    def shown(self) -> str:
        """The text as one sees it, with a caret while it is typed."""
        return clean_line(self.text or "") + ("▏" if self.is_typing else "")

    def begin(self) -> None:
        """Begin to type a filter, or go on typing the one there is."""
        self.is_typing = True
        self._change(self.text or "")

    def clear(self) -> None:
        """Have no filter any more."""
        self.is_typing = False
        self._change(None)

    def take_key(self, event: events.Key) -> None:
        """Do what a key means to the filter, and stop it then."""
        if self._takes(event):
            event.stop()
            event.prevent_default()

    def take_paste(self, event: events.Paste) -> None:
        """Paste into a filter that is typed."""
        if self.is_typing:
            event.stop()
            self._change((self.text or "") + " ".join(event.text[:LONGEST_PASTE].split()))

    def wants(self, character: str | None) -> bool:
        """Whether a character belongs to the filter: all do while it is typed."""
        return self.is_typing and character is not None and character.isprintable()

    def blurred(self) -> None:
        """Stop typing; a filter that holds no text goes away."""
        self.is_typing = False
        if self.text == "":
            self._change(None)

    def segments(self, width: int, count: int, typed: Style, quiet: Style) -> list[Segment] | None:
        """The line that shows the filter and how many rows it leaves; None without one."""
        if self.text is None:
            return None
        number = f" {count:,}"
        words = self.shown
        room = max(1, width - len(number) - 1)
        while cell_len(words) > room:  # the end is what is being typed
            words = words[max(1, (cell_len(words) - room) // 2) :]
        words = fit(words, room)
        gap = " " * max(0, width - 1 - cell_len(words) - len(number))
        return [Segment("/" + words, typed), Segment(gap + number, quiet)]

    def _takes(self, event: events.Key) -> bool:
        if event.key == "slash" and not self.is_typing:
            self.begin()
        elif self.text is None:
            return False
        elif event.key == "escape":
            self.clear()
        elif self.is_typing and event.key == "backspace":
            self._change(self.text[:-1]) if self.text else self.clear()
        elif self.is_typing and event.key == "ctrl+u":
            self._change("")
        elif self.is_typing and event.is_printable and event.character:
            self._change(self.text + event.character)
        else:
            return False
        return True

    def _change(self, text: str | None) -> None:
        self.text = text
        self._changed()
