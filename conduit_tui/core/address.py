"""One grammar for naming a message, everywhere.

    1f3a9c        a short id: the first digits of an id, at least four
    best, @best   a label; the first form gives way to a whole id, and goes before a short one
    @             the current leaf
    X^            what is right above X; `^^` two above
    X~3           three above X; `~` is `~1`
    X^2           the second of the siblings of X that are in sight, in order of creation
    :/text        the newest message in sight whose text holds `text`, in any case
    A..B          the path between A and B, both included; an end left out is the leaf

X is an id, a label or `@`; what follows may be repeated: `@~3^2`. An id, a label, `^` and `~` reach
also what was pruned.
"""

import re

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

SHORT_DIGITS = 7
FEWEST_DIGITS = 4
TEXT_SIGN = ":/"

_STEPS = re.compile(r"\^([0-9]*)|~([0-9]*)")
_ADDRESS = re.compile(r"([^\^~]*)((?:[\^~][0-9]*)*)")
_DIGITS = re.compile(rf"[0-9a-fA-F]{{{FEWEST_DIGITS},}}")
_LONGEST_NUMBER = 9
_LONGEST_SHOWN = 60


def short_id(message_id: str) -> str:
    """The first digits of an id, as they are shown."""
    return message_id[:SHORT_DIGITS]


def is_range(text: str) -> bool:
    """Whether an address names a path and not one message."""
    text = text.strip()
    return ".." in text and not text.startswith(TEXT_SIGN)


def id_digits(text: str) -> str | None:
    """The digits of the short id that an address begins with, if it begins with one.

    Of a path, the first of its ends that does so.
    """
    text = text.strip()
    ends = text.split("..", 1) if is_range(text) else [text]
    found = (_ADDRESS.match(end) for end in ends)
    bases = (match[1] for match in found if match and _DIGITS.fullmatch(match[1]))
    return next((base.lower() for base in bases), None)


def resolve(text: str, session: Session) -> Message:
    """Return the message at an address. The session has to be whole.

    Raises UnknownAddress, in words, if there is none or if it could mean several.
    """
    text = text.strip()
    if text.startswith(TEXT_SIGN):
        return _newest_with(text.removeprefix(TEXT_SIGN).strip(), session)
    if is_range(text):
        raise UnknownAddress(f"{_shown(text)} names a path. Here one message is wanted.")
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
    if not is_range(text):
        return (resolve(text, session),)
    first, _, last = (end.strip() or "@" for end in text.strip().partition(".."))
    up = session.path(resolve(first, session).id)
    down = session.path(resolve(last, session).id)
    shared = sum(1 for one, other in zip(up, down, strict=False) if one is other)
    if not shared:
        raise UnknownAddress(
            f"There is no path between {_shown(first)} and {_shown(last)}: they stand below "
            "different first messages."
        )
    return (*reversed(up[shared:]), *down[shared - 1 :])


def _base(name: str, session: Session) -> Message:
    if name == "":
        raise UnknownAddress("An address begins with an id, a label, @ or :/. @^ is the parent.")
    if name == "@":
        return _leaf(session)
    if (exact := session.get(name)) is not None:
        return exact
    label = name.removeprefix("@")
    if (labelled := session.labelled(label)) is not None:
        return labelled
    if name.startswith("@"):
        raise UnknownAddress(f"No message is labelled {_shown(label)}. {_known_labels(session)}")
    return _by_id(name, session)


def _leaf(session: Session) -> Message:
    leaf = session.get(session.leaf_id)
    if leaf is not None:
        return leaf
    if len(session):
        raise UnknownAddress("Everything in this session is pruned; there is no @. Name an id.")
    raise UnknownAddress("This session is empty; there is no @ yet.")


def _by_id(name: str, session: Session) -> Message:
    digits = name.lower()
    is_id = _DIGITS.fullmatch(name) is not None
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
            more = ", …" if len(found) > 4 else ""
            raise UnknownAddress(f"{_shown(name)} could be {several}{more}. Write more digits.")


def _step(message: Message, step: re.Match[str], session: Session, text: str) -> Message:
    if step[1]:
        return _sibling(message, _number(step[1]), session, text)
    wanted = _number(step[2]) if step[2] else 1
    above = message
    for passed in range(wanted):
        parent = session.get(above.predecessor_id)
        if parent is None:
            raise UnknownAddress(_too_high(message, passed, text))
        above = parent
    return above


def _too_high(message: Message, count: int, text: str) -> str:
    if not count:
        return f"{_shown(text)}: {short_id(message.id)} is the first message; nothing is above it."
    only = "is only one message" if count == 1 else f"are only {count} messages"
    return f"{_shown(text)}: there {only} above {short_id(message.id)}; ~{count} is the top."


def _sibling(message: Message, number: int, session: Session, text: str) -> Message:
    above = message.predecessor_id
    is_in_sight = above is None or session.is_visible(above)
    siblings = session.siblings(message.id) if is_in_sight else ()
    if 1 <= number <= len(siblings):
        return siblings[number - 1]
    name = short_id(message.id)
    match siblings:
        case ():
            known = f"{name} is pruned, and no sibling of it is in sight"
        case (only,) if only is message:
            known = f"{name} has no siblings; ^1 is itself, and ^ alone is its parent"
        case (_,):
            known = f"{name} has one sibling in sight, ^1"
        case _:
            known = f"siblings at {name} are ^1 to ^{len(siblings)}"
    raise UnknownAddress(f"{_shown(text)}: {known}.")


def _number(digits: str) -> int:
    """A number, however long it was written; beyond a billion none of ours goes."""
    significant = digits.lstrip("0")
    return int(significant[:_LONGEST_NUMBER] or 0)


def _newest_with(wanted: str, session: Session) -> Message:
    if not wanted:
        raise UnknownAddress("After :/ write the text to look for.")
    folded = wanted.casefold()
    newest_first = reversed(list(session.visible()))
    found = next((each for each in newest_first if folded in each.text.casefold()), None)
    if found is None:
        raise UnknownAddress(f"No message in this session holds {_shown(wanted)}.")
    return found


def _known_labels(session: Session) -> str:
    labels = sorted(mark.label for mark in session.marks.values() if mark.label)
    if not labels:
        return "It has no labels yet; @ is the current leaf."
    shown = ", ".join(map(clean_line, labels[:5]))
    return f"Labels: {shown}{', …' if len(labels) > 5 else ''}."


def _shown(text: str) -> str:
    shown = clean_line(text[:_LONGEST_SHOWN])
    return repr(f"{shown}…" if len(text) > _LONGEST_SHOWN else shown)
