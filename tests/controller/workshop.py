"""A desk whose model calls tools that ask, and a person who answers."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from conduit_tui.controller.controller import Controller
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.tooling import Tooling
from conduit_tui.controller.turn import Turn
from conduit_tui.core.consent import Act, Approval, Choice, Decision, Effect
from conduit_tui.core.events import (
    ApprovalNeeded,
    ApprovalSettled,
    Event,
    GenerationStopped,
    ToolCallDelta,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.rule import Rule
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.permissions import PermissionStore
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tools.tool import Surroundings, Tool, ToolContext
from conduit_tui.tools.toolbox import Toolbox
from tests.controller.desk import Desk

EFFECTS: dict[str, Effect] = {
    "look": "read",
    "write": "write",
    "shell": "run",
    "fetch": "network",
}


class Workshop(Desk):
    """Four tools that ask for what they were called with; `done` tells what they did."""

    def __init__(
        self, database: Database, *rules: Rule, has_person: bool = True, wider: str = ""
    ) -> None:
        super().__init__(database)
        self.done: list[str] = []
        self.wider = wider
        self.acts: dict[str, Act] = {}
        self.permissions = Permissions(
            self.ledger, PermissionStore(database), rules, has_person=has_person
        )
        toolbox = Toolbox([self._tool(name, effect) for name, effect in EFFECTS.items()])
        around = Surroundings(Path("/nowhere"))
        self.tooling = Tooling(
            toolbox, self.permissions, self.ledger, toolbox.names, lambda _: around
        )
        defaults = Defaults(system_prompt="Be kind.", max_steps=3)
        self.controller = Controller(self.ledger, self.models, self.tooling, defaults, self.cache)
        self.shelf = self.controller.shelf

    def calls(self, words: str, *calls: tuple[str, str], ids: Sequence[str] = ()) -> None:
        """Have the model answer these words with calls of tools, each with what it does."""
        script: list[ToolCallDelta | GenerationStopped] = [
            ToolCallDelta(
                index, ids[index] if ids else f"c{index}", name, json.dumps({"what": what})
            )
            for index, (name, what) in enumerate(calls)
        ]
        self.scripts[words] = (*script, GenerationStopped("tool_calls"))
        self.scripts[""] = ("Understood.", GenerationStopped("end_turn"))

    async def asked(self, count: int = 1, session: Session | None = None) -> tuple[Approval, ...]:
        """Wait until so many questions are open."""
        async with asyncio.timeout(20):
            while len(found := self.tooling.open_approvals(session)) != count:  # noqa: ASYNC110
                await asyncio.sleep(0)  # a turn of the loop; no time is waited for
        return found

    async def answer(self, choice: Choice, reason: str = "", at: int = 0, of: int = 1) -> None:
        """Wait for so many questions, and answer one of them."""
        approvals = await self.asked(of)
        assert self.tooling.answer(approvals[at].id, Decision(choice, reason))

    async def allow(self, session: Session, words: str, *choices: Choice) -> list[ToolResult]:
        """Send words and answer the questions that come, one after the other."""
        turn = self.controller.send(session, words)
        for choice in choices:
            await self.answer(choice)
        await ended(turn)
        return results(session)

    def _tool(self, name: str, effect: Effect) -> Tool:
        async def run(context: ToolContext, arguments: dict[str, Json]) -> str:
            what = str(arguments["what"])
            act = self.acts.get(what) or Act(name, effect, what, wider=self.wider)
            await context.permit(act)
            self.done.append(f"{name} {what}")
            return f"{name} did {what}"

        schema: dict[str, Json] = {"type": "object", "properties": {"what": {"type": "string"}}}
        return Tool(ToolSpec(name, f"Does {name}.", schema), run, effect, asks_itself=True)


async def reopened(workshop: Workshop, session: Session) -> Session:
    """The session as another start of the program finds it."""
    found = await SessionStore(workshop.database).load(session.id)
    assert found is not None
    return found


async def ended(turn: Turn) -> list[Event]:
    """All events of a turn."""
    async with asyncio.timeout(20):
        return [event async for event in turn.events()]


def results(session: Session) -> list[ToolResult]:
    """What the calls on the visible line came to."""
    return [one for message in session.path(session.leaf_id) for one in message.tool_results]


def outputs(session: Session) -> list[str]:
    return [result.output for result in results(session)]


def questions(events: Sequence[Event]) -> list[tuple[str, str]]:
    """What was asked and how that ended, in order."""
    found: list[tuple[str, str]] = []
    for event in events:
        match event:
            case ApprovalNeeded(approval):
                found.append((approval.act.subject, "asked"))
            case ApprovalSettled(approval, decision):
                found.append((approval.act.subject, decision.choice if decision else "nothing"))
            case _:
                pass
    return found
