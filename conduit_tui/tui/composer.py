"""The prompt's side of the chat: what is typed, sent, queued, edited and kept unsent."""

import asyncio
from typing import TYPE_CHECKING

from textual.timer import Timer

from conduit_tui.controller.turn import QueuedMessage, Turn
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import ConduitError, StorageError
from conduit_tui.core.message import Attachment
from conduit_tui.core.params import NO_CHANGES, ParamChanges
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.tui.editing import Editing
from conduit_tui.tui.param_lines import with_line
from conduit_tui.tui.pipe import PipeReader
from conduit_tui.tui.slash import COMMANDS, HOW_WITH, AsMessage, Invocation, Mistake, parse
from conduit_tui.tui.widgets.chips import kind_words
from conduit_tui.tui.widgets.completion import CommandHint

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

SAVE_AFTER_SECONDS = 0.6

Attachments = tuple[Attachment, ...]


class Composer:
    """Takes what the prompt posts and starts what it asks for."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._save_timer: Timer | None = None
        self._is_between = False  # the empty prompt is not yet what this session's draft is
        self._pipe: PipeReader | None = None
        self.editing = Editing(screen)

    def set_up(self) -> None:
        """Tell the prompt of the commands and what was sent before."""
        prompt = self._screen.prompt
        prompt.commands = [
            CommandHint(each.name, each.summary, each.argument_hint, each.enter_takes)
            for each in COMMANDS
        ]
        prompt.break_line_with(self._screen.keymap.names_of("newline"))
        prompt.on_empty_tab(self._screen.answering.begin_if_asked)
        prompt.complete_argument = self._screen.commands.arguments.of
        self._screen.run_worker(self._load_history(), group="history")

    def bring(self, start: Start) -> None:
        """Take what came from the command line: attach it, and send it if there is a prompt."""
        for words in start.notices:
            self._screen.say_problem(words)
        if start.attachments:
            self._screen.prompt.load(
                self._screen.prompt.text, (*self._screen.prompt.attachments, *start.attachments)
            )
        if start.pipe_fd is not None:
            work = self._read_pipe(start.pipe_fd, start.prompt)
            self._screen.run_worker(work, group="pipe")
        elif start.prompt:
            self.send_with_chips(start.prompt)

    def stop_reading(self) -> None:
        """End the reading of a pipe whose producer never does."""
        if self._pipe is not None:
            self._pipe.stop()

    def sent(self, text: str, attachments: Attachments) -> None:
        """Run a command, send an edit, queue behind a reply that streams, or send."""
        self._screen.notices.go_on()
        match parse(text, self._screen.params.efforts):
            case Invocation() as invocation:
                if attachments:  # they wait for the message that comes after the command
                    self._screen.prompt.load("", attachments)
                self._screen.commands.run(invocation)
            case Mistake(words):
                self._give_back(text, attachments, words)
            case AsMessage(words, params) if params and not words.strip() and not attachments:
                self._give_back(text, attachments, HOW_WITH)
            case AsMessage(words, params):
                self._send(words, attachments, params)

    def send_with_chips(self, prompt: str) -> None:
        """Send a text with the attachments that wait; what is typed stays."""
        attachments = tuple(self._screen.prompt.attachments)
        self._screen.prompt.load(self._screen.prompt.text, ())
        self._send(prompt, attachments)

    def clear(self) -> None:
        """Empty the prompt; its text goes to the history, where Up finds it."""
        prompt = self._screen.prompt
        if self.editing.message_id is not None:
            self.editing.leave()
            return
        if prompt.text.strip():
            self.remember(prompt.text)
        prompt.load("", ())
        self.changed()

    def show_queued(self, turn: Turn | None) -> None:
        """Show what waits behind the turn on view."""
        waiting = turn.queued if turn else []
        self._screen.prompt.show_queued([clean_line(message.text) for message in waiting])

    def take_back(self, index: int) -> None:
        """Bring a queued message back into the prompt."""
        turn = self._screen.controller.running_at_leaf(self._screen.session)
        if turn is None or index >= len(turn.queued):
            return
        self._put_back([turn.queued.pop(index)])
        self.show_queued(turn)

    def turn_over(self, turn: Turn, session: Session) -> None:
        """Send what waited behind a turn that went well; otherwise bring it back."""
        if not turn.queued:
            return
        last = session.get(turn.last_id)
        if last is not None and last.role == "assistant" and last.status == "complete":
            if following := self._screen.controller.send_queued(session, turn):
                self._screen.follow(following, session, keep_position=True)
            self.changed()  # it is no longer among what is unsent
            return
        waiting, turn.queued = turn.queued, []
        if session is self._screen.session:
            self._put_back(waiting)
        else:
            self._screen.run_worker(self._keep_elsewhere(session.id, waiting), group="unsent")

    def open_chip(self, index: int) -> None:
        """Show what is in an attachment."""
        from conduit_tui.tui.screens.text_view import TextView

        attachment = self._screen.prompt.attachments[index]
        if attachment.is_text:
            self._screen.application.push_screen(TextView(attachment.name, attachment.as_text()))
        else:
            self._screen.say(f"{attachment.name}: {kind_words(attachment)}, not text")

    def changed(self) -> None:
        """Save what is typed a moment after the last change."""
        self._screen.files.tell_what_is_not_seen()
        self._stop_save_timer()
        self._save_timer = self._screen.set_timer(SAVE_AFTER_SECONDS, self._save_soon)

    async def save_now(self) -> None:
        """Keep what is typed, and what was queued, with the session."""
        self._stop_save_timer()
        if not self._is_between:
            typed = self._typed()
            await self.keep_unsent(self._screen.session, *_joined(self._queued_here(), *typed))

    async def save_all(self) -> None:
        """Keep also what was queued in sessions that are not on view."""
        await self.save_now()
        for turn in list(self._screen.controller.running()):
            if turn.queued and turn.session_id != self._screen.session.id:
                await self._keep_elsewhere(turn.session_id, turn.queued)

    def take_unsent(self) -> tuple[str, Attachments]:
        """Empty the prompt, also of an edit, and return what was in it and not sent.

        What is queued is not among it: it stays with its turn.
        """
        unsent = self._typed()
        self._is_between = True
        self.editing.leave()
        self._screen.prompt.load("", ())
        return unsent

    async def keep_unsent(self, session: Session, text: str, attachments: Attachments) -> None:
        """Keep with a session what is to be in the prompt when it is opened again."""
        try:
            await self._screen.controller.shelf.save_prompt(session, text, attachments)
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
        self.changed()

    def _give_back(self, text: str, attachments: Attachments, words: str) -> None:
        self._screen.prompt.load(text, attachments)
        self._screen.say_problem(words)

    def _send(self, text: str, attachments: Attachments, params: ParamChanges = NO_CHANGES) -> None:
        screen = self._screen
        if not text.strip() and not attachments:
            return
        if objection := self.editing.objection(params):
            self._give_back(with_line(params, text), attachments, objection)
            return
        if params:
            screen.params.forget_told(params)
        if text.strip():
            self.remember(with_line(params, text))
        if warning := screen.meter.warning(text, attachments):
            screen.say_problem(warning)
        if self.editing.message_id is not None:
            self.editing.sent(text, attachments, params)
        elif running := screen.controller.running_at_leaf(screen.session):
            running.queued.append(QueuedMessage(text, attachments, params))
            self.show_queued(running)
        else:
            turn = screen.controller.send(screen.session, text, attachments, params=params)
            screen.follow(turn, screen.session)
        self.changed()

    def _put_back(self, messages: list[QueuedMessage]) -> None:
        prompt = self._screen.prompt
        prompt.load(*_joined(messages, prompt.text, tuple(prompt.attachments)))
        self.changed()

    async def _keep_elsewhere(self, session_id: str, messages: list[QueuedMessage]) -> None:
        shelf = self._screen.controller.shelf
        try:
            if session := await shelf.open(session_id):
                text, attachments = await shelf.load_prompt(session)
                await shelf.save_prompt(session, *_joined(messages, text, attachments))
        except StorageError as error:
            self._screen.say_problem(f"Not saved: {error}")

    def _typed(self) -> tuple[str, Attachments]:
        prompt = self._screen.prompt
        if self.editing.message_id is not None:
            changed = [QueuedMessage(prompt.text)] if self.editing.is_changed else []
            return _joined(changed, *self.editing.set_aside)
        return prompt.text, tuple(prompt.attachments)

    def _queued_here(self) -> list[QueuedMessage]:
        running = self._screen.controller.running(self._screen.session)
        return [message for turn in running for message in turn.queued]

    def remember(self, text: str) -> None:
        """Put a text into the history, where Up finds it."""
        prompt = self._screen.prompt
        prompt.history = [*prompt.history, text]
        self._screen.run_worker(self._add_history(text), group="history")

    def _stop_save_timer(self) -> None:
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None

    def _save_soon(self) -> None:
        self._screen.run_worker(self.save_now(), group="unsent", exclusive=False)

    async def _read_pipe(self, descriptor: int, prompt: str) -> None:
        self._pipe = PipeReader(descriptor)
        self._screen.say("Reading what is piped in…")
        try:
            piped = await asyncio.to_thread(self._pipe.read)
        except ConduitError as error:
            self._screen.say_problem(str(error))
        else:
            if piped.words:
                self._screen.say_problem(piped.words)
            if piped.attachment is not None:
                self._screen.prompt.attach(piped.attachment)
        if prompt:
            self.send_with_chips(prompt)

    async def _add_history(self, text: str) -> None:
        try:
            await self._screen.controller.shelf.add_history(text)
        except StorageError as error:
            self._screen.say_problem(f"Not saved: {error}")

    async def _load_history(self) -> None:
        try:
            history = await self._screen.controller.shelf.history()
        except StorageError as error:
            self._screen.say_problem(str(error))
        else:
            self._screen.prompt.history = list(history)


def _joined(
    messages: list[QueuedMessage], text: str, attachments: Attachments
) -> tuple[str, Attachments]:
    """Put messages before what is typed, a blank line between; values stay before the first."""
    texts = [*(message.text for message in messages), text]
    if messages:
        texts[0] = with_line(messages[0].params, texts[0])
    brought = [part for message in messages for part in message.attachments]
    return "\n\n".join(each for each in texts if each), (*brought, *attachments)
