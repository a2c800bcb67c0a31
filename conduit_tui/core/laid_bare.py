"""Text laid bare for a person who decides on it: nothing in it is invisible, or looks like less.

Beyond `clean`, which only makes text harmless, blanks at the end of a line, tabs, carriage
returns, unusual spaces and joiners are shown too, and what looks like other letters is told.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from conduit_tui.core.clean import clean, seam

TAB_CELLS = 4
BLANK, TAB, RETURN = "·", "→", "␍"

MOST_TOLD = 3
"""Words of two alphabets that are told of, and letters of each."""

_UNSEEN_KINDS = {"Cf", "Zs", "Zl", "Zp"}
_UNSEEN = "\u2800\ufe0e\ufe0f\ufffc"  # a blank of Braille, selectors, a stand-in for an object
_ENDING_BLANKS = re.compile(r"(?<! ) +(?=\n|\Z)")  # from the first blank of a run: else quadratic
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOOKALIKES = (
    re.compile(  # Greek, Cyrillic, Armenian, Cherokee, full-width and mathematical letters
        "[\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u13a0-\u13ff\uff21-\uff5a\U0001d400-\U0001d7ff]"
    )
)
_LATIN = re.compile("[A-Za-z]")
_LONGEST_TOLD = 40
_LONGEST_PIECE = 16_000
_LONGEST_LOOKED_AT = 20_000


def laid_bare(text: str) -> str:
    """Return text in which every character shows. Lines stay lines; it is linear in the text."""
    text = text.replace("\r\n", f"{RETURN}\n")
    text = _ENDING_BLANKS.sub(lambda found: BLANK * len(found[0]), text)
    text = "".join(map(_without_hidden, _pieces(text)))
    if "\t" not in text:
        return text
    return "\n".join(_with_tabs(line) for line in text.split("\n"))


def lookalikes(text: str) -> tuple[str, ...]:
    """Words about what in a text looks like something else: letters of two alphabets in a word."""
    if text.isascii():
        return ()
    found = dict.fromkeys(_mixed(text[:_LONGEST_LOOKED_AT]))
    return tuple(found)[:MOST_TOLD]


def hosts_told(url: str) -> tuple[str, ...]:
    """Words about the host of an address, where it may be taken for another."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ("This address cannot be read.",)
    return tuple(_of_host(parts, host))


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that are dealt with at once: on a thread, others have their turn then."""
    start = 0
    while start < len(text):
        end = start + _LONGEST_PIECE
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or seam(text, start, end)
        yield text[start:end]
        start = end


def _without_hidden(text: str) -> str:
    if not text.isascii():
        hidden = {ord(each): f"<U+{ord(each):04X}>" for each in set(text) if _hides(each)}
        text = text.translate(hidden)
    return clean(text)


def _hides(character: str) -> bool:
    is_unseen = character in _UNSEEN or unicodedata.category(character) in _UNSEEN_KINDS
    return is_unseen and character != " "


def _with_tabs(line: str) -> str:
    pieces = line.split("\t")
    shown = pieces[0]
    for piece in pieces[1:]:
        shown += TAB + " " * (TAB_CELLS - 1 - len(shown) % TAB_CELLS) + piece
    return shown


def _mixed(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        others = dict.fromkeys(_LOOKALIKES.findall(word))
        if others and _LATIN.search(word):
            letters = ", ".join(_name(each) for each in list(others)[:MOST_TOLD])
            yield f"{clean(word[:_LONGEST_TOLD])!r} mixes alphabets: {letters}."


def _name(letter: str) -> str:
    name = unicodedata.name(letter, "").lower()
    return f"{letter} is U+{ord(letter):04X} {name}".rstrip()


def _of_host(parts: SplitResult, host: str) -> Iterator[str]:
    if "@" in parts.netloc:
        yield f"What stands before the @ is no host. It goes to {clean(host)}."
    if not host.isascii():
        yield f"The host has letters other than a to z: {_ascii_host(host)}."
    elif "xn--" in host:
        readable = _unicode_host(host)
        yield f"The host has letters other than a to z: it looks like {readable!r}."
        yield from lookalikes(readable)


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ascii(host)


def _unicode_host(host: str) -> str:
    try:
        return laid_bare(host.encode("ascii").decode("idna"))
    except UnicodeError:
        return host
