"""What keys mean in the prompt, beyond editing text."""

from collections.abc import Callable, Collection

from textual import events

from conduit_tui.core.clean import clean
from conduit_tui.tui.widgets.completer import Completer
from conduit_tui.tui.widgets.completion import Offer
from conduit_tui.tui.widgets.pasting import editable_start, normal_breaks
from conduit_tui.tui.widgets.prompt_area import PromptArea
from conduit_tui.tui.widgets.prompt_history import HistoryWalk


class PromptKeys:
    """Decides on Enter, Tab, Escape, Up, Down, End and Backspace before the text area sees them.

    `newline_keys` break the line; `accept` takes a completion, `send` sends, `remove_last` takes
    the last chip away and says whether there was one, and so does `empty_tab` for what Tab does
    where there is no text.
    """

    def __init__(
        self,
        area: PromptArea,
        completer: Completer,
        walk: HistoryWalk,
        *,
        accept: Callable[[Offer], None],
        send: Callable[[], None],
        remove_last: Callable[[], bool],
    ) -> None:
        self.newline_keys: Collection[str] = ("ctrl+j", "shift+enter", "alt+enter")
        self.empty_tab: Callable[[], bool] = lambda: False
        self._area = area
        self._completer = completer
        self._walk = walk
        self._accept = accept
        self._send = send
        self._remove_last = remove_last

    def take(self, event: events.Key) -> bool:
        """Deal with a key; False leaves it to the text area and then to the screen."""
        match event.key:
            case "enter":
                self._enter()
            case key if key in self.newline_keys:
                self._area.type_text("\n")
            case "tab" if not self._area.text and self.empty_tab():
                pass
            case "tab" | "escape" | "up" | "down":
                self.complete()
                return self._completion_key(event.key) or self._history_key(event.key)
            case "backspace" if not self._area.text:
                return self._remove_last()
            case "end" if not self._area.cursor_at_end_of_line:
                self._area.action_cursor_line_end()  # at the end of a line it is the screen's
            case _:
                return False
        return True

    def complete(self) -> None:
        """Bring the list of completions up to date; an entry of the history opens none."""
        if self._walk.is_walking(self._area.text):
            self._completer.close()
        else:
            self._completer.update()

    def _enter(self) -> None:
        self.complete()  # letters typed ahead may not have been looked at yet
        area, offer = self._area, self._completer.offer
        if area.selection.is_empty and area.before_cursor.endswith("\\"):
            area.replace_before_cursor(len(area.before_cursor) - 1, "\n")
        elif offer is None or self._completer.is_whole_command:
            self._send()
        elif self._completer.kind == "argument":
            self._accept(offer)
            self._send()
        else:
            self._accept(offer)

    def _completion_key(self, key: str) -> bool:
        completer = self._completer
        if not completer.is_open:
            return False
        if key == "escape":
            completer.close()
        elif key == "tab":
            if completer.offer is None or completer.is_as_typed:
                completer.move(1)
            if completer.offer:
                self._accept(completer.offer)
        else:
            completer.move(-1 if key == "up" else 1)
        return True

    def _history_key(self, key: str) -> bool:
        text = self._area.text
        if key == "up" and self._area.is_on_first_row:
            entry = self._walk.older(text)
        elif key == "down" and self._area.is_on_last_row:
            entry = self._walk.newer(text)
        else:
            return False
        if entry is None:
            return False
        self._area.put(editable_start(clean(normal_breaks(entry))))
        self._walk.showing(self._area.text)
        if key == "up":  # stay on the first row, so that Up walks on
            self._area.move_cursor((0, 0))
        return True
