"""What keys do in the chat: one method for each action of the keymap."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.core.answer_text import answer_text
from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Message, Role
from conduit_tui.core.params import NO_CHANGES, ParamChanges
from conduit_tui.tui.chat_jumps import to_block, to_own
from conduit_tui.tui.clipboard import copy

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

QUIT_HINT = "Ctrl+C again quits"

_NEED_ALL = {
    *("first_message", "previous_sibling", "next_sibling", "previous_own", "previous_block"),
    *("edit", "regenerate", "copy_block"),
}
"""Actions that look at messages far from the end of the line."""


class ChatActions:
    """Runs actions by their id in the keymap: `do_ID`."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def run(self, action: str) -> None:
        """Run an action by its id, if need be when all messages have been read."""
        act = getattr(self, f"do_{action}")
        self._screen.when_whole(act) if action in _NEED_ALL else act()

    # Everywhere

    def do_escape(self) -> None:
        """Leave the innermost thing; then INSERT; in NORMAL cancel what streams on view."""
        screen = self._screen
        if screen.transcript.has_focus and screen.finding.is_shown:
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

    # Messages

    def do_insert(self) -> None:
        """Give the keys to the prompt."""
        self._screen.mode = "insert"

    def do_command(self) -> None:
        """Open the command line."""
        self._screen.mode = "command"

    def do_find(self) -> None:
        """Open the find line."""
        self._screen.finding.open()

    def do_find_next(self) -> None:
        """Go to the next match."""
        self._screen.finding.step(1)

    def do_find_previous(self) -> None:
        """Go to the match before."""
        self._screen.finding.step(-1)

    def do_next_message(self) -> None:
        """Move the cursor down a message."""
        self._screen.transcript.cursor.move(1)

    def do_previous_message(self) -> None:
        """Move the cursor up a message."""
        self._screen.transcript.cursor.move(-1)

    def do_first_message(self) -> None:
        """Move the cursor to the first message."""
        self._screen.transcript.cursor.to_start()

    def do_last_message(self) -> None:
        """Move the cursor to the last message."""
        self._screen.transcript.cursor.to_end()

    def do_page_up(self) -> None:
        """Scroll the transcript up a page."""
        self._screen.transcript.scroll_page_up(animate=False)

    def do_page_down(self) -> None:
        """Scroll the transcript down a page."""
        self._screen.transcript.scroll_page_down(animate=False)

    def do_follow(self) -> None:
        """Go to the end of the transcript and stay there while more comes."""
        if self._screen.mode == "normal":
            self.do_last_message()
        else:
            self._screen.transcript.follow_end()

    def do_previous_sibling(self) -> None:
        """Go to the sibling before."""
        self._to_sibling(-1)

    def do_next_sibling(self) -> None:
        """Go to the sibling after."""
        self._to_sibling(1)

    def do_fold(self) -> None:
        """Fold or unfold what the cursor is on."""
        self._screen.transcript.toggle_fold(self._screen.transcript.cursor_id)

    def do_fold_all(self) -> None:
        """Fold or unfold all thinking and tools of the path."""
        self._screen.transcript.toggle_asides()

    def do_edit(self) -> None:
        """Bring a message's text into the prompt."""
        message = self._target() if self._screen.mode == "normal" else self._last("user")
        if message is None or message.role not in ("user", "assistant"):
            self._screen.say("Nothing to edit here. Move to a message of yours with j and k.")
        else:
            self._screen.composer.begin_edit(message)

    def do_regenerate(self, params: ParamChanges = NO_CHANGES) -> None:
        """Ask again for the reply the cursor is on; `params` are for this once."""
        screen = self._screen
        message = self._target() if screen.mode == "normal" else self._leaf()
        if message is None:
            screen.say("Nothing to ask again: this session is empty.")
        elif message.id == screen.session.leaf_id and screen.controller.running_at_leaf(
            screen.session
        ):
            screen.say("A reply is on its way; Ctrl+C cancels it.")
        else:
            turn = screen.controller.regenerate(screen.session, message.id, params=params)
            screen.follow(turn, screen.session)

    def do_copy(self) -> None:
        """Copy the message under the cursor as Markdown."""
        message = self.message_at_cursor()
        if message is None or not (text := answer_text(message)):
            self._screen.say("Nothing to copy here.")
        else:
            self.copy_text(text)

    def do_copy_block(self) -> None:
        """Choose a block of code to copy, write or open."""
        self._screen.extracts.choose()

    def do_write(self) -> None:
        """Write the message under the cursor to a file."""
        self._screen.extracts.write()

    def do_open(self) -> None:
        """Open the message under the cursor outside."""
        self._screen.extracts.open()

    def do_previous_own(self) -> None:
        """Go to the message of one's own before."""
        to_own(self._screen, -1)

    def do_next_own(self) -> None:
        """Go to the message of one's own after."""
        to_own(self._screen, 1)

    def do_previous_block(self) -> None:
        """Go to the block of code before."""
        to_block(self._screen, -1)

    def do_next_block(self) -> None:
        """Go to the block of code after."""
        to_block(self._screen, 1)

    def do_tree(self) -> None:
        """Give the keys to the tree."""
        self._screen.show_tree()

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
        shelf = screen.controller.shelf
        storing = shelf.switch(screen.session, target, is_exact=reply is not None)
        screen.refresh_path()  # not after storing: the next key acts on what this one did
        screen.transcript.cursor.put(message_id)
        screen.run_worker(storing, group="leaf")

    def message_at_cursor(self) -> Message | None:
        """The message the keys act on, a reply that streams as far as it came."""
        return self._reply_at_cursor() or self._target()

    def copy_text(self, text: str) -> None:
        """Copy a text to the clipboard, and tell by which way."""
        self._screen.run_worker(self._copy(text), group="copy")

    def open_session(self, session_id: str) -> None:
        """Open a session of the list."""
        self._screen.run_worker(self._open(session_id), group="open", exclusive=True)

    def _to_sibling(self, step: int) -> None:
        ids, here = self._siblings()
        wanted = here + step
        if not ids:
            return
        if 0 <= wanted < len(ids):
            self.jump(ids[wanted])
        else:
            edge = "first" if step < 0 else "last"
            words = "No sibling." if len(ids) == 1 else f"This is the {edge} of {len(ids)}."
            self._screen.say(words)

    def _siblings(self) -> tuple[list[str], int]:
        """The siblings of what the cursor is on, a reply that streams last; and which it is."""
        screen = self._screen
        message = self._target()
        if message is None:
            return [], 0
        streaming = screen.live.get(screen.transcript.cursor_id or "")
        above = streaming.draft.predecessor_id if streaming else message.predecessor_id
        ids = [sibling.id for sibling in screen.session.children(above)]
        reply = screen.live.below(above)
        if reply is not None:
            ids.append(reply.message_id)
        here = reply.message_id if streaming and reply else message.id
        return ids, ids.index(here)

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

    def _target(self) -> Message | None:
        """The message under the cursor, else the leaf."""
        screen = self._screen
        found = screen.session.get(screen.transcript.cursor_id) if screen.mode == "normal" else None
        return found or self._leaf()

    def _reply_at_cursor(self) -> Message | None:
        """The reply that streams under the cursor, in INSERT at the end, as far as it came."""
        screen = self._screen
        if screen.mode == "insert":
            reply = screen.live.below(screen.session.leaf_id)
        else:
            reply = screen.live.get(screen.transcript.cursor_id or "")
        if reply is None:
            return None
        return reply.draft.seal("interrupted", datetime.now(UTC))

    def _leaf(self) -> Message | None:
        return self._screen.session.get(self._screen.session.leaf_id)

    def _last(self, role: Role) -> Message | None:
        path = self._screen.session.path(self._screen.session.leaf_id)
        return next((message for message in reversed(path) if message.role == role), None)
