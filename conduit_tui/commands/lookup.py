"""Which saved session a command line means, and which of its messages."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from conduit_tui.commands.question import UsageMistake
from conduit_tui.controller.shelf import LAST_SESSION
from conduit_tui.core.address import FEWEST_DIGITS, id_digits, resolve_path, short_id
from conduit_tui.core.amounts import counted
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.core.summary import SessionSummary

MOST_LISTED = 10
LONGEST_TITLE = 60

Load = Callable[[str], Awaitable[Session | None]]
"""Loads a session with all its messages; None if there is none of this id."""


class Archive(Protocol):
    """What is asked of the saved sessions. Every method may raise StorageError."""

    async def summaries(self) -> Sequence[SessionSummary]:
        """The sessions that are not in the trash."""
        ...

    async def recall(self, key: str) -> str | None:
        """A value that was remembered."""
        ...

    async def ids_with(self, digits: str) -> Sequence[tuple[str, str]]:
        """A few of the messages whose id begins with digits: their ids and sessions."""
        ...


async def find_session(archive: Archive, load: Load, named: str | None) -> Session:
    """Return the session that is named by its id or its title; None: the one that was open last.

    Raises UsageMistake if there is none, or if several could be meant.
    """
    if named is not None:
        return await _loaded(load, _named(await archive.summaries(), named))
    last = await archive.recall(LAST_SESSION)
    session = await load(last) if last else None
    if session is not None:
        return session
    summaries = await archive.summaries()
    if not summaries:
        raise UsageMistake('There is no session yet. conduit-tui ask "..." begins one.')
    return await _loaded(load, max(summaries, key=lambda each: each.updated_at).id)


async def find_messages(
    archive: Archive, load: Load, address: str, named: str | None
) -> tuple[Session, tuple[Message, ...]]:
    """Return the messages at an address, in order, and their session.

    An id that is not in the session that is named, or was open last, is looked for in all of them.
    Raises UsageMistake and UnknownAddress.
    """
    session = await find_session(archive, load, named)
    try:
        return session, resolve_path(address, session)
    except UnknownAddress as error:
        digits = id_digits(address)
        if digits is None or any(message.id.startswith(digits) for message in session):
            raise UnknownAddress(f"{error} (Session {title_of(session)!r}.)") from error
    elsewhere = await _loaded(load, _only_session(await archive.ids_with(digits), digits))
    return elsewhere, resolve_path(address, elsewhere)


def title_of(session: Session | SessionSummary) -> str:
    """A title on one clean line, cut where it is long."""
    return _cut(session.title) or "(untitled)"


async def _loaded(load: Load, session_id: str) -> Session:
    session = await load(session_id)
    if session is None:
        raise UsageMistake(f"Session {short_id(session_id)} is not there any more.")
    return session


def _named(summaries: Sequence[SessionSummary], named: str) -> str:
    wanted = named.strip().casefold()
    if not wanted:
        raise UsageMistake("The session's name is empty: write a part of its title, or its id.")
    is_id = id_digits(wanted) == wanted
    titled = [each for each in summaries if each.title.strip().casefold() == wanted]
    fitting = [
        each
        for each in summaries
        if wanted in each.title.casefold() or (is_id and each.id.startswith(wanted))
    ]
    match (titled, fitting):
        case ([only], _) | (_, [only]):
            return only.id
        case (_, []):
            raise UsageMistake(
                f"No session has {_cut(named)!r} in its title, or an id that begins so "
                f"(at least {FEWEST_DIGITS} digits)."
            )
        case _:
            raise UsageMistake(_several(fitting, named))


def _several(sessions: Sequence[SessionSummary], named: str) -> str:
    newest = sorted(sessions, key=lambda each: each.updated_at, reverse=True)
    lines = [f"  {short_id(each.id)}  {title_of(each)}" for each in newest[:MOST_LISTED]]
    if len(newest) > MOST_LISTED:
        lines.append(f"  and {len(newest) - MOST_LISTED:,} more")
    return "\n".join(
        [
            f"{_cut(named)!r} could be {counted(len(newest), 'session', 'sessions')}:",
            *lines,
            "Write more of the title, or the id.",
        ]
    )


def _cut(text: str) -> str:
    line = clean_line(text[: LONGEST_TITLE + 1]).strip()
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _only_session(found: Sequence[tuple[str, str]], digits: str) -> str:
    shown = repr(digits[:60])
    match found:
        case []:
            raise UnknownAddress(f"No message of any session has an id that begins with {shown}.")
        case [(_, session_id)]:
            return session_id
        case _:
            several = ", ".join(message_id[: len(digits) + 4] for message_id, _ in found[:4])
            raise UnknownAddress(f"{shown} could be {several}. Write more digits.")
