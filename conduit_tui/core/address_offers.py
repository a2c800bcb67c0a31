"""What an address that is being typed may become: labels, forms of `@`, and recent messages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from conduit_tui.core.address import (
    SHORT_DIGITS,
    TEXT_SIGN,
    id_digits,
    is_range,
    resolve,
    short_id,
)
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import row_words
from conduit_tui.core.session import Session

MOST_OFFERS = 50
MOST_LOOKED_AT = 2000
"""Of how many messages, from the newest on, the first words are looked at."""
_SHOWN_WORDS = 100
_FEWEST_LETTERS = 2

Offers = list[tuple[str, str]]


def offers(session: Session, partial: str) -> Offers:
    """Return addresses that may be meant, each with words about its message.

    What is typed already comes first if it is an address; then labels, `@` with its parent and
    siblings, and the short ids of messages in sight, newest first. What does not begin with
    `partial` has it among its first words. Of a path that is being typed, its end is completed.
    """
    head, typed = _split_path(partial)
    found = dict(_matching(session, typed))
    return [(head + address, words) for address, words in islice(found.items(), MOST_OFFERS)]


def described(message: Message) -> str:
    """Who a message is from, and its first words."""
    return f"{speaker(message)}: {row_words(message)[:_SHOWN_WORDS]}"


def speaker(message: Message) -> str:
    """Who a message is from, in a word: `you`, or the model's name."""
    match message.role:
        case "user":
            return "you"
        case "assistant":
            return clean_line(message.model or "model")
        case other:
            return other


def address_of(message: Message, session: Session) -> str:
    """The shortest address by id that is this message's alone, at least a short id."""
    return addresses_of([message], session)[0]


def addresses_of(messages: Sequence[Message], session: Session) -> list[str]:
    """Ids cut as short as they can be, so that neither another id nor a label is meant by them."""
    if not messages:
        return []
    taken = Counter(short_id(message.id) for message in session)
    labels = {mark.label for mark in session.marks.values() if mark.label}
    return [
        short
        if taken[short := short_id(message.id)] == 1 and _can_stand(short, labels)
        else _longer(message, session, labels)
        for message in messages
    ]


def _split_path(partial: str) -> tuple[str, str]:
    if not is_range(partial):
        return "", partial
    first, dots, last = partial.partition("..")
    return first + dots, last


def _matching(session: Session, typed: str) -> Iterator[tuple[str, str]]:
    exact = _meant(session, typed) if typed else None
    if exact is not None:
        yield typed, described(exact)
    if typed.startswith(TEXT_SIGN):
        words = typed.removeprefix(TEXT_SIGN).strip()
        yield from _with_words(session, words) if words else ()
        return
    wanted = typed.casefold()
    for address in (*_label_forms(session), *_leaf_forms(session)):
        message = _meant(session, address)
        if message is not None and address.casefold().startswith((wanted, f"@{wanted}")):
            yield address, described(message)
    newest_first = _newest_first(session)
    by_id = [message for message in newest_first if message.id.startswith(wanted)]
    yield from _with_addresses(islice(by_id, MOST_OFFERS), session)
    if len(wanted) >= _FEWEST_LETTERS:
        yield from _with_words(session, wanted)


def _with_words(session: Session, words: str) -> Iterator[tuple[str, str]]:
    wanted = words.casefold()
    recent = islice(_newest_first(session), MOST_LOOKED_AT)
    holding = (message for message in recent if wanted in message.text[:_SHOWN_WORDS].casefold())
    return _with_addresses(islice(holding, MOST_OFFERS), session)


def _label_forms(session: Session) -> list[str]:
    labels = ((mark.label, each) for each, mark in session.marks.items() if mark.label)
    return sorted(f"@{label}" for label, each in labels if session.is_visible(each))


def _leaf_forms(session: Session) -> Iterator[str]:
    leaf = session.get(session.leaf_id)
    if leaf is None:
        return
    yield from ("@", "@^", "@~2", "@~3")
    number, count = session.position(leaf)
    yield from (f"@^{each}" for each in range(1, min(count, 9) + 1) if each != number)


def _newest_first(session: Session) -> list[Message]:
    return list(session.visible())[::-1]


def _meant(session: Session, address: str) -> Message | None:
    try:
        return resolve(address, session)
    except UnknownAddress:
        return None


def _with_addresses(messages: Iterable[Message], session: Session) -> Iterator[tuple[str, str]]:
    found = list(messages)
    for message, address in zip(found, addresses_of(found, session), strict=True):
        yield address, described(message)


def _longer(message: Message, session: Session, labels: set[str]) -> str:
    same = [other.id for other in session if short_id(other.id) == short_id(message.id)]
    for size in range(SHORT_DIGITS, len(message.id)):
        cut = message.id[:size]
        if _can_stand(cut, labels) and sum(each.startswith(cut) for each in same) == 1:
            return cut
    return message.id


def _can_stand(cut: str, labels: set[str]) -> bool:
    """Whether an id that was cut is still read as one."""
    return id_digits(cut) == cut and cut not in labels
