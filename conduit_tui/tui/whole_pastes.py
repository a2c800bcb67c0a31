"""Keeps what is pasted from being read as keys.

Textual takes an Escape inside of a paste for the beginning of a key: what follows it, up to 32
characters, was pressed as well as pasted, Ctrl+G and Ctrl+Q among it. Few terminals take such
characters out of what they paste.
"""

from collections.abc import Iterable

from textual._xterm_parser import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    XTermParser,
)
from textual.events import Paste
from textual.message import Message

_ESCAPE = "\x1b"
_STAND_IN = "\ufdd0"  # no character, so that no text has it


class WholePastes(XTermParser):
    """Textual's parser of what a terminal sends, for which a paste ends with its end mark alone."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._is_paste = False
        self._before = ""  # the last characters outside of a paste: a mark may be cut in two
        self._held = ""  # what may be the beginning of an end mark

    def feed(self, data: str) -> Iterable[Message]:
        """Yield what a piece of input comes to; nothing, as Textual has it, is the end."""
        if data and not (data := "".join(self._veiled(self._held + data))):
            return
        for event in super().feed(data):
            if isinstance(event, Paste):
                yield Paste(event.text.replace(_STAND_IN, _ESCAPE))
            else:
                yield event

    def _veiled(self, data: str) -> Iterable[str]:
        """The input, in whose pastes something stands in for Escape."""
        self._held = ""
        while data:
            if self._is_paste:
                body, end, data = data.partition(BRACKETED_PASTE_END)
                if end:
                    self._is_paste = False
                else:
                    held = _begun(body)
                    body, self._held = body[: len(body) - held], body[len(body) - held :]
                yield body.replace(_ESCAPE, _STAND_IN) + end
            else:
                seen = self._before + data
                at = seen.find(BRACKETED_PASTE_START)
                self._is_paste = at >= 0
                cut = at + len(BRACKETED_PASTE_START) if self._is_paste else len(seen)
                yield seen[len(self._before) : cut]
                self._before, data = seen[:cut][1 - len(BRACKETED_PASTE_START) :], seen[cut:]


def _begun(text: str) -> int:
    """How many characters at the end of a text may begin an end mark."""
    sizes = range(len(BRACKETED_PASTE_END) - 1, 0, -1)
    return next((size for size in sizes if text.endswith(BRACKETED_PASTE_END[:size])), 0)
