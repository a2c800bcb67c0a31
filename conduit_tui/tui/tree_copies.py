"""What keys copy within the tree and out of it: one method for each action of the keymap."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from conduit_tui.controller.structure import Storing
from conduit_tui.core import structure
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import quoted
from conduit_tui.core.session import Session
from conduit_tui.tui.extracts import of_path
from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.tree_words import forked_title, messages
from conduit_tui.tui.tree_work import TreeWork

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class TreeCopies(TreeWork):
    """`do_ID` for forks, grafts and copied paths. Each session has a mark of its own for grafts."""

    def __init__(self, screen: "ChatScreen") -> None:
        super().__init__(screen)
        self._marked: WeakKeyDictionary[Session, str] = WeakKeyDictionary()

    @property
    def marked_id(self) -> str | None:
        """The message that is marked to be put elsewhere, while it is in sight."""
        session = self._screen.session
        marked = self._marked.get(session)
        is_there = marked is not None and marked in session and session.is_visible(marked)
        return marked if is_there else None

    def next_press(self) -> str:
        """What the next press does with the marked message, or nothing."""
        marked, keymap = self.marked_id, self._screen.keymap
        if marked is None:
            return ""
        copies, moves = keymap.hint("graft"), keymap.hint("move")
        name = quoted(self._screen.session[marked], 14)
        return f"{copies or '/graft'} copies {name}{f'  {moves} moves it' if moves else ''}"

    def do_mark_for_graft(self) -> None:
        """Mark the message to be put elsewhere; the marked one again: take the mark away."""
        message = self.chosen("mark")
        if message is None:
            return
        screen = self._screen
        session, root = screen.session, structure.calling(screen.session, message.id)
        if self.marked_id == root:
            del self._marked[session]
            words = "no longer marked"
        else:
            self._marked[session] = root
            count = sum(1 for _ in session.subtree(root))
            copies, moves = screen.keymap.hint("graft"), screen.keymap.hint("move")
            words = (
                f"marked {quoted(session[root], 14)} ({count:,}): {copies} copies, {moves} moves"
            )
        screen.refresh_path()
        self.hint(words)

    def do_graft(self) -> None:
        """Put a copy of what is marked below the message."""
        self._graft_marked(is_move=False)

    def do_move(self) -> None:
        """Put what is marked below the message instead of where it is."""
        self._graft_marked(is_move=True)

    def do_fork(self) -> None:
        """Copy the path down to the message to a new session."""
        if message := self.chosen("fork"):
            self.fork(message)

    def do_fork_subtree(self) -> None:
        """Copy the path down to the message, and all below it, to a new session."""
        if message := self.chosen("fork"):
            self.fork(message, with_subtree=True)

    def do_copy_path(self) -> None:
        """Copy the path down to the message as Markdown."""
        screen, shown = self._screen, self._screen.target.shown()
        if shown is not None and shown.id not in screen.session:
            screen.extracts.copy_path()  # it streams: the path on view, as far as it came
        elif message := self.chosen("copy"):
            path = screen.session.path(message.id)
            screen.run_worker(self.copy_messages(path), group="copy")

    # Also asked for by commands

    def fork(self, message: Message, *, with_subtree: bool = False) -> None:
        """Copy the path down to a message, maybe with all below it, to a session that opens."""
        screen, session = self._screen, self._screen.session
        forked = screen.controller.shelf.new_like(session)
        forked.title = forked_title(session.title)
        plan = structure.fork_subtree if with_subtree else structure.fork_path
        made = plan(session, message.id, forked.id)
        storing = self._structure.begin_fork(session, made, forked)
        screen.run_worker(self._show_fork(forked, storing, len(made.added)), group="open")

    def graft(self, message_id: str, onto_id: str, *, is_move: bool = False) -> None:
        """Put a message with all below it under another one."""
        screen, session = self._screen, self._screen.session
        if is_move and self.refuses(session, (message_id,), "move"):
            return
        try:
            if is_move:
                made = structure.move(session, message_id, onto_id, datetime.now(UTC))
            else:
                made = structure.graft(session, message_id, onto_id)
        except NotPossible as error:
            screen.say_problem(str(error))
            return
        verb = "move" if is_move else "graft"
        words = f"{verb} {quoted(session[message_id])} below {quoted(session[onto_id])}"
        self.done(session, self._structure.carry_out(session, made, words), made.added[0].id)
        told = "Moved" if is_move else "Copied"
        screen.notices.say_latest(
            f"{told} {messages(len(made.added))} here; {self.undo_key()} takes that back."
        )

    async def copy_messages(self, path: tuple[Message, ...]) -> None:
        """Copy messages as one Markdown text."""
        extract = await asyncio.to_thread(of_path, path, self._screen.session.title)
        self._screen.actions.copy_text(extract.text)

    def _graft_marked(self, *, is_move: bool) -> None:
        marked, screen = self.marked_id, self._screen
        if marked is None:
            key = screen.keymap.hint("mark_for_graft") or "/graft"
            screen.say(f"Nothing is marked. {key} marks the message to put here.")
        elif message := self.chosen("put it there"):
            self.graft(marked, message.id, is_move=is_move)

    async def _show_fork(self, forked: Session, storing: Storing, count: int) -> None:
        screen = self._screen
        screen.store(self.stored(storing))
        await screen.show_session(forked)
        known = any(action.id == "back" for action in ACTIONS)
        back = screen.keymap.hint("back") if known else ""
        there = f"{back} goes back" if back else "the list has the other one"
        screen.say(f"Forked {messages(count)} to a new session; {there}.")
