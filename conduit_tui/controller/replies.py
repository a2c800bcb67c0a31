"""From a message to its reply: what a model is sent, and the engine that gets the answer."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from conduit_tui.controller.counting import Sending
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.controller.recorder import Recorder
from conduit_tui.controller.roomier import WithAdvice
from conduit_tui.controller.shelf import Shelf
from conduit_tui.controller.titles import Titles
from conduit_tui.controller.tooling import Tooling
from conduit_tui.controller.turn import Turn
from conduit_tui.core.conversation import Conversation
from conduit_tui.core.errors import SettingsError, StorageError, UnknownModel
from conduit_tui.core.events import ParamsFitted, TurnEnded
from conduit_tui.core.message import Message
from conduit_tui.core.param_fit import fit
from conduit_tui.core.params import ParamChanges
from conduit_tui.core.schema import Schema
from conduit_tui.core.session import Session
from conduit_tui.engine.engine import Engine
from conduit_tui.providers.unsent import unsent


class Replies:
    """Has models answer, with what the session uses; `defaults` returns the usual as it is now."""

    def __init__(
        self,
        ledger: Ledger,
        models: Models,
        tooling: Tooling,
        shelf: Shelf,
        titles: Titles,
        defaults: Callable[[], Defaults],
    ) -> None:
        self._ledger = ledger
        self._models = models
        self._tooling = tooling
        self._shelf = shelf
        self._titles = titles
        self._defaults = defaults

    def sending(self, session: Session, above: str | None) -> Sending:
        """What a model would be sent with a message below `above`, the message itself apart."""
        defaults = self._defaults()
        model = defaults.model_of(session)
        endpoint = self._models.endpoints.get(model.partition("/")[0])
        takes_tools = endpoint is not None and endpoint.takes_tools
        guidance = self._tooling.guidance(session, takes_tools=takes_tools)
        words = (defaults.system_prompt_of(session), guidance)
        return Sending(
            line=session.path(above),
            model=model,
            system_prompt="\n\n".join(filter(None, words)) or None,
            tools=self._tooling.specs(session) if takes_tools else (),
        )

    async def give(
        self,
        turn: Turn,
        session: Session,
        last: Message,
        model: str | None,
        changes: ParamChanges,
        *,
        may_reuse: bool = True,
        schema: Schema | None = None,
    ) -> None:
        """Have the line down to `last` answered, step by step, until the turn has ended.

        `changes` and `schema` count for this turn alone; without `may_reuse` no kept reply does.
        What happens is published by the turn and kept as it happens.
        """
        name = model or self._defaults().model_of(session)
        try:
            endpoint, provider, vendor_model = self._models.find(name)
            await self._shelf.whole(session)
        except (SettingsError, StorageError, UnknownModel) as error:
            turn.publish(TurnEnded("error", error))
            return
        await self._tooling.load(session)
        defaults = self._defaults()
        tools = self._tooling.offered(session) if endpoint.takes_tools else ()
        facts = self._models.facts(endpoint.name, vendor_model)
        chosen = defaults.params_of(session).changed(changes)
        fitted = fit(chosen, facts, unsent(endpoint, facts), endpoint.name)
        if fitted.words:
            turn.publish(ParamsFitted(fitted.words))
        params = replace(
            fitted.params,
            system_prompt=defaults.system_prompt_of(session),
            tools=tools,
            skills=session.skills,
            schema=schema or fitted.params.schema,
        )
        recorder = Recorder(turn, session, self._ledger, provider.name, params)
        engine = Engine(
            provider=WithAdvice(provider, self._models),
            model=vendor_model,
            params=params,
            toolbox=self._tooling.workbench(session),
            commit=recorder.commit,
            max_steps=defaults.max_steps,
            facts=facts,
            may_reuse=may_reuse,
            guidance=self._tooling.guided_by(session.skills, tools),
        )
        try:
            async with aclosing(engine.run(Conversation(session.path(last.id)))) as events:
                async for event in events:
                    await recorder.watch(event)
                    if isinstance(event, TurnEnded) and event.reason == "done":
                        self._titles.turn_done(session, self._defaults().model_of(session))
                    turn.publish(event)
        finally:
            await recorder.aclose()
