"""Finding text in the transcript as keys and commands ask for it: the find line, `n`, `N`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.find_count import FindCount
from conduit_tui.tui.widgets.find_line import FindLine
from conduit_tui.tui.widgets.fitting import fit

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


_CELLS = 24  # of what was looked for, in the status bar


class Finding:
    """Stands between the find line and the transcript's finder.

    A search shows its matches until Escape, the prompt, or another session ends it. What was
    looked for last is remembered beyond that.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._last = ""
        self._came_from_prompt = False
        self._is_awaited = False  # the line is closed, and nothing was found yet
        self._has_landed = False  # on what a search of all sessions found: that is no detour

    @property
    def is_shown(self) -> bool:
        """Whether matches are highlighted."""
        return self._screen.transcript.finder.is_active

    @property
    def words(self) -> str:
        """What was found, for the status bar: `/raft 3/17`, or nothing."""
        count = self._screen.transcript.finder.count
        is_typed = self._screen.mode == "find"
        return f"/{fit(count.query, _CELLS)} {count.words}" if count.query and not is_typed else ""

    @property
    def typed_text(self) -> str:
        """What stands in the find line while it is open."""
        return self._screen.query_one(FindLine).text if self._screen.mode == "find" else ""

    @property
    def goes_back(self) -> bool:
        """Whether Escape returns to where one was before."""
        return not self._has_landed

    def open(self) -> None:
        """Open the find line; Escape then returns to where one is now."""
        self._screen.exploring.end(reads=False)
        self._begin()
        self._screen.mode = "find"
        key = self._screen.keymap.hint("search")
        hint = f"{key} searches all sessions" if key else ""
        self._screen.query_one(FindLine).open(self._last, hint)

    def look_for(self, text: str) -> None:
        """Go to the nearest match of a text, as if it had been typed into the line."""
        self._screen.exploring.end()
        self._begin()
        self._go_for(text)

    def land(self, message_id: str, words: Sequence[str], lit: Sequence[str]) -> None:
        """Light what was found for some words, and go to where a message has it.

        Escape then ends that and stays.
        """
        screen = self._screen
        if screen.mode == "find":
            screen.mode = "normal"
        if not lit:
            self.end()
            return
        screen.transcript.finder.begin()
        self._has_landed, self._last = True, lit[0]
        screen.transcript.finder.find_in(message_id, " ".join(words), lit)
        self.moved(screen.transcript.finder.count)

    def typed(self, text: str) -> None:
        """Go to the nearest match of what is typed so far."""
        if self._screen.mode == "find" and text == self._screen.query_one(FindLine).text:
            self._screen.transcript.finder.find(text)

    def take_key(self, key: str) -> bool:
        """Close the line if a key does so; returns whether it did.

        Enter stays; on an empty line it looks for the last text again. Escape goes back, and so
        does deleting where nothing is left.
        """
        text = self._screen.query_one(FindLine).text
        if key == "escape" or (key == "backspace" and not text):
            self.leave()
        elif key != "enter":
            return False
        elif text or self._last:
            self._stay(text or self._last)
        else:
            self.leave()
        return True

    def leave(self) -> None:
        """Close the line and go back to where one was, also to the prompt if one was there."""
        screen = self._screen
        self._is_awaited = False
        screen.transcript.finder.end(go_back=self.goes_back)
        if screen.mode == "find":
            self._last = screen.query_one(FindLine).text or self._last
            screen.mode = "insert" if self._came_from_prompt else "normal"
        screen.refresh_status()

    def end(self) -> None:
        """Show no matches any more and stay where they led."""
        self._is_awaited = False
        self._screen.transcript.finder.end(go_back=False)

    def step(self, step: int) -> None:
        """Go to the next match, or the one before with -1; looks for the last text if need be."""
        finder = self._screen.transcript.finder
        self._screen.exploring.end()
        if finder.is_active:
            finder.find_next(step)
        elif self._last:
            self._begin()
            self._go_for(self._last, step)
        else:
            self._screen.say("Nothing to find yet; / begins.")

    def moved(self, count: FindCount) -> None:
        """Show how the search stands."""
        screen = self._screen
        if screen.mode == "find":
            line = screen.query_one(FindLine)
            line.show_count(count.words, is_in_vain=count.is_in_vain)
            return
        if self._has_landed and count.is_in_vain:  # it is in what is not shown, such as an address
            self.end()
        if self._is_awaited and not count.is_counting:
            self._is_awaited = False
            if count.is_in_vain:
                self._tell_in_vain(count.query)
        screen.refresh_status()

    def _begin(self) -> None:
        if self._screen.mode != "find":
            self._came_from_prompt = self._screen.mode == "insert"
        self._has_landed = False
        self._screen.transcript.finder.begin()

    def _go_for(self, text: str, step: int = 1) -> None:
        self._screen.transcript.finder.find(text, step)
        self._stay(text)

    def _stay(self, text: str) -> None:
        finder = self._screen.transcript.finder
        if finder.count.query != text:  # the last letters may not have been looked for yet
            finder.find(text)
        self._last = text
        self._is_awaited = True
        self._screen.mode = "normal"
        self.moved(self._screen.transcript.finder.count)

    def _tell_in_vain(self, text: str) -> None:
        screen = self._screen
        screen.say(f"No match for {text!r}.")
        screen.transcript.finder.end(go_back=True)
        if self._came_from_prompt:
            screen.mode = "insert"
