"""What is typed and not sent, kept with its session and brought back."""

from typing import TYPE_CHECKING

from textual.timer import Timer

from conduit_tui.controller.turn import QueuedMessage
from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Attachment
from conduit_tui.core.session import Session
from conduit_tui.tui.param_lines import with_line

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

SAVE_AFTER_SECONDS = 0.6

Attachments = tuple[Attachment, ...]


class KeptDrafts:
    """Keeps the prompt of the session on view, and what is queued in any session."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._save_timer: Timer | None = None
        self._is_between = False  # the empty prompt is not yet what this session's draft is

    def save_later(self) -> None:
        """Save what is typed a moment after the last change."""
        self._stop_save_timer()
        self._save_timer = self._screen.set_timer(SAVE_AFTER_SECONDS, self._save_soon)

    async def save_now(self) -> None:
        """Keep what is typed, and what was queued, with the session."""
        self._stop_save_timer()
        if not self._is_between:
            typed = self._typed()
            await self.keep_unsent(self._screen.session, *joined(self._queued_here(), *typed))

    async def save_all(self) -> None:
        """Keep also what was queued in sessions that are not on view."""
        await self.save_now()
        for turn in list(self._screen.controller.running()):
            if turn.queued and turn.session_id != self._screen.session.id:
                await self.keep_elsewhere(turn.session_id, turn.queued)

    def take_unsent(self) -> tuple[str, Attachments]:
        """Empty the prompt, also of an edit, and return what was in it and not sent.

        What is queued is not among it: it stays with its turn.
        """
        unsent = self._typed()
        self._is_between = True
        self._screen.composer.editing.leave()
        self._screen.prompt.load("", ())
        return unsent

    async def keep_unsent(self, session: Session, text: str, attachments: Attachments) -> None:
        """Keep with a session what is to be in the prompt when it is opened again."""
        try:
            await self._screen.controller.shelf.save_prompt(session, text, attachments)
        except StorageError as error:
            self._screen.say_problem(f"Not saved: {error}")

    async def keep_elsewhere(self, session_id: str, messages: list[QueuedMessage]) -> None:
        """Keep messages that were queued with a session that is not on view."""
        shelf = self._screen.controller.shelf
        try:
            if session := await shelf.open(session_id):
                text, attachments = await shelf.load_prompt(session)
                await shelf.save_prompt(session, *joined(messages, text, attachments))
        except StorageError as error:
            self._screen.say_problem(f"Not saved: {error}")

    async def load_unsent(self) -> None:
        """Bring back what was typed in this session and not sent; what is typed since follows."""
        session = self._screen.session
        try:
            text, attachments = await self._screen.controller.shelf.load_prompt(session)
        except StorageError as error:
            self._screen.say_problem(str(error))
        else:
            prompt = self._screen.prompt  # not before: at the start the screen is being built
            if session is self._screen.session and (text or attachments):
                prompt.load(text + prompt.text, (*attachments, *prompt.attachments))
        self._is_between = False
        self._screen.composer.changed()

    def _stop_save_timer(self) -> None:
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None

    def _save_soon(self) -> None:
        self._screen.run_worker(self.save_now(), group="unsent", exclusive=False)

    def _typed(self) -> tuple[str, Attachments]:
        prompt, editing = self._screen.prompt, self._screen.composer.editing
        if editing.message_id is not None:
            changed = [QueuedMessage(prompt.text)] if editing.is_changed else []
            return joined(changed, *editing.set_aside)
        return prompt.text, tuple(prompt.attachments)

    def _queued_here(self) -> list[QueuedMessage]:
        running = self._screen.controller.running(self._screen.session)
        return [message for turn in running for message in turn.queued]


def joined(
    messages: list[QueuedMessage], text: str, attachments: Attachments
) -> tuple[str, Attachments]:
    """Put messages before what is typed, a blank line between; values stay before the first."""
    texts = [*(message.text for message in messages), text]
    if messages:
        texts[0] = with_line(messages[0].params, texts[0])
    brought = [part for message in messages for part in message.attachments]
    return "\n\n".join(each for each in texts if each), (*brought, *attachments)
