"""One grammar for naming a message, everywhere.

    1f3a9c        a short id: the first digits of an id, at least four
    best, @best   a label
    @             the current leaf
    X^            what is right above X; `^^` two above
    X~3           three above X; `~` is `~1`
    X^2           the second sibling of X, in order of creation
    :/text        the newest message in sight whose text holds `text`, in any case
    A..B          the path between A and B, both included; an end left out is the leaf

X is an id, a label or `@`; what follows may be repeated: `@~3^2`.
"""

import re

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

SHORT_DIGITS = 7
FEWEST_DIGITS = 4

_STEPS = re.compile(r"\^(\d*)|~(\d*)")
_ADDRESS = re.compile(r"([^\^~]*)((?:\^\d*|~\d*)*)")


def short_id(message_id: str) -> str:
    """The first digits of an id, as they are shown."""
    return message_id[:SHORT_DIGITS]


def is_range(text: str) -> bool:
    """Whether an address names a path and not one message."""
    return ".." in text and not text.startswith(":/")


def resolve(text: str, session: Session) -> Message:
    """Return the message at an address. The session has to be whole.

    Raises UnknownAddress, in words, if there is none or if it could mean several.
    """
    text = text.strip()
    if text.startswith(":/"):
        return _newest_with(text[2:], session)
    found = _ADDRESS.fullmatch(text)
    if not text or found is None:
        raise UnknownAddress(
            f"{_shown(text)} is no address. /help addresses tells how to write one."
        )
    message = _base(found[1], session)
    for step in _STEPS.finditer(found[2]):
        message = _step(message, step, session, text)
    return message


def resolve_path(text: str, session: Session) -> tuple[Message, ...]:
    """Return the messages that an address names: one, or for `A..B` the path between, in order.

    From A up to where both meet, then down to B. Raises UnknownAddress.
    """
    if not is_range(text.strip()):
        return (resolve(text, session),)
    first, _, last = text.strip().partition("..")
    up = session.path(resolve(first or "@", session).id)
    down = session.path(resolve(last or "@", session).id)
    shared = sum(1 for one, other in zip(up, down, strict=False) if one is other)
    if not shared:
        raise UnknownAddress(f"There is no path between {_shown(first)} and {_shown(last)}.")
    return (*reversed(up[shared:]), *down[shared - 1 :])


def _base(name: str, session: Session) -> Message:
    if name in ("", "@"):
        leaf = session.get(session.leaf_id)
        if leaf is None:
            raise UnknownAddress("This session is empty; there is no @ yet.")
        if name == "":
            raise UnknownAddress(
                "An address begins with an id, a label, @ or :/. @^ is the parent."
            )
        return leaf
    label = name.removeprefix("@")
    if (labelled := session.labelled(label)) is not None:
        return labelled
    if name.startswith("@"):
        raise UnknownAddress(f"No message is labelled {_shown(label)}. {_known_labels(session)}")
    return _by_id(name, session)


def _by_id(name: str, session: Session) -> Message:
    digits = name.lower()
    is_id = len(digits) >= FEWEST_DIGITS and re.fullmatch(r"[0-9a-f]+", digits) is not None
    found = [message for message in session if message.id.startswith(digits)] if is_id else []
    match found:
        case [message]:
            return message
        case []:
            what = "message" if is_id else "id or label"
            raise UnknownAddress(
                f"No {what} {_shown(name)} in this session. {_known_labels(session)}"
            )
        case _:
            several = ", ".join(message.id[: len(digits) + 4] for message in found[:4])
            raise UnknownAddress(f"{_shown(name)} could be {several}. Write more digits.")


def _step(message: Message, step: re.Match[str], session: Session, text: str) -> Message:
    if step[1]:
        siblings = session.siblings(message.id)
        number = int(step[1][:9])
        if not 1 <= number <= len(siblings):
            count = "is the only one" if len(siblings) == 1 else f"has {len(siblings)} siblings"
            raise UnknownAddress(
                f"{_shown(text)}: {short_id(message.id)} {count}; there is no number {number}."
            )
        return siblings[number - 1]
    up = 1 if step[0].startswith("^") or not step[2] else int(step[2][:9])
    path = session.path(message.id)
    if up >= len(path):
        raise UnknownAddress(
            f"{_shown(text)} goes above the first message; {len(path) - 1} stand above "
            f"{short_id(message.id)}."
        )
    return path[-1 - up]


def _newest_with(wanted: str, session: Session) -> Message:
    if not wanted.strip():
        raise UnknownAddress("After :/ write the text to look for.")
    folded = wanted.casefold()
    found = [message for message in session.visible() if folded in message.text.casefold()]
    if not found:
        raise UnknownAddress(f"No message in this session holds {_shown(wanted)}.")
    return found[-1]


def _known_labels(session: Session) -> str:
    labels = sorted(mark.label for mark in session.marks.values() if mark.label)
    if not labels:
        return "It has no labels yet; @ is the current leaf."
    shown = ", ".join(labels[:5])
    return f"Labels: {shown}{', …' if len(labels) > 5 else ''}."


def _shown(text: str) -> str:
    return repr(clean_line(text[:60]))
