"""Changes a person makes to the tree of a session: applied at once, stored, and undone again."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from conduit_tui.controller.ledger import Ledger
from conduit_tui.core import structure
from conduit_tui.core.change import Changes, SetAbsence, SetLeaf, SetTitle, apply
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.journal import Entry, Journal, Kind
from conduit_tui.core.marks import Absence
from conduit_tui.core.message import Message, new_id
from conduit_tui.core.session import Session
from conduit_tui.core.structure import Plan

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
        self._unstored: WeakKeyDictionary[Session, list[_Step]] = WeakKeyDictionary()
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
        return await self._turn_back(session, "undo")

    async def redo(self, session: Session) -> str | None:
        """Do again what was undone last; return its words, or None. Raises StorageError."""
        return await self._turn_back(session, "redo")

    async def restore_to(self, session: Session, entry_id: str | None, words: str) -> None:
        """Make the structure what it was right after a step; of None: before all of them.

        Messages that came since stay, in sight unless they hang on something that was not.
        Raises KeyError for an unknown step, and StorageError.
        """
        changes = (await self.journal(session)).back_to(entry_id)
        await self._do(session, Plan(changes), "restore", words, of=entry_id)

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

        Raises NotPossible for what is in sight, and StorageError.
        """
        if session.absence(message_id) is None:
            raise NotPossible("Only what is in the trash can be erased.")
        gone = [message.id for message in session.everything_below(message_id)]
        await self._ledger.save_rest()
        await self._store.erase_messages(session.id, gone)
        session.forget(gone)
        return len(gone)

    async def fork(self, session: Session, plan: Plan, forked: Session) -> None:
        """Store a new session that holds what a fork planned. Raises StorageError.

        `forked` is a new, empty session with the settings it is to have.
        """
        await self._ledger.ensure_stored(forked)
        await self.carry_out(forked, plan, f"fork of {session.title!r}")

    def _do(
        self, session: Session, plan: Plan, kind: Kind, words: str, of: str | None = None
    ) -> Storing:
        for message in plan.added:
            session.add(message)
        inverse = apply(session, plan.changes)
        if plan.added:
            inverse += _without(session, plan.added)
        entry = _entry(kind, words, plan.changes, inverse, of)
        return self._remember(session, _Step(entry, plan.added))

    async def _turn_back(self, session: Session, kind: Kind) -> str | None:
        journal = await self.journal(session)
        step = journal.next_undo() if kind == "undo" else journal.next_redo()
        if step is None:
            return None
        await self._do(session, Plan(step.inverse), kind, step.words, of=step.id)
        return step.words

    def _remember(self, session: Session, step: "_Step") -> Storing:
        self._unstored.setdefault(session, []).append(step)
        if (journal := self._journals.get(session)) is not None:
            journal.add(step.entry)
        return self._store_rest(session)

    async def _store_rest(self, session: Session) -> None:
        """Store what is not stored yet of a session's steps; what failed before is tried again."""
        async with self._storing:
            await self._ledger.ensure_stored(session)
            await self._ledger.save_rest()  # what the steps are about has to be there
            waiting = self._unstored.get(session, [])
            while waiting:
                step = waiting[0]
                if step.is_made:
                    await self._store.note(session.id, step.entry)
                else:
                    await self._store.record(session.id, step.entry, step.added)
                waiting.pop(0)


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
