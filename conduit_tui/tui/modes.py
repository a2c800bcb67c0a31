"""Who has the keys in each mode of the chat, and how a click elsewhere changes the mode."""

from typing import TYPE_CHECKING, Literal, TypeAlias

from textual.widget import Widget

from conduit_tui.tui.widgets.command_line import CommandLine
from conduit_tui.tui.widgets.find_line import FindLine
from conduit_tui.tui.widgets.session_list import SessionList

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

ChatMode: TypeAlias = Literal["insert", "normal", "command", "find", "answer"]
"""What keys do: type, act, write a command line, look for words, or answer a tool."""


class Modes:
    """Keeps the mode of the chat and the widget that has the keys in step."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def entered(self, mode: ChatMode) -> None:
        """Give the keys to whom they belong in this mode."""
        screen = self._screen
        screen.keymap.drop()
        screen.transcript.cursor_shown = mode in ("normal", "find", "answer")
        if mode != "answer":
            screen.answering.left()
        if mode == "insert":
            screen.finding.end()
            screen.target.read_tree(False)
            screen.exploring.end()
        if mode == "command":
            screen.query_one(CommandLine).open()
        elif mode != "find":
            screen.query_one(CommandLine).close()
            screen.query_one(FindLine).close()
            in_tree = screen.exploring.is_open or screen.target.is_in_tree
            reader = screen.message_tree if in_tree else screen.transcript
            (screen.prompt if mode == "insert" else reader).focus()
        screen.refresh_status()

    def focus_moved(self, widget: Widget) -> None:
        """Change the mode as a key would: the prompt, the transcript or the tree was clicked."""
        screen = self._screen
        is_tree = widget is screen.message_tree
        if screen.exploring.is_open and screen.focused is screen.message_tree and not is_tree:
            return  # the tree has the keys by now
        if is_tree or widget is screen.transcript:
            screen.target.read_tree(is_tree)
            if not is_tree:
                screen.exploring.end()
            screen.mode = "normal" if is_tree or screen.mode != "answer" else "answer"
            screen.answering.keep_reason()
        elif screen.prompt in widget.ancestors_with_self:
            screen.mode = "insert"
        elif isinstance(widget, SessionList):
            screen.answering.lose_keys()
        screen.refresh_status()
