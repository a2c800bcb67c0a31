"""Changes a person makes to the tree of a session: applied at once, stored, and undone again."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from weakref import WeakKeyDictionary

from conduit_tui.controller.ledger import Ledger, first_words
from conduit_tui.core import structure
from conduit_tui.core.change import Changes, SetAbsence, SetLeaf, SetTitle, apply
from conduit_tui.core.errors import NotPossible, StorageError
from conduit_tui.core.journal import Entry, Journal, Kind
from conduit_tui.core.marks import Absence
from conduit_tui.core.message import Message, new_id
from conduit_tui.core.session import Session
from conduit_tui.core.structure import Plan

log = logging.getLogger(__name__)

Storing = Coroutine[Any, Any, None]
"""Awaiting it stores what has been done already. Raises StorageError."""


class Structure:
    """Every change of a session's structure goes through here, and into its journal.

    `carry_out` changes the tree at once, so that the next key acts on what this one did; awaiting
    what it returns stores it. The session has to be whole.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._store = ledger.sessions
        self._journals: WeakKeyDictionary[Session, Journal] = WeakKeyDictionary()
        self._unstored: dict[Session, list[_Step]] = {}  # held until they are stored
        self._storing = asyncio.Lock()

    def carry_out(self, session: Session, plan: Plan, words: str) -> Storing:
        """Do what is planned. `words` name it in the journal: `prune "in 3 bullets"`."""
        return self._do(session, plan, "do", words)

    def go(self, session: Session, message_id: str, *, is_exact: bool = False) -> Storing:
        """Go to a message: its last visited leaf becomes current, or exactly itself.

        Going to where one is already leaves no step in the journal.
        """
        plan = structure.move_leaf(session, message_id, is_exact=is_exact)
        if plan.changes == (SetLeaf(session.leaf_id),):
            return _nothing()
        return self.carry_out(session, plan, f"go to {quoted(session[message_id])}")

    def rename(self, session: Session, title: str) -> Storing:
        """Give a session a title by hand; nothing generated overwrites it afterwards."""
        plan = Plan((SetTitle(title, is_manual=True),))
        return self.carry_out(session, plan, f"title {title!r}")

    def note_leaf(self, session: Session, left_id: str | None, words: str) -> Storing:
        """Take note that a message that was just placed took the leaf from `left_id`.

        Its commit stores the leaf; awaiting what is returned, after that, stores the step alone.
        """
        changes: Changes = (SetLeaf(session.leaf_id),)
        entry = _entry("do", words, changes, (SetLeaf(left_id),))
        return self._remember(session, _Step(entry, is_made=True))

    async def undo(self, session: Session) -> str | None:
        """Take back the last step; return its words, or None if there is none.

        Raises StorageError; the tree has changed then all the same.
        """
        return await self._turned_back(session, "undo")

    async def redo(self, session: Session) -> str | None:
        """Do again what was undone last; return its words, or None. Raises StorageError."""
        return await self._turned_back(session, "redo")

    def turn_back(self, session: Session, kind: Literal["undo", "redo"]) -> Storing | None:
        """Undo or redo at once, if there is something; the `journal` has to be known."""
        step = self.next_back(session, kind)
        if step is None:
            return None
        return self._do(session, Plan(step.inverse), kind, step.words, of=step.id)

    def next_back(self, session: Session, kind: Literal["undo", "redo"]) -> Entry | None:
        """The step that `turn_back` takes back."""
        journal = self._journals[session]
        return journal.next_undo() if kind == "undo" else journal.next_redo()

    def knows_journal(self, session: Session) -> bool:
        """Whether the steps of a session were read."""
        return session in self._journals

    async def restore_to(self, session: Session, entry_id: str | None, words: str) -> None:
        """Make the structure what it was right after a step; of None: before all of them.

        Messages that came since stay, in sight unless they hang on something that was not.
        Raises KeyError for an unknown step, and StorageError.
        """
        await self.journal(session)
        await self.return_to(session, entry_id, words)

    def return_to(self, session: Session, entry_id: str | None, words: str) -> Storing:
        """As `restore_to`, at once; the `journal` has to be known. Raises KeyError."""
        changes = self._journals[session].back_to(entry_id)
        return self._do(session, Plan(changes), "restore", words, of=entry_id)

    async def journal(self, session: Session) -> Journal:
        """The steps of a session, also from before this program started. Raises StorageError."""
        if (found := self._journals.get(session)) is not None:
            return found
        async with self._storing:
            journal = await self._store.journal(session.id)
            if (found := self._journals.get(session)) is not None:  # read by another meanwhile
                return found
            known = {entry.id for entry in journal}
            for step in self._unstored.get(session, ()):
                if step.entry.id not in known:
                    journal.add(step.entry)
            self._journals[session] = journal
        return journal

    def trash(self, session: Session) -> tuple[tuple[Message, Absence], ...]:
        """The pruned branches of a session, those pruned last first."""
        pruned = [
            (session[message_id], absence)
            for message_id, absence in session.absences.items()
            if absence.why == "pruned"
        ]
        return tuple(sorted(pruned, key=lambda each: each[1].since, reverse=True))

    async def erase(self, session: Session, message_id: str) -> int:
        """Remove a pruned message for good, with all below it; return how many. No undo.

        Their words go from the journal too, and from a title that was made of them. Raises
        NotPossible for what is in sight, and StorageError.
        """
        if session.absence(message_id) is None:
            raise NotPossible("Only what is in the trash can be erased.")
        await self._store_rest(session)
        gone = {message.id: message for message in session.everything_below(message_id)}
        words = _words_of_none_but(gone, session)
        if session.title in words and not session.title_is_manual:
            session.title = next(_titles(each for each in session if each.id not in gone), "")
            await self._store.set_title(session.id, session.title, manual=False)
        await self._store.erase_messages(session.id, list(gone), words)
        session.forget(gone)
        self._journals.pop(session, None)
        return len(gone)

    async def take_in(self, session: Session) -> tuple[Message, ...]:
        """Take in what another instance did to a session; return its messages.

        What was done here and is not stored yet stays done. Raises StorageError.
        """
        async with self._storing:
            added = await self._store.refresh(session)
            for step in self._unstored.get(session, ()):
                leaf = SetLeaf(session.leaf_id)
                apply(session, (*step.entry.changes, leaf))
            self._journals.pop(session, None)
        return added

    def begin_fork(self, session: Session, plan: Plan, forked: Session) -> Storing:
        """Put what a fork planned into a new session; awaiting what is returned stores it.

        `forked` is a new, empty session with the settings it is to have. No undo takes its
        beginning away.
        """
        words = f"fork of {session.title!r}"
        return self._do(forked, plan, "do", words, is_final=True)

    async def save_rest(self) -> None:
        """Store at the end what could not be stored when it was done, which was told then."""
        for session in tuple(self._unstored):
            try:
                await self._store_rest(session)
            except StorageError as error:
                log.warning("steps of a session not stored: %s", error)

    def _do(
        self,
        session: Session,
        plan: Plan,
        kind: Kind,
        words: str,
        of: str | None = None,
        *,
        is_final: bool = False,
    ) -> Storing:
        for message in plan.added:
            session.add(message)
            self._ledger.coming.add(message.id)
        inverse = apply(session, plan.changes)
        if plan.added:
            inverse += _without(session, plan.added)
        entry = _entry(kind, words, plan.changes, () if is_final else inverse, of)
        return self._remember(session, _Step(entry, plan.added))

    async def _turned_back(self, session: Session, kind: Literal["undo", "redo"]) -> str | None:
        await self.journal(session)
        step = self.next_back(session, kind)
        storing = self.turn_back(session, kind)
        if step is None or storing is None:
            return None
        await storing
        return step.words

    def _remember(self, session: Session, step: "_Step") -> Storing:
        self._unstored.setdefault(session, []).append(step)
        if (journal := self._journals.get(session)) is not None:
            journal.add(step.entry)
        return self._store_rest(session)

    async def _store_rest(self, session: Session) -> None:
        """Store what is not stored yet of a session's steps; what failed before is tried again."""
        async with self._storing:
            if session not in self._unstored:
                return
            await self._ledger.ensure_stored(session)
            await self._ledger.save_rest()  # what the steps are about has to be there
            waiting = self._unstored.get(session, [])
            leaf = None
            while waiting:
                step = waiting[0]
                if step.is_made:
                    await self._store.note(session.id, step.entry)
                else:
                    await self._store.record(session.id, step.entry, step.added)
                    leaf = next((c for c in step.entry.changes if isinstance(c, SetLeaf)), leaf)
                waiting.pop(0)
                if step.added:
                    self._ledger.coming.difference_update(each.id for each in step.added)
                    await self._ledger.save_rest()  # what was written below them meanwhile
            if leaf is not None and leaf.leaf_id != session.leaf_id:
                # The step was stored late: what was written since had taken the leaf already.
                await self._store.set_leaf(session.id, session.leaf_id)
            self._unstored.pop(session, None)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step that is not stored yet; `is_made`: its changes are."""

    entry: Entry
    added: tuple[Message, ...] = ()
    is_made: bool = False


def quoted(message: Message, most: int = 32) -> str:
    """The first words of a message in quotes, for the journal and for notices."""
    words = " ".join(message.text[:500].split())
    words = words or (message.error or message.role)
    return f'"{words}"' if len(words) <= most else f'"{words[: most - 1].rstrip()}…"'


def _words_of_none_but(gone: Mapping[str, Message], session: Session) -> set[str]:
    """How steps and titles name the messages that go, where they name no other one."""
    others = [message for message in session if message.id not in gone]
    quotes = {quoted(message) for message in gone.values()}
    quotes -= {quoted(message) for message in others}
    return quotes | (set(_titles(gone.values())) - set(_titles(others)))


def _titles(messages: Iterable[Message]) -> Iterator[str]:
    """The titles that a session may have from its messages."""
    titles = (first_words(message) for message in messages if message.role == "user")
    return (title for title in titles if title)


def _without(session: Session, added: Sequence[Message]) -> Changes:
    """What puts copies out of sight again, when a graft is undone."""
    ids = {message.id for message in added}
    now = datetime.now(UTC)
    return tuple(
        SetAbsence(message.id, Absence("undone", now))
        for message in added
        if message.predecessor_id not in ids and message.id in session
    )


def _entry(
    kind: Kind, words: str, changes: Changes, inverse: Changes, of: str | None = None
) -> Entry:
    return Entry(new_id(), datetime.now(UTC), kind, words, changes, inverse, of)


async def _nothing() -> None:
    """Store nothing."""
