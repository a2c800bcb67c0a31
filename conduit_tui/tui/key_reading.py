"""Keys that no widget has taken, looked up in the keymap by where one is."""

from typing import TYPE_CHECKING

from textual import events

from conduit_tui.tui.chat_actions import COUNTED
from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.widgets.session_list import SessionList

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

# What the prompt does by itself when it has the keys.
_OF_THE_PROMPT = {each.id for each in ACTIONS if each.is_fixed and each.mode == "insert"}


class KeyReading:
    """Turns keys into actions of the chat screen."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def take(self, event: events.Key) -> None:
        """Act on a key; it is stopped unless nobody here wants it."""
        screen = self._screen
        is_typing = screen.mode in ("find", "command")
        if is_typing and screen.keymap.action_for(event.key, "insert") == "answer":
            event.stop()
            screen.mode = "normal"
            screen.answering.begin()
            return
        if is_typing and screen.keymap.action_for(event.key, "insert") == "search":
            event.stop()
            screen.search.open(screen.finding.typed_text)
            return
        match screen.mode:
            case "find":
                if screen.finding.take_key(event.key):
                    _stop(event)
            case "command":
                if event.key == "escape":
                    event.stop()
                    screen.mode = "normal"
            case "answer":
                screen.answering.take_key(event)
            case _:
                if self._goes_to_question(event.key):
                    _stop(event)
                    return
                if not await self._pane_takes(event.key):
                    self._look_up(event)

    def _goes_to_question(self, key: str) -> bool:
        """Whether Enter was pressed on a message that asks."""
        screen = self._screen
        reads = screen.mode == "normal" and screen.focused is screen.transcript
        return reads and key == "enter" and screen.answering.begin_at(screen.transcript.cursor_id)

    def _look_up(self, event: events.Key) -> None:
        screen, keymap = self._screen, self._screen.keymap
        typed = keymap.typed
        drops = bool(typed) and event.key == "escape"
        if drops:
            keymap.drop()
        action = None if drops else self._action_for(event.key)
        if action or typed or keymap.typed:
            _stop(event)
        if typed or keymap.typed:
            screen.refresh_status()
        if action:
            screen.actions.run(action, keymap.count)
        elif screen.mode == "insert" and event.is_printable and self._prompt_has_keys():
            # The prompt takes its letters itself; this one was typed before it had the keys.
            screen.prompt.paste(event.character or "")

    async def _pane_takes(self, key: str) -> bool:
        """Whether a key is the tree's own, which acts after this; a count is seen to before."""
        screen, tree, keymap = self._screen, self._screen.message_tree, self._screen.keymap
        if not (screen.target.is_in_tree and tree.has_focus):
            return False
        taken = screen.active_bindings.get(key)
        if taken is None or taken.node is not tree:
            return False
        action = keymap.action_for(key, "normal")
        for _ in range(keymap.count - 1 if action in COUNTED else 0):
            await screen.application.run_action(taken.binding.action, taken.node)
        keymap.drop()
        screen.refresh_status()
        return True

    def _action_for(self, key: str) -> str | None:
        """In the list of sessions letters belong to it, but for the way back to the prompt."""
        screen, keymap = self._screen, self._screen.keymap
        in_sessions = screen.query_one(SessionList).has_focus
        if screen.mode == "insert" or (in_sessions and not keymap.is_key_of("insert", key)):
            action = keymap.action_for(key, "insert")
            return None if action in _OF_THE_PROMPT else action
        return keymap.action_for(key, "normal")

    def _prompt_has_keys(self) -> bool:
        screen = self._screen
        return screen.focused is None or screen.prompt in screen.focused.ancestors


def _stop(event: events.Key) -> None:
    event.stop()
    event.prevent_default()
