"""Makes text from outside harmless for a terminal, and visible where it would hide.

Control characters become their pictures (`ESC` becomes `␛`), so no escape sequence survives, in
one piece or split over chunks. Characters that reorder or hide text become `<U+202E>`. Joiners
and variation selectors stay where a script or an emoji needs them. Linear in the input.
"""

import re
import unicodedata

MOST_MARKS = 4
"""Combining marks kept on one letter; more is only ever used to overrun other lines."""

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f"
_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe0e\ufe0f"
_HIDDEN = (
    "\x80-\x9f"  # C1: eight-bit escape sequences
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff"  # tags and the second range of selectors
)
_SURROGATES = "\ud800-\udfff"
_SUSPECT = re.compile(f"\r\n|[{_CONTROLS}{_HIDDEN}{_JOINERS}{_SELECTORS}{_SURROGATES}]")
_MARK_BLOCKS = (
    "\u0300-\u1dff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua6f1\ua802-\uaaff\uabe3-\uabed\ufb1e\ufe20-\ufe2f\U000101fd-\U0001e94a"
)
_MAYBE_MARKS = re.compile(f"[{_MARK_BLOCKS}]{{{MOST_MARKS + 1},}}")
_JOINED_SCRIPT = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufefc]")
_EMOJI = re.compile(
    "[#*0-9\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff]"  # also keycap bases
)
_CONTROL_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"
_LONGEST_HOLD = 64


def clean(text: str) -> str:
    """Return text that is safe to show; line breaks and tabs stay, CR LF becomes LF."""
    if text.isascii() and text.isprintable():
        return text
    text = _SUSPECT.sub(_replacement, text)
    if text.isascii():
        return text
    return _MAYBE_MARKS.sub(_cut_marks, text)


def clean_line(text: str) -> str:
    """Return text that is safe to show on one line: line breaks and tabs become spaces."""
    return clean(text).replace("\n", " ").replace("\t", " ")


class StreamCleaner:
    """Cleans text that arrives in pieces so that the pieces add up to `clean` of the whole."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what can be shown by now; the last character waits for what joins it."""
        self._held += text
        cut = len(self._held) - 1
        while cut > 0 and (_sticks(self._held[cut]) or _sticks(self._held[cut - 1])):
            cut -= 1
        if len(self._held) - cut > _LONGEST_HOLD:
            cut = len(self._held)
        ready, self._held = self._held[: max(cut, 0)], self._held[max(cut, 0) :]
        return clean(ready)

    def finish(self) -> str:
        """Return what was still held."""
        ready, self._held = self._held, ""
        return clean(ready)


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    if found == "\r\n":
        return "\n"
    code = ord(found)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return _DELETE_PICTURE
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if found in _JOINERS and _joins(before, after):
        return found
    if found in _SELECTORS and _EMOJI.match(before):
        return found
    return f"<U+{code:04X}>"


def _joins(before: str, after: str) -> bool:
    return bool(
        (_EMOJI.match(before) and _EMOJI.match(after))
        or (_JOINED_SCRIPT.match(before) and (not after or _JOINED_SCRIPT.match(after)))
    )


def _cut_marks(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _sticks(character: str) -> bool:
    return (
        character == "\r"
        or character in _JOINERS
        or character in _SELECTORS
        or unicodedata.category(character) in {"Mn", "Me"}
    )
