"""What keys do in the chat: one method for each action of the keymap."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.controller.turn import Turn
from conduit_tui.core.errors import StorageError
from conduit_tui.tui.branch_actions import BranchActions
from conduit_tui.tui.clipboard import copy
from conduit_tui.tui.message_actions import MessageActions
from conduit_tui.tui.tree_actions import TreeActions
from conduit_tui.tui.tree_copies import TreeCopies
from conduit_tui.tui.tree_history import TreeHistory

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

QUIT_HINT = "Ctrl+C again quits"

_NEED_ALL = {
    *("first_message", "previous_sibling", "next_sibling", "previous_own", "previous_block"),
    *("edit", "edit_quietly", "regenerate", "regenerate_with", "continue_here"),
    *("copy_block", "compare"),
    *("parent", "first_child", "next_fork", "previous_fork", "next_star", "previous_star"),
    *("prune", "prune_others", "undo", "redo", "star", "label", "note"),
    *("fork", "fork_subtree", "mark_for_graft", "graft", "move", "copy_path"),
}
"""Actions that look at messages far from the end of the line."""

COUNTED = {
    *("next_message", "previous_message", "next_sibling", "previous_sibling"),
    *("next_own", "previous_own", "next_block", "previous_block", "find_next", "find_previous"),
    *("regenerate", "regenerate_with", "page_up", "page_down", "back", "forward"),
    *("parent", "first_child", "next_fork", "previous_fork", "next_star", "previous_star"),
}
"""Actions that take a number: `3r`, `5j`."""


class ChatActions:
    """Runs actions by their id in the keymap: `do_ID`, here or where they belong by what they do.

    `messages` act on what the cursor is on, `branches` go from one branch to another; `tree`,
    `copies` and `history` change the tree.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self.messages = MessageActions(screen)
        self.branches = BranchActions(screen)
        self.tree = TreeActions(screen)
        self.copies = TreeCopies(screen)
        self.history = TreeHistory(screen)
        self._homes = (
            *(self, self.messages, self.branches),
            *(self.tree, self.copies, self.history),
        )

    def run(self, action: str, count: int = 1) -> None:
        """Run an action by its id, if need be when all messages have been read."""
        act = self.method(action)
        if action in COUNTED:
            act = partial(act, count)
        self._screen.when_whole(act) if action in _NEED_ALL else act()

    def method(self, action: str) -> Callable[..., None]:
        """What runs an action. Raises StopIteration for one that nothing here does."""
        name = f"do_{action}"
        return getattr(next(home for home in self._homes if hasattr(home, name)), name)

    # Everywhere

    def do_escape(self) -> None:
        """Leave the innermost thing; then INSERT; in NORMAL cancel what streams on view.

        In the tree it cancels what streams under the cursor, else it goes to the transcript.
        """
        screen = self._screen
        if screen.exploring.is_open:
            screen.exploring.leave()
        elif screen.transcript.has_focus and screen.finding.is_shown:
            screen.finding.leave()
        elif turn := screen.target.turn_in_tree():
            self._cancel(turn)
        elif screen.composer.editing.message_id is not None:
            screen.composer.editing.give_up()
        elif screen.mode == "insert":
            screen.mode = "normal"
        elif screen.focused is not screen.transcript:
            screen.transcript.focus()
        else:
            self.cancel()

    def do_keys(self) -> None:
        """Show all keys."""
        from conduit_tui.tui.screens.keys import KeysScreen

        self._screen.application.push_screen(KeysScreen(self._screen.keymap))

    def do_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self._screen.side.toggle()

    def do_model(self) -> None:
        """Open the model picker."""
        self._screen.commands.models.pick()

    def do_answer(self) -> None:
        """Go to a question of a tool's."""
        self._screen.answering.begin()

    def do_new_session(self) -> None:
        """Begin a new session."""
        screen = self._screen
        session = screen.controller.shelf.new(screen.controller.model_of(screen.session))
        screen.run_worker(screen.show_session(session), group="open")
        screen.mode = "insert"

    def do_palette(self) -> None:
        """Open the command palette."""
        self._screen.application.action_command_palette()

    def do_search(self) -> None:
        """Search all sessions."""
        self._screen.search.open()

    def do_interrupt(self) -> None:
        """Copy a selection, else cancel, else clear the prompt, else quit at the second press."""
        screen = self._screen
        if screen.prompt.has_selection:
            screen.say(f"copied {len(screen.prompt.copy_selection()):,} characters")
        elif selected := screen.get_selected_text():
            self.copy_text(selected)
            screen.clear_selection()
        elif screen.target.turn():
            self.cancel()
        elif screen.prompt.text or screen.prompt.attachments or screen.composer.editing.message_id:
            screen.composer.clear()
        elif screen.status.hint == QUIT_HINT:
            self.do_quit()
        else:
            screen.status.hint = QUIT_HINT
            screen.refresh_status()

    def do_stop_pull(self) -> None:
        """Stop pulling a model."""
        self._screen.pulls.stop()

    def do_quit(self) -> None:
        """Keep everything and leave."""
        self._screen.run_worker(self._screen.leave(), group="quit", exclusive=True)

    # The prompt

    def do_newline(self) -> None:
        """Break the line in the prompt."""
        self._screen.prompt.paste("\n")

    def do_editor(self) -> None:
        """Write the prompt in an editor."""
        self._screen.run_worker(self._screen.prompt.edit_outside(), group="editor")

    def do_paste(self) -> None:
        """Attach the picture in the clipboard, or paste what was copied here."""
        screen = self._screen
        work = screen.files.paste(or_text=screen.application.clipboard)
        screen.run_worker(work, group="paste")

    # Also asked for by widgets and commands

    def cancel(self) -> None:
        """Stop the turn under the tree's cursor, else the one on view; what came is kept."""
        if turn := self._screen.target.turn():
            self._cancel(turn)

    def cancel_all(self) -> None:
        """Stop every turn of the session."""
        turns = list(self._screen.controller.running(self._screen.session))
        for turn in turns:
            self._cancel(turn)
        if not turns:
            self._screen.say("Nothing streams in this session.")

    def _cancel(self, turn: Turn) -> None:
        self._screen.run_worker(self._screen.controller.cancel(turn.id), group="cancel")

    def jump(self, message_id: str) -> None:
        """Go to a message anywhere in the tree."""
        self._screen.when_whole(partial(self._jump, message_id))

    def _jump(self, message_id: str) -> None:
        screen, session = self._screen, self._screen.session
        reply = None if message_id in session else screen.live.get(message_id)
        target = reply.draft.predecessor_id if reply else message_id
        if target not in session:
            screen.say("That message is gone.")
            return
        screen.places.leave()
        storing = None
        if reply is not None or not self._leads_to_what_streams(message_id):
            structure = screen.controller.structure
            storing = structure.go(session, target, is_exact=reply is not None)
        if reply is not None:
            session.awaited_id = message_id
        screen.refresh_path()  # not after storing: the next key acts on what this one did
        screen.transcript.cursor.put(message_id)
        if storing is not None:
            screen.store(storing)

    def _leads_to_what_streams(self, message_id: str) -> bool:
        """Whether what was visited last below a message is the reply that streams on view."""
        screen, session = self._screen, self._screen.session
        if screen.live.on_view(session) is None:
            return False
        return any(message.id == message_id for message in session.path(session.leaf_id))

    def copy_text(self, text: str) -> None:
        """Copy a text to the clipboard, and tell by which way."""
        self._screen.run_worker(self._copy(text), group="copy")

    def open_session(self, session_id: str) -> None:
        """Open a session of the list."""
        self._screen.run_worker(self._open(session_id), group="open", exclusive=True)

    async def _open(self, session_id: str) -> None:
        screen = self._screen
        try:
            session = await screen.controller.shelf.open(session_id)
        except StorageError as error:
            screen.say_problem(str(error))
            return
        if session is None:
            screen.say_problem("That session is gone; it was erased elsewhere.")
            screen.refresh_sessions()
        else:
            await screen.show_session(session)
            screen.mode = "insert"

    async def _copy(self, text: str) -> None:
        self._screen.say(await copy(self._screen.application, text, self._screen.environ))
