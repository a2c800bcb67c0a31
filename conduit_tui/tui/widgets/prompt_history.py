"""Walking through what was sent before."""

from collections.abc import Sequence


class HistoryWalk:
    """A place in the history. One is walking only while the text is what the walk put there."""

    def __init__(self) -> None:
        self.entries: Sequence[str] = ()
        self._at: int | None = None
        self._shown = ""

    def is_walking(self, text: str) -> bool:
        """Whether `text` is an entry the walk has stopped at."""
        return self._at is not None and text == self._shown

    def older(self, text: str) -> str | None:
        """The entry before the current one; None at the oldest, or if `text` was edited."""
        if not self.is_walking(text):
            if text:
                return None
            self._at = len(self.entries)
        return self._go((self._at or 0) - 1)

    def newer(self, text: str) -> str | None:
        """The entry after the current one, "" after the newest; None if not walking."""
        if not self.is_walking(text) or self._at is None:
            return None
        if self._at + 1 >= len(self.entries):
            self.stop()
            return ""
        return self._go(self._at + 1)

    def showing(self, text: str) -> None:
        """Say how the entry looks in the text area, where control characters are pictures."""
        self._shown = text

    def stop(self) -> None:
        """Walk from the newest again next time."""
        self._at = None

    def _go(self, at: int) -> str | None:
        if not 0 <= at < len(self.entries):
            return None
        self._at = at
        self._shown = self.entries[at]
        return self._shown
