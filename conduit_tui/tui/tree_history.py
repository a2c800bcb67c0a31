"""Undo, redo, the list of steps, and the trash of a session."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from conduit_tui.controller.structure import Storing
from conduit_tui.core import structure
from conduit_tui.core.change import Changes, SetAbsence, SetMark, SetTitle
from conduit_tui.core.errors import StorageError
from conduit_tui.core.journal import Entry
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import quoted
from conduit_tui.core.session import Session
from conduit_tui.tui.path_markdown import path_markdown
from conduit_tui.tui.tree_words import messages
from conduit_tui.tui.tree_work import TreeWork

if TYPE_CHECKING:
    from conduit_tui.tui.screens.pruned import PrunedBranch

Back = Literal["undo", "redo"]
_DONE = {"undo": "Undid", "redo": "Did again:"}
PREVIEWED = 40
"""Messages of a pruned branch that its preview shows."""


class TreeHistory(TreeWork):
    """`do_ID` for undo and redo; the dialogs of steps and of what was pruned."""

    def do_undo(self) -> None:
        """Take back the last change of the tree."""
        self._turn_back("undo")

    def do_redo(self) -> None:
        """Do again what was undone last."""
        self._turn_back("redo")

    async def show_steps(self) -> None:
        """List all steps; the chosen one is returned to."""
        from conduit_tui.tui.screens.reflog import FIRST, Reflog

        screen, session = self._screen, self._screen.session
        journal = await self._structure.journal(session)
        if not len(journal):
            screen.say("Nothing was changed in this tree yet.")
            return
        answer = await screen.ask(Reflog(journal, datetime.now(UTC)))
        if answer is None or session is not screen.session:
            return
        journal = await self._structure.journal(session)  # another instance may have gone on
        entries = list(journal)
        chosen = None if answer == FIRST else next((e for e in entries if e.id == answer), None)
        if chosen is None and answer != FIRST:
            screen.say_problem("That step is too long ago by now; nothing was changed.")
            return
        if chosen is entries[-1]:
            screen.say("It is like that already.")
            return
        words = f"go back to before {entries[0].words}" if chosen is None else _back_to(chosen)
        changes = journal.back_to(None if chosen is None else chosen.id)
        if not self.refuses(session, structure.hidden_by(session, changes), "restore"):
            entry_id = None if chosen is None else chosen.id
            storing = self._structure.return_to(session, entry_id, words)
            self._show(session, storing, changes)
            screen.say(f"The tree is as it was then; {self.undo_key()} takes that back.")

    async def show_pruned(self) -> None:
        """List what was pruned; the chosen branch is restored, or erased."""
        from conduit_tui.tui.screens.pruned import Pruned

        screen, session = self._screen, self._screen.session
        while branches := [*self._branches(session)]:
            answer = await screen.ask(Pruned(branches, partial(_preview, session)))
            if answer is None or answer[1] not in session:
                return
            what, message_id = answer
            if what == "restore":
                self._restore(session, message_id)
                return
            if self.refuses(session, (message_id,), "erase"):
                return
            count = await screen.controller.erase(session, message_id)
            screen.refresh_path()
            screen.refresh_sessions()
            screen.say(f"Erased {messages(count)}.")
        screen.say("Nothing is in the trash of this session.")

    def _turn_back(self, kind: Back) -> None:
        session = self._screen.session
        if self._structure.knows_journal(session):
            self._turn_back_now(session, kind)
        else:
            self._screen.run_worker(self._turn_back_then(session, kind), group="journal")

    async def _turn_back_then(self, session: Session, kind: Back) -> None:
        try:
            await self._structure.journal(session)
        except StorageError as error:
            self._screen.say_problem(str(error))
        else:
            self._turn_back_now(session, kind)

    def _turn_back_now(self, session: Session, kind: Back) -> None:
        screen = self._screen
        step = self._structure.next_back(session, kind)
        if step is None:
            screen.notices.say_latest(f"Nothing to {kind}.")
            return
        hidden = structure.hidden_by(session, step.inverse)
        if self.refuses(session, hidden, kind):
            return
        lost = sum(_is_new(each) for root in hidden for each in session.subtree(root))
        storing = self._structure.turn_back(session, kind)
        if storing is not None:
            self._show(session, storing, step.inverse)
            screen.notices.say_latest(self._told(kind, step, lost if kind == "undo" else 0))

    def _told(self, kind: Back, step: Entry, lost: int) -> str:
        keymap = self._screen.keymap
        if kind == "redo":
            return f"{_DONE[kind]} {step.words}."
        went = f" What was written there since, {messages(lost)}, went along." if lost else ""
        key = keymap.hint("redo") or "/redo"
        return f"{_DONE[kind]} {step.words}; {key} does it again.{went}"

    def _show(self, session: Session, storing: Storing, changes: Changes) -> None:
        is_listed = any(isinstance(change, SetTitle) for change in changes)
        self.done(session, storing, _cursor_after(session, changes), is_listed=is_listed)

    def _restore(self, session: Session, message_id: str) -> None:
        message = session[message_id]
        plan = structure.restore(session, message_id)
        storing = self._structure.carry_out(session, plan, f"restore {quoted(message)}")
        self.done(session, storing, message_id)
        self._screen.say(f"Restored {quoted(message)}.")

    def _branches(self, session: Session) -> "Iterator[PrunedBranch]":
        from conduit_tui.tui.screens.pruned import PrunedBranch

        for message, absence in self._structure.trash(session):
            lost = structure.loss(session, (message.id,))
            whole = sum(1 for _ in session.everything_below(message.id))
            yield PrunedBranch(message.id, quoted(message, 60), lost, whole, absence.since)


def _back_to(entry: Entry) -> str:
    verb = "" if entry.kind in ("do", "restore") else f"{entry.kind} of "
    return f"go back to after {verb}{entry.words}"


def _is_new(message: Message) -> bool:
    return message.copy_of is None


def _cursor_after(session: Session, changes: Changes) -> str | None:
    """The message that changes brought back or marked, if it is in sight."""
    for change in changes:
        match change:
            case SetAbsence(message_id, None) | SetMark(message_id):
                if message_id in session and session.is_visible(message_id):
                    return message_id
            case _:
                pass
    return None


def _preview(session: Session, message_id: str) -> str:
    """The beginning of a pruned branch, down to where one was last."""
    line = session.path(session.leaf_below(message_id))
    start = next(at for at, message in enumerate(line) if message.id == message_id)
    branch = line[start:]
    rest = len(branch) - PREVIEWED
    more = f"\n… {messages(rest)} more\n" if rest > 0 else ""
    return path_markdown(branch[:PREVIEWED]) + more
