"""The prompt's side of the chat: what is typed, sent, queued and edited."""

import asyncio
from typing import TYPE_CHECKING

from conduit_tui.controller.turn import QueuedMessage, Turn
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import ConduitError, StorageError
from conduit_tui.core.params import NO_CHANGES, ParamChanges
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.tui.editing import Editing
from conduit_tui.tui.kept_drafts import Attachments, joined
from conduit_tui.tui.param_lines import with_line
from conduit_tui.tui.pipe import PipeReader
from conduit_tui.tui.slash import COMMANDS, HOW_WITH, AsMessage, Invocation, Mistake, parse
from conduit_tui.tui.widgets.chips import kind_words
from conduit_tui.tui.widgets.completion import CommandHint

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class Composer:
    """Takes what the prompt posts and starts what it asks for."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
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
            work = self._screen.drafts.keep_elsewhere(session.id, waiting)
            self._screen.run_worker(work, group="unsent")

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
        self._screen.drafts.save_later()

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
        prompt.load(*joined(messages, prompt.text, tuple(prompt.attachments)))
        self.changed()

    def remember(self, text: str) -> None:
        """Put a text into the history, where Up finds it."""
        prompt = self._screen.prompt
        prompt.history = [*prompt.history, text]
        self._screen.run_worker(self._add_history(text), group="history")

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
