"""What is searched for, and where a text holds it: literally, with smart case.

Places are counted in the text as it is, so no letter may change its length on the way: the text
itself is never folded but by the pattern that is matched with it.
"""

import html
import re
from collections.abc import Sequence
from typing import TypeAlias

from conduit_tui.core.clean import clean_line

Span: TypeAlias = tuple[int, int]
"""Where a match begins and ends in its text."""

_SPACES = "[ \u00a0\u202f]"
_SHARP_S = re.compile("ss|ß|ẞ")
_WORD = re.compile(r"[^\W_]+")
_MARKUP = "*_~`\\"


class Query:
    """Text to search for. In lower case it matches any case; a capital makes it exact.

    A space also matches the spaces that do not break. Matches do not overlap. With `any_of`, each
    of these is looked for, in any case, and the text only names the query.
    """

    __slots__ = ("_choices", "_needle", "_pattern", "is_exact", "text")

    def __init__(self, text: str, any_of: Sequence[str] = ()) -> None:
        self.text = clean_line(text)
        wanted = sorted({clean_line(each) for each in any_of if each}, key=len, reverse=True)
        self.is_exact = not wanted and any(map(str.isupper, self.text))
        self._pattern = _pattern(wanted or [self.text], self.is_exact)
        self._needle = "" if wanted else self.text if self.is_exact else self.text.lower()
        self._choices = [_words_of(each) for each in wanted or [self.text]]

    def spans(self, text: str) -> list[Span]:
        """Return all matches from left to right."""
        return [found.span() for found in self._pattern.finditer(text)] if self.text else []

    def count(self, text: str) -> int:
        """Return how many matches there are."""
        if not self.text:
            return 0
        is_plain = self._needle and text.isascii() and self.text.isascii()
        if is_plain:  # ten times faster, and the same
            return (text if self.is_exact else text.lower()).count(self._needle)
        return sum(1 for _ in self._pattern.finditer(text))

    def may_be_in(self, source: str) -> bool:
        """Whether a text could hold a match when it is drawn; False is sure.

        It asks for the words alone, as drawing takes away what marks them up.
        """
        if "![" in source:  # drawn with words of our own
            return True
        if "&" in source:
            source = html.unescape(source)
        folded = _folded(source)
        for sign in _MARKUP:
            folded = folded.replace(sign, "")
        return any(all(word in folded for word in words) for words in self._choices)

    def narrows(self, other: "Query") -> bool:
        """Whether a text without a match for the other query has none for this one."""
        if not (self._needle and other._needle):
            return False
        if other.is_exact:
            return other.text in self.text
        return other.text in self.text.lower()


def _pattern(texts: Sequence[str], is_exact: bool) -> re.Pattern[str]:
    each = "|".join(_expression(text, is_exact) for text in texts)
    return re.compile(each, re.NOFLAG if is_exact else re.IGNORECASE)


def _expression(text: str, is_exact: bool) -> str:
    parts = text.replace("\u00a0", " ").split(" ")
    if is_exact:
        return _SPACES.join(map(re.escape, parts))
    return _SPACES.join("(?:ss|ß)".join(map(re.escape, _SHARP_S.split(part))) for part in parts)


def _words_of(text: str) -> list[str]:
    """The words a source must have to hold a text, the longest first."""
    return sorted(set(_WORD.findall(_folded(text))), key=len, reverse=True)


def _folded(text: str) -> str:
    """Fold what the pattern takes for the same letter, and more."""
    if text.isascii():
        return text.lower()
    return text.casefold().replace("\u0307", "").replace("ı", "i")
