"""One exchange of `ask`: opens the controller, sends, and shows the events as they come."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from conduit_tui.commands.continuing import Place, find_place
from conduit_tui.commands.interruption import Interruption
from conduit_tui.commands.news import News
from conduit_tui.commands.printers import Printer
from conduit_tui.commands.question import Question, UsageMistake
from conduit_tui.commands.reply import Reply
from conduit_tui.controller.controller import Controller
from conduit_tui.controller.models import GUIDE
from conduit_tui.controller.turn import Turn
from conduit_tui.core.answer_text import sources_list
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import AuthenticationFailed, ToolError
from conduit_tui.core.events import MessageCommitted, StructuredReceived, TextDelta
from conduit_tui.core.message import Attachment
from conduit_tui.core.schema import Schema
from conduit_tui.core.session import Session
from conduit_tui.core.sight import left_out_words
from conduit_tui.runtime import open_controller
from conduit_tui.settings import Settings


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with everything it needs, and where its answer goes."""

    question: Question
    settings: Settings
    prompt: str
    attachments: tuple[Attachment, ...]
    printer: Printer
    news: News
    reply: Reply
    schema: Schema | None = None

    async def run(self) -> None:
        """Ask, and show the answer. Raises ConduitError for what prevents asking.

        The first signal stops the turn; what had arrived is kept and shown.
        """
        with Interruption() as interruption:
            opening = open_controller(
                self.settings, save=self.question.save, allowed=self.question.allow
            )
            async with opening as controller:
                for notice in controller.notices:
                    self.news.say(clean_line(notice))
                self.reply.is_saved = controller.is_saving
                await self._ask(controller, interruption)
            self.reply.signal_number = interruption.signal_number

    async def _ask(self, controller: Controller, interruption: Interruption) -> None:
        await self._check_allowed(controller)
        place = await self._find_place(controller)
        session = place.session
        model = self._choose_model(controller, session)
        once = self.question.params
        if session.leaf_id is None:  # a new session keeps what it was begun with
            session.model = model
            if once:
                session.params = controller.params_of(session)
        self._tell_what_is_not_seen(controller, model)
        if interruption.signal_number is not None:
            return
        turn = controller.send(
            session,
            self.prompt,
            self.attachments,
            model=model,
            after=place.after,
            params=once,
            schema=self.schema,
        )
        watching = asyncio.create_task(_cancel_at(interruption, controller, turn))
        try:
            await self._show(controller, session, turn)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _check_allowed(self, controller: Controller) -> None:
        if self.question.allow:
            await controller.tooling.load()
            try:
                for rule in self.question.allow:
                    controller.tooling.check_name(rule.partition("(")[0].strip())
            except ToolError as error:
                raise UsageMistake(str(error)) from error

    async def _find_place(self, controller: Controller) -> Place:
        question = self.question
        if question.address is not None:
            place = await find_place(controller, question.address, question.session)
        elif not question.continue_last:
            return Place(controller.shelf.new())
        elif (last := await controller.shelf.open_last()) is not None:
            place = Place(last)
        else:
            self.news.say("There is no last session to continue; this is a new one.")
            return Place(controller.shelf.new())
        if question.system_prompt is not None:
            await controller.shelf.set_system_prompt(place.session, question.system_prompt)
        return place

    def _choose_model(self, controller: Controller, session: Session) -> str:
        """The model's full name. The guide answers only where it was asked for by name."""
        if name := self.question.model or session.model or self.settings.model:
            return controller.models.full_name(name)
        if controller.defaults.model == GUIDE:
            raise AuthenticationFailed(_no_key(controller))
        return controller.defaults.model

    def _tell_what_is_not_seen(self, controller: Controller, model: str) -> None:
        if self.attachments:
            endpoint, _, name = controller.models.find(model)
            facts = controller.models.facts(endpoint.name, name)
            way_out = "Choose another with -m."
            if words := left_out_words(self.attachments, facts, endpoint, way_out):
                self.news.say(words)

    async def _show(self, controller: Controller, session: Session, turn: Turn) -> None:
        async with aclosing(turn.events()) as events:
            async for event in events:
                self.reply.take(event)
                match event:
                    case TextDelta(text):
                        self.news.end_line()
                        await self.printer.write(text)
                    case StructuredReceived(part, is_final):
                        self.news.end_line()
                        self.printer.show(part.value, is_final=is_final)
                    case MessageCommitted(message):
                        if message.text and (sources := sources_list(message.citations)):
                            gap = "\n" if message.text.endswith("\n") else "\n\n"
                            await self.printer.write(f"{gap}{sources}\n")
                        self.printer.end_message()
                        if message.role == "user" and self.question.address is None:
                            await controller.shelf.keep_open(session)
                    case _ if self.news.takes(event):
                        self.printer.pause()
                    case _:
                        pass
                self.news.tell(event)


async def _cancel_at(interruption: Interruption, controller: Controller, turn: Turn) -> None:
    await interruption.wait()
    await controller.cancel(turn.id)


def _no_key(controller: Controller) -> str:
    endpoints = controller.models.endpoints.values()
    variable = next((name for each in endpoints for name in each.api_key_env), "a provider's key")
    return (
        f"There is no key for any model: set {variable} or another provider's variable, or name a "
        f"model with -m. {GUIDE} is a script that needs no key."
    )
