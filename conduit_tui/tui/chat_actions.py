"""What keys do in the chat: one method for each action of the keymap."""

from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.core.errors import StorageError
from conduit_tui.tui.clipboard import copy
from conduit_tui.tui.message_actions import MessageActions

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

QUIT_HINT = "Ctrl+C again quits"

_NEED_ALL = {
    *("first_message", "previous_sibling", "next_sibling", "previous_own", "previous_block"),
    *("edit", "regenerate", "copy_block", "compare"),
}
"""Actions that look at messages far from the end of the line."""


class ChatActions:
    """Runs actions by their id in the keymap: `do_ID`, here or where they belong by what they do.

    `messages` act on what the cursor is on.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self.messages = MessageActions(screen)

    def run(self, action: str) -> None:
        """Run an action by its id, if need be when all messages have been read."""
        name = f"do_{action}"
        home = next(each for each in (self, self.messages) if hasattr(each, name))
        act = getattr(home, name)
        self._screen.when_whole(act) if action in _NEED_ALL else act()

    # Everywhere

    def do_escape(self) -> None:
        """Leave the innermost thing; then INSERT; in NORMAL cancel what streams on view."""
        screen = self._screen
        if screen.exploring.is_open:
            screen.exploring.leave()
        elif screen.transcript.has_focus and screen.finding.is_shown:
            screen.finding.leave()
        elif screen.composer.editing_id is not None:
            screen.composer.leave_edit()
            screen.refresh_status()
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
        self._screen.toggle_sidebar()

    def do_model(self) -> None:
        """Open the model picker."""
        self._screen.commands.pick_model()

    def do_new_session(self) -> None:
        """Begin a new session."""
        screen = self._screen
        session = screen.controller.shelf.new(screen.controller.model_of(screen.session))
        screen.run_worker(screen.show_session(session), group="open")
        screen.mode = "insert"

    def do_palette(self) -> None:
        """Open the command palette."""
        self._screen.application.action_command_palette()

    def do_interrupt(self) -> None:
        """Copy a selection, else cancel, else clear the prompt, else quit at the second press."""
        screen = self._screen
        if screen.prompt.has_selection:
            screen.say(f"copied {len(screen.prompt.copy_selection()):,} characters")
        elif selected := screen.get_selected_text():
            self.copy_text(selected)
            screen.clear_selection()
        elif screen.controller.running_at_leaf(screen.session):
            self.cancel()
        elif screen.prompt.text or screen.prompt.attachments or screen.composer.editing_id:
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
        """Stop the turn whose reply is on view; what came is kept."""
        screen = self._screen
        if turn := screen.controller.running_at_leaf(screen.session):
            screen.run_worker(screen.controller.cancel(turn.id), group="cancel")

    def jump(self, message_id: str) -> None:
        """Go to a message anywhere in the tree."""
        self._screen.when_whole(partial(self._jump, message_id))

    def _jump(self, message_id: str) -> None:
        screen = self._screen
        reply = screen.live.get(message_id)
        target = reply.draft.predecessor_id if reply else message_id
        structure = screen.controller.structure
        storing = structure.go(screen.session, target, is_exact=reply is not None)
        screen.refresh_path()  # not after storing: the next key acts on what this one did
        screen.transcript.cursor.put(message_id)
        screen.store(storing)

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
