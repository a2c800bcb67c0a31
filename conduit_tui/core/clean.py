"""Makes text from outside harmless for a terminal, and visible where it would hide.

Control characters become their pictures (`ESC` becomes `␛`), so no escape sequence survives, in
one piece or split over chunks. Characters that reorder or hide text become `<U+202E>`. Joiners
and variation selectors stay where a script or an emoji needs them. Linear in the input.
"""

import re
import unicodedata

MOST_MARKS = 4
"""Combining marks kept on one letter; more is only ever used to overrun other lines."""

_FARTHEST_SEAM = 64
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f"
_ZWJ = "\u200d"
_JOINERS = f"\u200c{_ZWJ}"
_SELECTORS = "\ufe0e\ufe0f"
_HIDDEN = (
    "\x80-\x9f"  # C1: eight-bit escape sequences
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # invisible formats of shorthand and music
    "\U000e0000-\U000e0fff"  # tags and the second range of selectors
)
_SURROGATES = "\ud800-\udfff"
_MARK_BLOCKS = (
    "\u0300-\u1dff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua6f1\ua802-\uaaff\uabe3-\uabed\ufb1e\ufe20-\ufe2f\U000101fd-\U0001e94a"
)
_MAYBE_MARKS = re.compile(f"[{_MARK_BLOCKS}{_JOINERS}{_SELECTORS}]{{{MOST_MARKS + 1},}}")
_JOINED_SCRIPT = re.compile(
    "[\u0600-\u061b\u061d-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff"
    "\ufb50-\ufdff\ufe70-\ufefc]"
)
_PICTURES = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_EMOJI = re.compile(f"[{_PICTURES}]")
_SELECTABLE = (  # emoji, keycaps, and letters and signs with an emoji form
    f"{_PICTURES}#*0-9\u00a9\u00ae\u203c\u2049\u2122\u2139\u24c2\u25a0-\u25ff"
    "\u2934\u2935\u3030\u303d\u3297\u3299"
)
_TAKES_SELECTOR = re.compile(f"[{_SELECTABLE}]")
_CONTROL = re.compile(f"\r\n|[{_CONTROLS}]")
_SUSPECT = re.compile(  # what most often belongs is told by the expression alone, which is faster
    f"\r\n|[{_CONTROLS}{_HIDDEN}\u200c{_SURROGATES}]"
    f"|{_ZWJ}(?:(?![{_PICTURES}])|(?<![{_PICTURES}]{_ZWJ}))|(?<![{_SELECTABLE}])[{_SELECTORS}]"
)
_CONTROL_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"


def clean(text: str) -> str:
    """Return text that is safe to show; line breaks and tabs stay, CR LF becomes LF."""
    if text.isascii():
        return text if text.isprintable() else _CONTROL.sub(_replacement, text)
    return _SUSPECT.sub(_replacement, _MAYBE_MARKS.sub(_cut_marks, text))


def clean_line(text: str) -> str:
    """Return text that is safe to show on one line: line breaks and tabs become spaces."""
    return clean(text).replace("\n", " ").replace("\t", " ")


def seam(text: str, start: int, end: int) -> int:
    """Return where a piece of text that begins at `start` may end, at `end` or shortly before.

    If there is a space in the second half of the piece, it ends behind the last one. Otherwise
    marks, joiners and selectors stay with the letter they stand on.
    """
    space = text.rfind(" ", (start + end) // 2, end)
    if space >= 0:
        return space + 1
    at = end
    while at > end - _FARTHEST_SEAM and (_sticks(text[at : at + 1]) or _sticks(text[at - 1])):
        at -= 1
    return at if at > end - _FARTHEST_SEAM else end


def settled(text: str) -> str:
    """Return a text that goes on without what at its end depends on the next character."""
    return text.rstrip(f"\r{_JOINERS}")


def joins(before: str, after: str) -> bool:
    """Whether one character on the screen goes across where two texts meet."""
    return _sticks(after[:1]) or before[-1:] == _ZWJ


class StreamCleaner:
    """Cleans text that arrives in pieces so that the pieces add up to `clean` of the whole."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._ends_open = True

    def feed(self, text: str) -> str:
        """Return what can be shown by now; the last character waits for what joins it."""
        cut = len(text) - 1
        while cut >= 0 and (_sticks(text[cut]) or self._sticks_before(text, cut)):
            cut -= 1
        if text:
            self._ends_open = _sticks(text[-1])
        if cut < 0:
            self._held.append(text)
            return ""
        ready = "".join((*self._held, text[:cut]))
        self._held = [text[cut:]]
        return clean(ready)

    def finish(self) -> str:
        """Return what was still held."""
        ready, self._held, self._ends_open = "".join(self._held), [], True
        return clean(ready)

    def _sticks_before(self, text: str, at: int) -> bool:
        return _sticks(text[at - 1]) if at else self._ends_open


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
    if _belongs(match.string, match.start()):
        return found
    return f"<U+{code:04X}>"


def _belongs(text: str, at: int) -> bool:
    """Whether a joiner or selector stands where a script or an emoji needs it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in _SELECTORS:
        return bool(_TAKES_SELECTOR.match(before))
    if text[at] not in _JOINERS:
        return False
    if _JOINED_SCRIPT.match(before) and (not after or _JOINED_SCRIPT.match(after)):
        return True
    if before and before in _SELECTORS:
        before = text[at - 2 : at - 1]
    return bool(text[at] == _ZWJ and _EMOJI.match(before) and _EMOJI.match(after))


def _cut_marks(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        if character not in _JOINERS and character not in _SELECTORS:  # these do not start anew
            marks = marks + 1 if _is_mark(character) else 0
            if marks > MOST_MARKS:
                continue
        kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}


def _sticks(character: str) -> bool:
    return character != "" and (
        character == "\r" or character in _JOINERS or character in _SELECTORS or _is_mark(character)
    )
