"""The filters of a query as a person types them: what they take, and how they are completed."""

import re
from typing import NamedTuple, get_args

from conduit_tui.core.message import Role, Status
from conduit_tui.core.query import Query

FILTERS: dict[str, tuple[str, ...]] = {
    "role:": get_args(Role),
    "model:": (),
    "session:": (),
    "label:": (),
    "before:": ("today", "yesterday", "7d", "4w"),
    "after:": ("today", "yesterday", "7d", "4w"),
    "starred": (),
    "status:": get_args(Status),
}
"""What can be written besides words, and after it."""

TIMES = "a day such as 2026-11-22, or how long ago: 7d"
_TAKES = {
    "role:": ", ".join(FILTERS["role:"]),
    "status:": ", ".join(FILTERS["status:"]),
    "before:": TIMES,
    "after:": TIMES,
}

_BEGUN_TIME = re.compile(r"\d{1,4}|\d{4}-[\d-]{0,5}(?<!-\d\d-\d\d)")


class Completed(NamedTuple):
    """A text with the word before `cursor` completed."""

    text: str
    cursor: int


def complete(text: str, cursor: int) -> Completed | None:
    """Complete the word before the cursor; a word that is complete becomes the next of its kind."""
    start = max(text.rfind(" ", 0, cursor), text.rfind("\t", 0, cursor)) + 1
    word = text[start:cursor].lower()
    name, colon, _ = word.partition(":")
    offers = [f"{name}:{value}" for value in FILTERS.get(f"{name}:", ())] if colon else [*FILTERS]
    if word in offers and colon:
        following = offers[(offers.index(word) + 1) % len(offers)]
    elif word in offers:
        return None
    else:
        following = next((each for each in offers if each.startswith(word)), "")
    if not following or following == word:
        return None
    return Completed(text[:start] + following + text[cursor:], start + len(following))


def without_unfinished(text: str) -> str:
    """Leave out a filter at the end that is still being typed: it would be read as a word."""
    start = max(text.rfind(" "), text.rfind("\t")) + 1
    name, colon, value = text[start:].lower().partition(":")
    values = FILTERS.get(name + colon) if colon else None
    if values is None or value in values:
        return text
    may_become = any(each.startswith(value) for each in values)
    if name in ("before", "after"):
        may_become = may_become or bool(_BEGUN_TIME.fullmatch(value))
    return text[:start] if not value or may_become else text


def nothing_found(query: Query) -> tuple[str, ...]:
    """Words for a query without a match, and what to do next."""
    for word in query.words:
        name = word.partition(":")[0].lower() + ":"
        if ":" in word and name in _TAKES:
            return (f"No match. {name} takes {_TAKES[name]}.",)
    has_filters = query != Query(words=query.words)
    if has_filters and query.words:
        return ("No match. Try fewer words, or take a filter away.",)
    if has_filters:
        return ("No match. Another filter may find more.",)
    return ("No match. Try fewer words, or only the start of one.",)
