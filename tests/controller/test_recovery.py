"""What a crash cut short, and what a quit left, is there at the next start."""

import asyncio
from pathlib import Path

from conduit_tui.core.events import TextDelta, ThinkingDelta, ToolCallDelta
from conduit_tui.core.message import Text, Thinking, ToolCall
from conduit_tui.core.params import Params
from conduit_tui.providers.scripted import reply
from conduit_tui.storage.drafts import DraftHeader, DraftStore, process_owner
from tests.conftest import AT, stalling, until
from tests.controller.desk import Desk, texts


def drafts_of_the_dead(desk: Desk) -> DraftStore:
    host, pid, _ = process_owner().split(":", 2)
    return DraftStore(desk.database, f"{host}:{pid}:1")


def header(message_id: str, session_id: str, predecessor_id: str) -> DraftHeader:
    params = Params(system_prompt="Be kind.")
    return DraftHeader(message_id, session_id, predecessor_id, "demo", "guide", params, AT)


async def test_a_draft_that_a_crash_left_becomes_an_interrupted_message(desk: Desk) -> None:
    session = desk.shelf.new()
    *_, last = await desk.talk(session, "one")
    drafts = drafts_of_the_dead(desk)
    await drafts.open(header("lost", session.id, last.id))
    await drafts.append("lost", [ThinkingDelta("hm"), TextDelta("On")])
    call = ToolCallDelta(0, "c1", "current_time", '{"ti')
    await drafts.append("lost", [TextDelta("ce"), call])
    assert await desk.ledger.recover() == 1
    found = (await desk.stored(session))["lost"]
    assert found.parts == (Thinking("hm"), Text("Once"), ToolCall("c1", "current_time", '{"ti'))
    assert (found.status, found.provider, found.model) == ("interrupted", "demo", "guide")
    assert found.error
    assert found.predecessor_id == last.id
    assert (await desk.stored(session)).leaf_id == "lost"
    assert await desk.ledger.recover() == 0


async def test_a_draft_that_cannot_be_placed_does_not_hold_back_others(desk: Desk) -> None:
    session = desk.shelf.new()
    *_, last = await desk.talk(session, "one")
    drafts = drafts_of_the_dead(desk)
    for message_id, above in (("a", "gone"), ("b", last.id)):
        await drafts.open(header(message_id, session.id, above))
        await drafts.append(message_id, [TextDelta("Once")])
    assert await desk.ledger.recover() == 1
    assert (await desk.stored(session))["b"].text == "Once"


async def test_the_draft_of_a_running_turn_is_left_alone(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once")
    desk.controller.send(session, "tell")
    await until(reached)
    assert await desk.draft_count() == 1
    assert await desk.ledger.recover() == 0


async def test_a_growing_draft_is_in_the_file_before_it_ends(desk: Desk) -> None:
    saved = asyncio.Event()
    appended: list[object] = []

    class Watched(DraftStore):
        async def append(self, message_id, events) -> None:  # type: ignore[no-untyped-def]
            await super().append(message_id, events)
            appended.extend(events)
            saved.set()

    desk.ledger.drafts = Watched(desk.database, process_owner())
    session = desk.shelf.new()
    gate = asyncio.Event()
    desk.scripts["tell"] = ("On", "ce", gate, *reply(" upon"))
    turn = desk.controller.send(session, "tell")
    await until(saved)
    assert appended == [TextDelta("On"), TextDelta("ce")]
    gate.set()
    await turn.wait()
    assert await desk.draft_count() == 0


async def test_a_program_that_starts_again_finds_everything(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "conduit.db")
    session = desk.shelf.new()
    line = await desk.talk(session, "one", "two")
    await desk.shelf.keep_open(session)
    await desk.aclose()
    again = await Desk.open(tmp_path / "conduit.db")
    try:
        found = await again.shelf.open_last()
        assert found is not None
        assert list(found.path(found.leaf_id)) == line
        assert texts(await again.talk(found, "three"))[-1] == "Re: three"
    finally:
        await again.aclose()
