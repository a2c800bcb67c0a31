"""Whole turns whose tools misbehave: every call is answered, stored, and sent again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conduit_tui.controller.controller import Controller
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.tooling import Tooling
from conduit_tui.core.events import GenerationStopped, ToolCallDelta, TurnEnded
from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec
from conduit_tui.storage.database import Database
from conduit_tui.storage.permissions import PermissionStore
from conduit_tui.tools.tool import Surroundings, Tool, ToolContext
from conduit_tui.tools.toolbox import MOST_OUTPUT_CHARACTERS, Toolbox
from tests.controller.desk import Desk
from tests.controller.workshop import ended, outputs, results


class Asylum(Desk):
    """A desk with one tool that does as it is told."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.hangs = asyncio.Event()
        spec = ToolSpec("odd", "Odd.", {"type": "object"})
        toolbox = Toolbox(
            [Tool(spec, self.run, effect="none", asks_itself=True)],
            time_limit_seconds=0.05,
            grace_seconds=0.01,
        )
        self.tooling = Tooling(
            toolbox,
            Permissions(self.ledger, PermissionStore(database)),
            self.ledger,
            ("odd",),
            lambda _: Surroundings(Path("/nowhere")),
        )
        self.controller = Controller(
            self.ledger, self.models, self.tooling, Defaults(max_steps=3), self.cache
        )
        self.shelf = self.controller.shelf

    async def run(self, _: ToolContext, arguments: dict[str, Json]) -> str:
        match arguments.get("do"):
            case "exit":
                raise SystemExit(3)
            case "interrupt":
                raise KeyboardInterrupt
            case "hang":
                await asyncio.Event().wait()
            case "swallow":
                self.hangs.set()
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    return "after all"
            case "flood":
                return "\ud800\x1b[2J" * MOST_OUTPUT_CHARACTERS
            case "number":
                return 7  # type: ignore[return-value]
            case _:
                pass
        return "done"

    def calls(self, words: str, *arguments: str) -> None:
        """Have the model answer these words with calls of these arguments."""
        self.scripts[words] = (
            *(ToolCallDelta(index, "c", "odd", text) for index, text in enumerate(arguments)),
            GenerationStopped("tool_calls"),
        )
        self.scripts[""] = ("Understood.", GenerationStopped("end_turn"))


@pytest.fixture
async def asylum(tmp_path: Path) -> AsyncIterator[Asylum]:
    asylum = Asylum(await Database.open(tmp_path / "conduit.db"))
    try:
        yield asylum
    finally:
        await asylum.aclose()


async def test_every_call_is_answered_in_one_message_that_can_be_sent_again(
    asylum: Asylum,
) -> None:
    whats = ("exit", "interrupt", "hang", "swallow", "flood", "number", "well")
    asylum.calls("go", *(f'{{"do": "{what}"}}' for what in whats), "{", "[" * 10_000, "")
    session = asylum.shelf.new()

    events = await ended(asylum.controller.send(session, "go"))

    assert events[-1] == TurnEnded("done")
    beginnings = (
        "'odd' failed with SystemExit;",
        "'odd' failed with KeyboardInterrupt;",
        "'odd' took longer than 0.05 s",
        "'odd' took longer than 0.05 s",
        "\ufffd\x1b[2J\ufffd",
        "The tool returned no text, but int;",
        "done",
        "The arguments of 'odd' are not a JSON object",
        "The arguments of 'odd' are not a JSON object",
        "done",
    )
    for output, beginning in zip(outputs(session), beginnings, strict=True):
        assert output.startswith(beginning)
    assert [each.is_error for each in results(session)] == [True] * 4 + [
        False, True, False, True, True, False
    ]  # fmt: skip
    line = list(session.path(session.leaf_id))
    assert [message.role for message in line] == ["user", "assistant", "tool", "assistant"]
    assert [part.call_id for part in line[2].tool_results] == [
        call.call_id for call in line[1].tool_calls
    ]
    await asylum.assert_stored(session)
    stored = await asylum.stored(session)
    assert list(stored.path(stored.leaf_id)) == line
    await asylum.talk(session, "and?")
    assert asylum.provider.requests[-1].messages[:-1] == tuple(line)


async def test_cancelling_ends_a_turn_whose_tool_swallows_it(asylum: Asylum) -> None:
    asylum.calls("go", '{"do": "swallow"}')
    session = asylum.shelf.new()
    turn = asylum.controller.send(session, "go")
    await asylum.hangs.wait()
    await asylum.controller.cancel(turn.id)
    assert not turn.is_running
    assert outputs(session) == ["Cancelled before it finished."]
    await asylum.assert_stored(session)
