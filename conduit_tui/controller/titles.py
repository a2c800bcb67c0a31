"""Generated titles: after the first exchange a model is asked, once, to name the session."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from weakref import WeakSet

from conduit_tui.controller.ledger import Ledger, first_words
from conduit_tui.controller.models import Models
from conduit_tui.controller.structure import Structure
from conduit_tui.controller.title_words import (
    INSTRUCTIONS,
    TITLE,
    first_exchange,
    question,
    title_of,
)
from conduit_tui.core.change import SetTitle
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.events import StructuredReceived, UsageReported
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message, Text, new_id
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.param_fit import fit
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.core.session import Session
from conduit_tui.core.structure import Plan
from conduit_tui.core.usage import Usage
from conduit_tui.providers.unsent import unsent

log = logging.getLogger(__name__)

LONGEST_SECONDS = 120.0
MOST_TOKENS = 2000
"""Enough for a model that thinks first, and no more than that."""


class Titles:
    """Asks for titles, each in a task of its own, so that nothing waits for them.

    A title a person gave is never replaced. What fails leaves the first words and a line in the
    log. What it used is counted, and no part of the conversation. `model` is asked in place of the
    session's own. While `is_on` is False, nobody is asked.
    """

    def __init__(
        self, ledger: Ledger, models: Models, structure: Structure, model: str | None = None
    ) -> None:
        self.is_on = False
        self.on_titled: Callable[[Session], None] = lambda _: None
        self._ledger = ledger
        self._models = models
        self._structure = structure
        self._model = model
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._asked: WeakSet[Session] = WeakSet()

    def turn_done(self, session: Session, model: str) -> None:
        """Ask for a title if the first exchange of a session has just ended well.

        `model` is what the session talks to.
        """
        path = session.path(session.leaf_id) if session.is_whole else ()
        is_first = sum(message.role == "user" for message in path) == 1
        if is_first and session not in self._asked and _has_first_words(session):
            self._ask(session, model)

    async def ask_again(self, session: Session, model: str) -> bool:
        """Let go of the title, also of one given by hand: the first words stand until a new one.

        Returns whether a model is asked for one. The session has to be whole. Raises StorageError.
        """
        root = first_exchange(session.path(session.leaf_id))[0]
        words = first_words(root) if root else ""
        if (session.title, session.title_is_manual) != (words, False):
            plan = Plan((SetTitle(words, is_manual=False),))
            await self._structure.carry_out(session, plan, "title by itself")
        return self._ask(session, model, may_reuse=False)

    async def aclose(self) -> None:
        """Stop asking."""
        self.is_on = False
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask(self, session: Session, model: str, *, may_reuse: bool = True) -> bool:
        path = session.path(session.leaf_id)
        name = self._model or model
        is_answered = first_exchange(path)[1] is not None
        if not self.is_on or not is_answered or self._is_script(model):
            return False
        if session.id in self._tasks:
            return True
        self._asked.add(session)
        work = self._generate(session, name, question(path), may_reuse=may_reuse)
        task = asyncio.create_task(work, name=f"title {session.id[:8]}")
        self._tasks[session.id] = task
        task.add_done_callback(partial(self._ended, session.id))
        return True

    def _is_script(self, model: str) -> bool:
        """Whether a session talks to a script, which knows no titles, and nobody else is named."""
        endpoint = self._models.endpoints.get(model.partition("/")[0])
        return self._model is None and endpoint is not None and endpoint.kind == "scripted"

    def _ended(self, session_id: str, task: "asyncio.Task[None]") -> None:
        del self._tasks[session_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("no title for %s", session_id[:8], exc_info=error)

    async def _generate(self, session: Session, model: str, words: str, *, may_reuse: bool) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                value = await self._answer(session, model, words, may_reuse=may_reuse)
            title = title_of(value)
            if title is None:
                log.info("no title for %s: the answer is none", session.id[:8])
            else:
                await self._give(session, title)
        except (ConduitError, TimeoutError) as error:
            log.info("no title for %s: %s", session.id[:8], type(error).__name__)

    async def _answer(self, session: Session, model: str, words: str, *, may_reuse: bool) -> Json:
        """What the model says, as a value; None if it says none. Raises ConduitError."""
        endpoint, provider, vendor_model = self._models.find(model)
        facts = self._models.facts(endpoint.name, vendor_model)
        params = fit(_params(facts), facts, unsent(endpoint, facts)).params
        message = _message(session.id, words)
        request = Request(vendor_model, (message,), params, facts=facts, may_reuse=may_reuse)
        found: Json = None
        usage: Usage | None = None
        try:
            async with aclosing(provider.stream(request)) as stream:
                async for event in stream:
                    match event:
                        case UsageReported():
                            usage = event.usage
                        case StructuredReceived(part, is_final=True):
                            found = part.value
                        case _:
                            pass
        finally:  # also of what came too late
            await self._count(message, endpoint.name, vendor_model, usage)
        return found

    async def _count(self, asked: Message, provider: str, model: str, usage: Usage | None) -> None:
        """Put on the odometer what a title used, under an id that no message has."""
        if usage is None:
            return
        now = datetime.now(UTC)
        used = replace(
            asked,
            id=new_id(),
            role="assistant",
            parts=(),
            provider=provider,
            model=model,
            usage=usage,
            created_at=now,
        )
        await self._ledger.sessions.count(await self._ledger.priced(used))

    async def _give(self, session: Session, title: str) -> None:
        """Set the title, unless a person gave one meanwhile, here or in another instance."""
        if not _has_first_words(session):
            return
        await self._ledger.save_rest()
        is_set = await self._ledger.sessions.set_title(session.id, title, manual=False)
        if is_set and _has_first_words(session):
            session.title = title
            self.on_titled(session)


def _has_first_words(session: Session) -> bool:
    """Whether the title is what a session is called until somebody names it."""
    if session.title_is_manual:
        return False
    roots = (message for message in session.children(None) if message.role == "user")
    return any(session.title == first_words(message) for message in roots)


def _params(facts: ModelFacts) -> Params:
    """Little thinking where the model is known to think, and a bound on all of it."""
    least = "minimal" if "minimal" in facts.efforts else "low"
    effort = least if facts.can("reasoning") else None
    return Params(system_prompt=INSTRUCTIONS, max_tokens=MOST_TOKENS, effort=effort, schema=TITLE)


def _message(session_id: str, words: str) -> Message:
    """A message of this request alone."""
    return Message(
        id=new_id(),
        session_id=session_id,
        predecessor_id=None,
        role="user",
        parts=(Text(words),),
        created_at=datetime.now(UTC),
    )
