"""What keys do to a message and along the path: one method for each action of the keymap."""

from typing import TYPE_CHECKING

from conduit_tui.core.answer_text import answer_text, tools_text
from conduit_tui.tui.chat_jumps import to_block, to_own
from conduit_tui.tui.widgets.live_scroll import LiveScroll

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class MessageActions:
    """`do_ID` for actions in NORMAL: the cursor, and what it is on."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def do_insert(self) -> None:
        """Give the keys to the prompt."""
        self._screen.mode = "insert"

    def do_command(self) -> None:
        """Open the command line."""
        self._screen.mode = "command"

    def do_find(self) -> None:
        """Open the find line."""
        self._screen.target.read_tree(False)
        self._screen.finding.open()

    def do_find_next(self, count: int = 1) -> None:
        """Go to the next match."""
        for _ in range(count if self._screen.finding.is_shown else 1):
            self._screen.finding.step(1)

    def do_find_previous(self, count: int = 1) -> None:
        """Go to the match before."""
        for _ in range(count if self._screen.finding.is_shown else 1):
            self._screen.finding.step(-1)

    def do_next_message(self, count: int = 1) -> None:
        """Move the cursor down a message."""
        for _ in range(count):
            self._screen.transcript.cursor.move(1)

    def do_previous_message(self, count: int = 1) -> None:
        """Move the cursor up a message."""
        for _ in range(count):
            self._screen.transcript.cursor.move(-1)

    def do_first_message(self) -> None:
        """Move the cursor to the first message."""
        self._screen.transcript.cursor.to_start()

    def do_last_message(self) -> None:
        """Move the cursor to the last message."""
        self._screen.transcript.cursor.to_end()

    def do_page_up(self, count: int = 1) -> None:
        """Scroll up a page."""
        for _ in range(count):
            self._view.scroll_page_up(animate=False)

    def do_page_down(self, count: int = 1) -> None:
        """Scroll down a page."""
        for _ in range(count):
            self._view.scroll_page_down(animate=False)

    def do_half_page_up(self) -> None:
        """Scroll up half a page."""
        self._view.scroll_half(-1)

    def do_half_page_down(self) -> None:
        """Scroll down half a page."""
        self._view.scroll_half(1)

    def do_follow(self) -> None:
        """Go to the end of the transcript and stay there while more comes."""
        if self._screen.mode == "normal":
            self.do_last_message()
        else:
            self._screen.transcript.follow_end()

    def do_fold(self) -> None:
        """Fold or unfold what the cursor is on."""
        self._screen.transcript.toggle_fold(self._screen.transcript.cursor_id)

    def do_fold_all(self) -> None:
        """Fold or unfold all thinking and tools of the path."""
        self._screen.transcript.toggle_asides()

    def do_edit(self) -> None:
        """Bring a message's text into the prompt."""
        self._edit()

    def do_edit_quietly(self) -> None:
        """Bring a message's text into the prompt, for a sibling that nobody answers."""
        self._edit(is_quiet=True)

    def _edit(self, *, is_quiet: bool = False) -> None:
        message = (
            self._screen.target.message()
            if self._screen.mode == "normal"
            else self._screen.target.last("user")
        )
        if message is None or message.role not in ("user", "assistant"):
            self._screen.say("Nothing to edit here. Move to a message of yours with j and k.")
        else:
            self._screen.composer.editing.begin(message, is_quiet=is_quiet)

    def do_copy(self) -> None:
        """Copy the message under the cursor as Markdown."""
        message = self._screen.target.shown()
        if message is None or not (text := answer_text(message) or tools_text(message)):
            self._screen.say("Nothing to copy here.")
        else:
            self._screen.actions.copy_text(text)

    def do_copy_block(self) -> None:
        """Choose a block of code to copy, write or open."""
        self._screen.extracts.choose()

    def do_write(self) -> None:
        """Write the message under the cursor to a file."""
        self._screen.extracts.write()

    def do_open(self) -> None:
        """Open the message under the cursor outside."""
        self._screen.extracts.open()

    def do_previous_own(self, count: int = 1) -> None:
        """Go to the message of one's own before."""
        to_own(self._screen, -1, count)

    def do_next_own(self, count: int = 1) -> None:
        """Go to the message of one's own after."""
        to_own(self._screen, 1, count)

    def do_previous_block(self, count: int = 1) -> None:
        """Go to the block of code before."""
        to_block(self._screen, -1, count)

    def do_next_block(self, count: int = 1) -> None:
        """Go to the block of code after."""
        to_block(self._screen, 1, count)

    def do_sessions(self) -> None:
        """Give the keys to the list of sessions."""
        self._screen.side.show_sessions()

    def do_tree(self) -> None:
        """Give the keys to the tree."""
        self._screen.side.show_tree()

    def do_explore(self) -> None:
        """Give the tree the whole screen, or leave it."""
        self._screen.exploring.toggle()

    def do_compare(self) -> None:
        """Show two siblings side by side."""
        self._screen.comparing.begin()

    @property
    def _view(self) -> LiveScroll:
        """What scrolls: the transcript, or the preview while that stands in its place."""
        exploring = self._screen.exploring
        return exploring.preview if exploring.is_open else self._screen.transcript
