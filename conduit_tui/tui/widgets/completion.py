"""What can be completed at the cursor of the prompt, as pure functions."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal, TypeAlias

from conduit_tui.core.clean import clean_line

MOST_OFFERS = 50

Kind: TypeAlias = Literal["command", "argument", "file"]


@dataclass(frozen=True, slots=True)
class CommandHint:
    """A slash command: `/name`, one line about it, and what its argument is called ("" if none).

    `enter_takes` says of what words after it Enter takes the offer; where text of one's own may
    follow, only Tab does.
    """

    name: str
    summary: str = ""
    argument_hint: str = ""
    enter_takes: Literal["any", "the first", "none"] = "any"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list: `value` is what it stands for, `shown` and `summary` what is read."""

    value: str
    shown: str
    summary: str = ""


CompleteArgument: TypeAlias = Callable[[str, str], Sequence[str | Offer]]
"""Finds values for a command, from its name and what is typed behind it."""


@dataclass(frozen=True, slots=True)
class Token:
    """The piece of text before the cursor that can be completed; it begins at `start`.

    `command` is the command an argument belongs to.
    """

    kind: Kind
    start: int
    partial: str
    command: str = ""


_COMMAND = re.compile(r"/([\w-]*)$")
_ARGUMENT = re.compile(r"/([\w-]+) +(\S[^\n]*)?$")
_FILE = re.compile(r"(?:^|(?<=\s))@(\S*)$")
_LONGEST_TOKEN = 300


def token_at(text: str) -> Token | None:
    """What is being typed at the end of `text` (the text before the cursor)."""
    if text.startswith("/") and len(text) <= _LONGEST_TOKEN:
        if match := _COMMAND.fullmatch(text):
            return Token("command", 0, match[1])
        if match := _ARGUMENT.fullmatch(text):
            partial = match[2] or ""
            return Token("argument", len(text) - len(partial), partial, match[1])
    tail = text[-_LONGEST_TOKEN:]
    if match := _FILE.search(tail):
        return Token("file", len(text) - len(tail) + match.start(), match[1])
    return None


def command_offers(partial: str, commands: Iterable[CommandHint]) -> tuple[Offer, ...]:
    """Commands that begin with, then those that hold what was typed."""
    typed = partial.lower()
    hits = [hint for hint in commands if typed in hint.name.lower()]
    hits.sort(key=lambda hint: not hint.name.lower().startswith(typed))
    return tuple(
        Offer(hint.name, f"/{hint.name} {hint.argument_hint}".rstrip(), hint.summary)
        for hint in hits
    )


def value_offers(partial: str, values: Iterable[str | Offer]) -> tuple[Offer, ...]:
    """Values that hold what was typed: it itself, at the start of the last name, then anywhere.

    What is an offer already stands before them as it is.
    """
    typed = partial.lower()
    ready: list[Offer] = []
    ranked: list[tuple[int, int, str]] = []
    for value in values:
        if isinstance(value, Offer):
            ready.append(value)
        elif (at := value.lower().find(typed)) >= 0:
            ranked.append((_rank(value, at, typed), len(ranked), value))
    ranked.sort()
    found = (Offer(value, clean_line(value)) for _, _, value in ranked)
    return tuple(islice(chain(ready, found), MOST_OFFERS))


def _rank(value: str, at: int, typed: str) -> int:
    if value.lower() == typed:
        return -1
    name = value.rstrip("/").rpartition("/")[2].lower()
    if at == 0 or name.startswith(typed):
        return 0
    return 1 if typed in name else 2
