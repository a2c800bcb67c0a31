"""What a person puts on a message: a label, a star, a note. And why one is out of sight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

LABEL_CHARACTERS = 40
_NOT_IN_LABELS = set("@^~:\\\"'`")


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands on one message. `starred_at` is an aware UTC time; None: no star."""

    label: str | None = None
    starred_at: datetime | None = None
    note: str = ""


NO_MARK = Mark()

Why: TypeAlias = Literal["pruned", "undone"]


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a message and all below it are out of sight, and since when (aware UTC).

    What is "pruned" lies in the session's trash. Copies whose graft was undone are "undone": they
    come back only by a redo.
    """

    why: Why
    since: datetime


def label_problem(label: str) -> str | None:
    """Say in words why a label cannot be used, or None if it can.

    A label is part of an address, so it holds no white space and none of `@ ^ ~ :` or quotes, no
    two dots in a row, and none at its ends, where those of a path stand.
    """
    if not label:
        return "A label needs at least one letter."
    if len(label) > LABEL_CHARACTERS:
        return f"A label has at most {LABEL_CHARACTERS} characters; this has {len(label)}."
    if any(letter.isspace() or not letter.isprintable() for letter in label):
        return "A label is one word: no blanks in it."
    if wrong := sorted(_NOT_IN_LABELS.intersection(label)):
        return f"A label holds no {' '.join(wrong)}: addresses use them."
    if label[0] == "." or label[-1] == ".":
        return "A label neither begins nor ends with a dot: addresses use '..'."
    return "A label holds no '..': addresses use it." if ".." in label else None
