"""`/help addresses`: the grammar, with what each form names in the session on view."""

import re
from collections.abc import Iterator

from conduit_tui.core.address import resolve, resolve_path
from conduit_tui.core.address_forms import ADDRESS_FORMS
from conduit_tui.core.address_offers import address_of, described
from conduit_tui.core.amounts import counted
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

_LONGEST_WORDS = 54
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def address_help(session: Session) -> str:
    """Return the help as Markdown. The session should be whole."""
    lines = [
        "An address names a message: behind commands, and in `show` and `ask --at`.",
        "",
        "| address | |",
        "|---|---|",
        *(f"| `{form}` | {_escaped(words)} |" for form, words in ADDRESS_FORMS),
        "",
        "`^` and `~` follow any id or label, and each other, as in `1f3a9c~2^1`. "
        "What was pruned is reached by its id or its label.",
        "",
    ]
    if rows := [_row(address, words) for address, words in _examples(session)]:
        lines += ["| in this session | |", "|---|---|", *rows]
    return "\n".join(lines)


def _row(address: str, words: str) -> str:
    cut = words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1]}…"
    shown = clean_line(address).replace("|", "\\|")
    return f"| `{shown}` | {_escaped(cut)} |"


def _examples(session: Session) -> Iterator[tuple[str, str]]:
    """An example for each form in their order, as far as the session has one, with its words."""
    leaf = session.get(session.leaf_id)
    if leaf is None:
        return
    marks = session.marks.items()
    labels = [mark.label for each, mark in marks if mark.label and session.is_visible(each)]
    label = f"@{min(labels)}" if labels else ""
    for address in (
        *(address_of(leaf, session), label, "@", "@^", "@~3"),
        *(_sibling(session, leaf), _text(leaf)),
    ):
        try:
            if address:
                yield address, described(resolve(address, session))
        except UnknownAddress:
            pass  # a short session has no such message
    above = min(3, len(session.path(leaf.id)) - 1)
    count = len(resolve_path(f"@~{above}..@", session))
    yield f"@~{above}..@", counted(count, "message", "messages")


def _sibling(session: Session, leaf: Message) -> str:
    """The address of a sibling of the nearest message upward that has one."""
    for up, message in enumerate(reversed(session.path(leaf.id))):
        number, count = session.position(message)
        if count > 1:
            base = f"@~{up}" if up else "@"
            return f"{base}^{number - 1 if number == count else number + 1}"
    return ""


def _text(leaf: Message) -> str:
    word = re.search(r"\w{4,20}", leaf.text)
    return f":/{word[0]}" if word else ""


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _PUNCTUATION.sub(r"\\\1", text)
