"""Text as search compares it: without case, accents and what cannot be seen.

`fold` works character by character: the folds of two texts, joined, are the fold of the texts
joined. So a text can be folded piece by piece, and places found again in what was folded.
"""

import re
import unicodedata
from functools import lru_cache

_PIECE = 32_768
"""Characters folded in one go: no other thread waits more than a few milliseconds meanwhile."""

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]")
_WIDE = range(0xFF00, 0xFFF0)
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d", '"'),
    **dict.fromkeys("\u2010\u2011", "-"),
}
"""What programs write for a character on the keyboard."""

_UNSPACED = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"  # Han
    "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3105-\u312f\u31a0-\u31bf"  # Kana, Zhuyin
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3"  # Thai to Khmer
)
UNSPACED = re.compile(f"[{_UNSPACED}]+")
"""Runs of scripts in which words are not set apart, or take endings."""


def composed(text: str) -> str:
    """Return a text in which accents are part of their letters, wherever there is such a letter."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return a composed text in the form that is compared."""
    if text.isascii():
        return text.lower()
    if len(text) <= _PIECE:
        # Bytes are lowered without a look at what is not ASCII, of which the rest took care.
        return _FOREIGN.sub(_fold_run, text).encode().lower().decode()
    return "".join(fold(text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))


def place(text: str, folded_at: int) -> int:
    """Return which character of a composed text stands at a place of its fold."""
    if text.isascii():
        return min(folded_at, len(text))
    at = 0
    for step in (_PIECE, 512, 16, 1):
        while at < len(text) and (length := len(fold(text[at : at + step]))) <= folded_at:
            folded_at -= length
            at = min(at + step, len(text))
    return at


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """Return one character as it is compared; empty for what cannot be seen."""
    if character in _ALIKE:
        return _ALIKE[character]
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"  # as the store holds it
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""
    if ord(character) in _WIDE:
        character = unicodedata.normalize("NFKC", character)
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFD", character).casefold())
    whole = unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
    return "".join(_ALIKE.get(each, each) for each in whole)


@lru_cache(maxsize=4096)
def is_plain(character: str) -> bool:
    """Whether a folded character is one that words with blanks between them are made of."""
    return (character.isalnum() or unicodedata.category(character)[0] in "LMN") and UNSPACED.match(
        character
    ) is None


@lru_cache(maxsize=4096)
def is_sign(character: str) -> bool:
    """Whether a folded character is looked for on its own: `+`, `#`, arrows, emoji."""
    if character.isascii():
        return character in SIGNS
    return unicodedata.category(character) in {"Sm", "Sc", "Sk", "So", "Co", "Cn"}


SIGNS = "+#@$%&<=>^|~"
"""Those in ASCII: what code and prices are full of."""


class _Folds(dict[int, str]):
    """Folded characters by their number, filled as they come."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


_FOLDS = _Folds()


def _fold_run(run: re.Match[str]) -> str:
    return run[0].translate(_FOLDS)
