"""What a person types to filter the tree and to search: words, and filters between them.

    raft "leader election" role:user model:gpt session:raft before:2026-01-01 after:3d
    starred label:best status:interrupted

A word matches anywhere in a text, in any case. `"..."` holds words together, and takes a filter
as words. What is no filter, such as `std::sort` or `role:nobody`, is a word.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from conduit_tui.core.marks import NO_MARK, Mark
from conduit_tui.core.message import Message, Role, Status
from conduit_tui.core.since import parse_since

_PIECE = re.compile(r'(?P<name>\w+:)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S*))(?:\s+|$)?')


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; everything given has to hold, empty fields hold always.

    Texts are in the case they were typed in. `before` and `after` are aware times; `session` is
    part of a session's title or id.
    """

    words: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    model: str = ""
    label: str = ""
    session: str = ""
    is_starred: bool = False
    before: datetime | None = None
    after: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether anything at all is looked for."""
        return self == Query()

    def matches(self, message: Message, mark: Mark = NO_MARK, more: str = "") -> bool:
        """Whether a message is among what is looked for. `session` is not looked at here.

        `more` is text to look at besides the message's own, such as names of tools.
        """
        return (
            (not self.roles or message.role in self.roles)
            and (not self.statuses or message.status in self.statuses)
            and self.model.lower() in (message.model or "").lower()
            and self.label.lower() in (mark.label or "").lower()
            and (not self.label or mark.label is not None)
            and (not self.is_starred or mark.starred_at is not None)
            and (self.before is None or message.created_at < self.before)
            and (self.after is None or message.created_at >= self.after)
            and self._has_words(message, more)
        )

    def _has_words(self, message: Message, more: str) -> bool:
        if not self.words:
            return True
        text = f"{message.text}\n{more}".casefold()
        return all(word.casefold() in text for word in self.words)


def parse_query(text: str, now: datetime) -> Query:
    """Read what was typed. Nothing is an error: what is no filter is a word.

    `now` is an aware time in the person's zone; days begin at midnight there.
    """
    words: list[str] = []
    fields: dict[str, object] = {}
    roles: list[str] = []
    statuses: list[str] = []
    for piece in _PIECE.finditer(text):
        name, quoted, plain = piece["name"] or "", piece["quoted"], piece["plain"]
        value = plain if quoted is None else quoted
        match name, value:
            case "", "":
                continue
            case "", "starred" if quoted is None:
                fields["is_starred"] = True
            case "role:", _ if value.lower() in get_args(Role):
                roles.append(value.lower())
            case "status:", _ if value.lower() in get_args(Status):
                statuses.append(value.lower())
            case "model:" | "label:" | "session:", _ if value:
                fields[name[:-1]] = value
            case "before:" | "after:", _ if (at := _time(value, now)) is not None:
                fields[name[:-1]] = at
            case _:
                words.append(name + value)
    query = Query(words=tuple(words), roles=tuple(roles), statuses=tuple(statuses))
    return replace(query, **fields)  # pyright: ignore[reportArgumentType]: of their fields' types


def filter_spans(text: str, now: datetime) -> list[tuple[int, int]]:
    """Where in what was typed `parse_query` sees filters, as (start, end) in characters."""
    spans: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(text):
        query = parse_query(piece[0], now)
        if not query.words and not query.is_empty:
            spans.append((piece.start(), piece.start() + len(piece[0].rstrip())))
    return spans


def _time(text: str, now: datetime) -> datetime | None:
    try:
        return parse_since(text, now)
    except ValueError:
        return None
