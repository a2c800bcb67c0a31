"""Generated titles over the real wires: who is asked, what is taken, and what never waits."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from conduit_tui.controller.controller import Controller
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.controller.reply_cache import ReplyCache
from conduit_tui.controller.title_words import question
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import UsageReported
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.providers.registry import build
from conduit_tui.providers.scripted import Script
from conduit_tui.providers.structured import StructuredAnswers
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import DraftStore, process_owner
from conduit_tui.storage.response_cache import ResponseCache
from conduit_tui.storage.sessions import SessionStore
from tests.conftest import until
from tests.controller.desk import Desk, tooling
from tests.servers.http import Cut, Exchange, Reply, Stall, Step
from tests.servers.openai_server import usage
from tests.servers.wires import WIRES, Wire

TITLE = "Raft explained to children"
JSON = json.dumps({"title": TITLE})
ASKED = "name conversations"
PLACES = {"openai-chat", "anthropic", "ollama"}
EVERY_WIRE = pytest.mark.parametrize(
    "wire", [WIRES[kind] for kind in sorted(PLACES)], ids=sorted(PLACES)
)

Answering = Callable[[Wire], Reply]


class House:
    """A controller on a real file, with a server that answers words, and titles in its own way."""

    def __init__(self, database: Database, wire: Wire, endpoint: Endpoint, server: Any) -> None:
        self.database, self.wire, self.server = database, wire, server
        self.store = SessionStore(database, {"local": "127.0.0.1"})
        ledger = Ledger(self.store, DraftStore(database, process_owner()))
        self.notices: list[str] = []
        ledger.notify = self.notices.append
        models = Models(
            {"local": endpoint}, lambda each: StructuredAnswers(build(each), takes_tools=True)
        )
        self.controller = Controller(
            ledger,
            models,
            tooling(ledger, database),
            Defaults(model="local/test-model"),
            ReplyCache(ResponseCache(database)),
        )
        self.titled: list[str] = []
        self.controller.titles.is_on = True
        self.controller.titles.on_titled = lambda session: self.titled.append(session.title)

    @property
    def asked(self) -> list[Exchange]:
        """The requests for a title."""
        return [each for each in self.wire.answers(self.server.exchanges) if is_for_title(each)]

    async def exchange(self, text: str = "Explain Raft", session: Session | None = None) -> Session:
        """Send a text and wait for its answer, not for a title."""
        session = self.controller.shelf.new() if session is None else session
        await self.controller.send(session, text).wait()
        return session

    async def settle(self) -> None:
        """Wait until no title is being asked for."""
        tasks = list(self.controller.titles._tasks.values())
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)

    async def stored(self, session: Session) -> Session:
        found = await self.store.load(session.id)
        assert found is not None
        return found


def is_for_title(exchange: Exchange) -> bool:
    return ASKED.encode() in exchange.raw_body


@asynccontextmanager
async def opened(tmp_path: Path, wire: Wire, titled: Answering) -> AsyncIterator[House]:
    def answer(exchange: Exchange) -> Reply:
        return titled(wire) if is_for_title(exchange) else wire.whole("Like a class that votes.")

    async with wire.server(answer) as server:
        database = await Database.open(tmp_path / "conduit.db")
        house = House(database, wire, wire.endpoint(server.url), server)
        try:
            yield house
        finally:
            await house.controller.aclose()
            await database.aclose()


def says(*pieces: str) -> Answering:
    return lambda wire: wire.whole(*pieces)


def calls(wire: Wire) -> Reply:
    """The title as the arguments of a call."""
    begun: list[Step] = wire.begun("") if wire.kind == "anthropic" else []
    return wire.reply(*begun, *wire.called("Answer", called_arguments(wire)), *wire.ending()[-2:])


def called_arguments(wire: Wire) -> Any:
    return {"title": TITLE} if wire.kind == "ollama" else JSON


@EVERY_WIRE
@pytest.mark.parametrize(
    "titled",
    [
        says(JSON),
        says(JSON[:9], JSON[9:]),
        says("Sure! Here is one:\n```json\n", JSON, "\n```\nI hope you like it."),
        says('{"title": "\\"Raft explained to children.\\""}'),
        calls,
    ],
    ids=["json", "pieces", "chat around it", "quotes and a stop", "tool call"],
)
async def test_the_first_exchange_gives_a_session_its_title(tmp_path, wire, titled):
    async with opened(tmp_path, wire, titled) as house:
        session = await house.exchange()
        assert session.title == "Explain Raft"
        await house.settle()
        assert session.title == TITLE
        assert house.titled == [TITLE]
        stored = await house.stored(session)
        assert (stored.title, stored.title_is_manual) == (TITLE, False)
        assert [message.role for message in stored] == ["user", "assistant"]


@EVERY_WIRE
@pytest.mark.parametrize(
    "titled",
    [
        says("I would rather talk about the weather."),
        says('{"title": '),
        says('{"title": 7}'),
        says('{"title": "Raft"}'),
        says('{"title": "' + "word " * 400 + '"}'),
        lambda wire: wire.refused(401, "Wrong key"),
        lambda wire: wire.reply(*wire.begun('{"tit'), Cut),
        lambda wire: wire.reply(*wire.begun(JSON)),
        lambda wire: Reply([b"\x00\xff garbage \n\n"], content_type=wire.content_type),
    ],
    ids=[
        *("words", "half", "a number", "one word", "too long"),
        *("401", "cut", "no end", "bytes"),
    ],
)
async def test_what_fails_leaves_the_first_words_and_tells_nobody(
    tmp_path, wire, titled, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "conduit_tui.controller.titles")
    async with opened(tmp_path, wire, titled) as house:
        session = await house.exchange()
        await house.settle()
        assert house.asked
        assert session.title == (await house.stored(session)).title == "Explain Raft"
        assert house.titled == house.notices == []
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "no title" in caplog.text


@EVERY_WIRE
async def test_a_server_that_stalls_keeps_nobody(tmp_path, wire):
    reached = asyncio.Event()

    def stalling(wire: Wire) -> Reply:
        reached.set()
        return wire.reply(*wire.begun('{"ti'), Stall)

    async with opened(tmp_path, wire, stalling) as house:
        session = await house.exchange()
        await house.exchange("And in Go?", session)
        await until(reached)
        await asyncio.wait_for(house.controller.aclose(), 5)
        assert session.title == "Explain Raft"
        assert not house.controller.titles._tasks


CHAT = WIRES["openai-chat"]


async def test_nobody_is_asked_after_the_second_exchange_or_again_by_itself(tmp_path):
    async with opened(tmp_path, CHAT, says("no title")) as house:
        session = await house.exchange()
        await house.settle()
        before = len(house.asked)
        await house.exchange("And in Go?", session)
        answer = session.path(session.leaf_id)[1]
        await house.controller.regenerate(session, answer.id).wait()
        await house.settle()
        assert before
        assert len(house.asked) == before


async def test_a_session_opened_later_is_named_only_after_its_first_exchange(tmp_path):
    async with opened(tmp_path, CHAT, says(JSON)) as house:
        house.controller.titles.is_on = False
        session = await house.exchange()
        house.controller.titles.is_on = True
        await house.exchange("And in Go?", session)
        await house.settle()
        assert house.asked == []
        await house.controller.regenerate(session, session.path(session.leaf_id)[1].id).wait()
        await house.settle()
        assert session.title == TITLE


@pytest.mark.parametrize("when", ["before", "while it runs", "elsewhere while it runs"])
async def test_a_title_by_hand_always_wins(tmp_path, when):
    may_answer = asyncio.Event()

    def late(wire: Wire) -> Reply:
        return wire.reply(may_answer, *wire.begun(JSON), *wire.ending())

    async with opened(tmp_path, CHAT, late) as house:
        session = house.controller.shelf.new()
        if when == "before":
            await house.controller.structure.rename(session, "Mine")
        await house.exchange(session=session)
        if when == "while it runs":
            await house.controller.structure.rename(session, "Mine")
        elif when == "elsewhere while it runs":
            await house.store.set_title(session.id, "Mine", manual=True)
        may_answer.set()
        await house.settle()
        assert (await house.stored(session)).title == "Mine"
        assert house.titled == []
        assert session.title != TITLE


async def test_letting_go_of_a_title_by_hand_asks_again_and_can_be_undone(tmp_path):
    async with opened(tmp_path, CHAT, says(JSON)) as house:
        controller = house.controller
        session = await house.exchange()
        await house.settle()
        await controller.structure.rename(session, "Mine")
        assert await controller.titles.ask_again(session, "local/test-model")
        assert (session.title, session.title_is_manual) == ("Explain Raft", False)
        await house.settle()
        assert session.title == (await house.stored(session)).title == TITLE
        await controller.structure.undo(session)
        assert (session.title, session.title_is_manual) == ("Mine", True)
        assert (await house.stored(session)).title == "Mine"


async def test_of_a_session_without_an_answer_nobody_is_asked(tmp_path):
    async with opened(tmp_path, CHAT, says(JSON)) as house:
        session = house.controller.shelf.new()
        assert not await house.controller.titles.ask_again(session, "local/test-model")
        assert session.title == ""


async def test_what_a_title_used_is_counted_and_no_part_of_the_conversation(tmp_path):
    def counted(wire: Wire) -> Reply:
        *begun, _, done = (*wire.begun(JSON), *wire.ending())
        return wire.reply(*begun, usage(300, 20), done)

    async with opened(tmp_path, CHAT, counted) as house:
        session = await house.exchange()
        before = (await house.store.account("session")).total
        await house.settle()
        total = (await house.store.account("session")).total
        assert total.replies - before.replies == 1
        assert total.usage.input_tokens - before.usage.input_tokens == 300
        assert total.usage.output_tokens - before.usage.output_tokens == 20
        assert [row.key for row in (await house.store.account("session")).rows] == [session.id]
        assert len(await house.stored(session)) == 2


async def test_another_model_can_be_set_to_name_sessions(tmp_path):
    async with opened(tmp_path, CHAT, says(JSON)) as house:
        house.controller.titles._model = "local/cheap"
        session = await house.exchange()
        await house.settle()
        assert session.title == TITLE
        assert [each.body["model"] for each in house.asked] == ["cheap"]


async def test_a_turn_that_did_not_end_well_asks_nobody(tmp_path):
    async with opened(tmp_path, CHAT, says(JSON)) as house:
        house.controller.defaults = Defaults(model="nowhere/at-all")
        await house.exchange()
        await house.settle()
        assert house.asked == []


async def test_the_script_is_not_asked(desk):
    desk.controller.titles.is_on = True
    session = desk.shelf.new()
    await desk.talk(session, "Explain Raft")
    assert session.title == "Explain Raft"
    assert len(desk.provider.requests) == 1
    assert not await desk.controller.titles.ask_again(session, "demo/guide")


async def test_a_session_that_is_erased_meanwhile_is_not_brought_back(tmp_path):
    may_answer = asyncio.Event()

    def late(wire: Wire) -> Reply:
        return wire.reply(may_answer, *wire.begun(JSON), *wire.ending())

    async with opened(tmp_path, CHAT, late) as house:
        session = await house.exchange()
        await house.controller.shelf.erase(session.id)
        may_answer.set()
        await house.settle()
        assert await house.store.load(session.id) is None
        assert house.titled == []


async def test_what_a_title_used_that_came_too_late_is_counted(desk: Desk) -> None:
    session = desk.shelf.new()
    path = await desk.talk(session, "Explain Raft")
    reached = asyncio.Event()

    def late() -> Script:
        yield UsageReported(Usage(input_tokens=300, output_tokens=20))
        reached.set()
        yield asyncio.Event()

    desk.scripts[question(path)] = late()
    desk.controller.titles.is_on = True
    desk.controller.titles._model = "demo/guide"
    assert await desk.controller.titles.ask_again(session, "demo/guide")
    await until(reached)
    await desk.controller.titles.aclose()
    assert session.title == "Explain Raft"
    assert (await desk.store.account("session")).total.usage.input_tokens == 300
