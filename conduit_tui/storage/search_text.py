"""What of a text stands in the index, and what is asked of the index for a word.

The index only narrows down: every message it names is looked at again (`core/wording.py`). So it
holds which tokens a message has, not where. All folding is done here: to SQLite, whose tables of
characters differ between its releases, tokens are bytes between blanks.

A change of what `index_text` returns needs a migration that indexes everything anew: removing a
message from the index takes the same text that was put in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from conduit_tui.core.folding import (
    SIGNS,
    UNSPACED,
    composed,
    fold_character,
    is_plain,
    is_sign,
)
from conduit_tui.core.wording import Word

PREFIXES = (2, 3)
"""Beginnings of so many characters stand in the index themselves."""

_PIECE = 32_000
_LONGEST_BEGINNING = 64
_MOST_TOKENS = 16
"""Tokens that the index is asked for: a long phrase is told by its first words."""

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TOKEN = re.compile(rf"[a-z0-9{re.escape(SIGNS)}\x80-\U0010ffff]+")


def index_text(text: str) -> str:
    """Return a text as its tokens, between blanks and ASCII punctuation, in any case.

    Words are folded, signs stand alone, and of scripts without blanks every two neighbours are a
    token, and so is the last character of a run.
    """
    return _tokens(composed(text))


@dataclass(frozen=True, slots=True)
class Terms:
    """What the index is asked for a word: tokens, and with what one more begins, if one does.

    For a long beginning SQLite gathers every message that has such a token before it names the
    first. So there is also a short one, which stands in the index itself.
    """

    tokens: tuple[str, ...]
    beginning: str = ""

    @property
    def coarse(self) -> tuple[str, ...]:
        """Conditions that name the newest messages at once; none: any message may have the word."""
        return self._with(self.beginning[: PREFIXES[-1]])

    @property
    def fine(self) -> tuple[str, ...]:
        """Conditions that few other messages meet, for a word that few messages have."""
        return self._with(self.beginning) or (f'"{self.beginning}"*',) * bool(self.beginning)

    def _with(self, beginning: str) -> tuple[str, ...]:
        begins = (f'"{beginning}"*',) if len(beginning) >= PREFIXES[0] else ()
        return (*(f'"{token}"' for token in self.tokens), *begins)


def terms(word: Word) -> Terms:
    """Return what the index is asked for; every message that has the word meets it."""
    found = _TOKEN.findall(_tokens(word.folded))
    if not found:
        return Terms(())
    *others, last = found
    before = others[-1] if others else ""
    if len(last) > _LONGEST_BEGINNING:
        return Terms(_few(others), last[:_LONGEST_BEGINNING])
    if not word.folded.endswith(last) or is_sign(last[-1]):
        return Terms(_few(found))
    if UNSPACED.match(last) and UNSPACED.match(before) and before.endswith(last):
        return Terms(_few(others))  # in a text the run may go on, and the last pair tells it all
    return Terms(_few(others), last)


def match(conditions: Iterable[str]) -> str:
    """Return the expression for messages that meet all conditions."""
    return " AND ".join(list(dict.fromkeys(conditions))[: 2 * _MOST_TOKENS])


def _tokens(text: str) -> str:
    if not text.isascii():
        pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
        text = "".join(_FOREIGN.sub(_known_run, piece) for piece in pieces)
        if _UNSPACED_SEEN.search(text):
            text = UNSPACED.sub(_pairs, text)
    for sign in SIGNS:
        if sign in text:
            text = text.replace(sign, f" {sign} ")
    return text


def _few(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tokens))[:_MOST_TOKENS]


class _Known(dict[int, str]):
    """What stands in the index for a character, by its number, filled as they come."""

    def __missing__(self, code: int) -> str:
        known = self[code] = "".join(map(_known, fold_character(chr(code))))
        return known


def _known(folded: str) -> str:
    if folded.isascii() or is_plain(folded) or UNSPACED.match(folded):
        return folded
    return f" {folded} " if is_sign(folded) else " "


_KNOWN = _Known()
_UNSPACED_SEEN = re.compile("[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3000-\U0003ffff]")
"""Quicker to look for than the runs themselves."""


def _known_run(run: re.Match[str]) -> str:
    return run[0].translate(_KNOWN)


def _pairs(run: re.Match[str]) -> str:
    text = run[0]
    pairs = [first + second for first, second in pairwise(text)]
    return f" {' '.join(pairs)} {text[-1]} "
