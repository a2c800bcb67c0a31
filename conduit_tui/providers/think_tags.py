"""Reasoning that a server leaves in the answer's text, between `<think>` and `</think>`.

Only at the very beginning: words of an answer about the tags are no reasoning.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from conduit_tui.core.events import TextDelta, ThinkingDelta

Mode: TypeAlias = Literal["", "tagged", "implied"]
"""Whether tags are looked for; `implied` where the server's template has already opened one."""


def mode_of(value: object) -> Mode:
    """Return the mode that a setting means: true, false or "implied"."""
    if value == "implied":
        return "implied"
    return "tagged" if value is True else ""


class ThinkTags:
    """Sorts pieces of text, cut anywhere, into thinking and answer; `finish` gives what it held.

    `name` is the word in the tags.
    """

    def __init__(self, mode: Mode, name: str = "think") -> None:
        self._open, self._close = f"<{name}>", f"</{name}>"
        self._stage = {"": "answer", "tagged": "start", "implied": "start"}[mode]
        self._is_implied = mode == "implied"
        self._held = ""

    def feed(self, text: str) -> Iterator[TextDelta | ThinkingDelta]:
        """Return what a piece brings; the beginning of a tag is held until it is told apart."""
        if self._stage == "start":
            text = self._begin(text)
        if self._stage == "thinking":
            thought, text = self._think(text)
            if thought:
                yield ThinkingDelta(thought)
        if self._stage == "gap":
            text = text.lstrip()
            if text:
                self._stage = "answer"
        if text and self._stage == "answer":
            yield TextDelta(text)

    def finish(self) -> Iterator[TextDelta | ThinkingDelta]:
        """Return what was held back: the beginning of a tag that never became one."""
        held, self._held = self._held, ""
        if held:
            yield ThinkingDelta(held) if self._stage == "thinking" else TextDelta(held)

    def _begin(self, text: str) -> str:
        held = self._held + text
        start = held.lstrip()
        if not start or (self._open.startswith(start) and start != self._open):
            self._held = held
            return ""
        self._held = ""
        if start.startswith(self._open):
            self._stage = "thinking"
            return start[len(self._open) :]
        self._stage = "thinking" if self._is_implied else "answer"
        return held

    def _think(self, text: str) -> tuple[str, str]:
        """Split off the thinking in a text; nothing is left while the closing tag is to come."""
        text, self._held = self._held + text, ""
        close = self._close
        thought, tag, rest = text.partition(close)
        if tag:
            self._stage = "gap"
            return thought, rest
        kept = next((n for n in range(len(close) - 1, 0, -1) if text.endswith(close[:n])), 0)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept], ""
