"""Tools over all wires: call, approval, result, second generation, restart, and send again."""

import asyncio
import json
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
from conduit_tui.controller.turn import Turn
from conduit_tui.core.consent import Act, Approval, Decision
from conduit_tui.core.events import ApprovalNeeded, ToolFinished, TurnEnded
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.session import Session
from conduit_tui.providers.registry import build
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import DraftStore, process_owner
from conduit_tui.storage.response_cache import ResponseCache
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tools.tool import Tool, ToolContext
from tests.controller.desk import events_of, tooling
from tests.servers import anthropic_server as claude
from tests.servers import google_server as gemini
from tests.servers import ollama_server as ollama
from tests.servers import openai_server as chat
from tests.servers import responses_server as responses
from tests.servers.http import Exchange, LoopbackServer, Reply, Step
from tests.servers.wires import WIRES, Wire

LOOK, WRITE = {"at": "the Fjord ✓"}, {"at": "notes", "text": "a\nb"}
NO = "not that file"
SIGNED = "c2lnbmVk"


def chat_calls() -> list[Step]:
    """Thinking, words, and two calls whose fragments come in turns."""
    look, write = json.dumps(LOOK), json.dumps(WRITE)
    return [
        chat.chunk({"role": "assistant", "content": "", "reasoning_content": "Hm. "}),
        chat.chunk({"content": "I look."}),
        chat.call_piece(0, "", "call_a", "look"),
        chat.call_piece(0, look[:7]),
        chat.call_piece(1, write[:2], "call_b", "write"),
        chat.call_piece(0, look[7:]),
        chat.call_piece(1, write[2:]),
        chat.chunk(finish="tool_calls"),
        chat.usage(),
        chat.DONE,
    ]


def responses_calls() -> list[Step]:
    script = responses.Script()
    return [
        *script.begin(),
        *script.reasoning("Hm."),
        *script.message("I look."),
        *script.call("look", json.dumps(LOOK), "call_a"),
        *script.reasoning("And then."),
        *script.call("write", json.dumps(WRITE), "call_b"),
        *script.end(),
    ]


def anthropic_calls() -> list[Step]:
    look, write = json.dumps(LOOK), json.dumps(WRITE)
    return [
        claude.message_start(),
        *claude.thinking(0, "Hm.", signature=SIGNED),
        *claude.text(1, "I look."),
        *claude.tool_use(2, "call_a", "look", "", look[:5], look[5:]),
        *claude.thinking(3, "And then.", signature=SIGNED),
        *claude.tool_use(4, "call_b", "write", write[:1], write[1:]),
        claude.message_delta("tool_use"),
        claude.message_stop(),
    ]


def google_calls() -> list[Step]:
    return [
        gemini.chunk({"text": "Hm.", "thought": True}),
        gemini.chunk("I look."),
        gemini.chunk(gemini.called("look", LOOK, SIGNED), gemini.called("write", WRITE)),
        *gemini.said("")[-1:],
    ]


def ollama_calls() -> list[Step]:
    return [
        ollama.delta(thinking="Hm."),
        ollama.delta(content="I look."),
        ollama.delta(tool_calls=[ollama.call("look", LOOK)]),
        ollama.delta(tool_calls=[ollama.call("write", WRITE)]),
        ollama.done(),
    ]


Called = tuple[str, Any, str]
"""A call as a server reads it in a later request: its name, its arguments, and its answer."""


def chat_read(body: Any) -> list[Called]:
    answers = {m["tool_call_id"]: m["content"] for m in body["messages"] if m["role"] == "tool"}
    return [
        (
            call["function"]["name"],
            json.loads(call["function"]["arguments"]),
            answers[call["id"]],
        )
        for message in body["messages"]
        for call in message.get("tool_calls") or []
    ]


def responses_read(body: Any) -> list[Called]:
    items = body["input"]
    answers = {i["call_id"]: i["output"] for i in items if i.get("type") == "function_call_output"}
    assert [i["encrypted_content"] for i in items if i.get("type") == "reasoning"] == [
        "gAAAAABo"
    ] * 2
    return [
        (item["name"], json.loads(item["arguments"]), answers[item["call_id"]])
        for item in items
        if item.get("type") == "function_call"
    ]


def anthropic_read(body: Any) -> list[Called]:
    blocks = [
        block
        for message in body["messages"]
        if isinstance(message["content"], list)
        for block in message["content"]
    ]
    answers: dict[str, str] = {}
    for block in blocks:
        if block["type"] == "tool_result":
            content = block["content"]
            words = content if isinstance(content, str) else content[0]["text"]
            answers[block["tool_use_id"]] = words
            assert block.get("is_error", False) is not words.startswith("seen")
    assert [b["signature"] for b in blocks if b["type"] == "thinking"] == [SIGNED] * 2
    return [(b["name"], b["input"], answers[b["id"]]) for b in blocks if b["type"] == "tool_use"]


def google_read(body: Any) -> list[Called]:
    parts = [part for content in body["contents"] for part in content["parts"]]
    calls = [part for part in parts if "functionCall" in part]
    assert calls[0]["thoughtSignature"] == SIGNED
    assert "thoughtSignature" not in calls[1]
    answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
    assert [answer["name"] for answer in answers] == ["look", "write"]
    return [
        (
            call["functionCall"]["name"],
            call["functionCall"]["args"],
            "".join(map(str, answer["response"].values())),
        )
        for call, answer in zip(calls, answers, strict=True)
    ]


def ollama_read(body: Any) -> list[Called]:
    calls = [c["function"] for m in body["messages"] for c in m.get("tool_calls") or []]
    answers = [m for m in body["messages"] if m["role"] == "tool"]
    assert [answer["tool_name"] for answer in answers] == ["look", "write"]
    return [
        (call["name"], call["arguments"], answer["content"])
        for call, answer in zip(calls, answers, strict=True)
    ]


CALLS: dict[str, Callable[[], list[Step]]] = {
    "openai-chat": chat_calls,
    "openai-responses": responses_calls,
    "anthropic": anthropic_calls,
    "google": google_calls,
    "ollama": ollama_calls,
}
READ: dict[str, Callable[[Any], list[Called]]] = {
    "openai-chat": chat_read,
    "openai-responses": responses_read,
    "anthropic": anthropic_read,
    "google": google_read,
    "ollama": ollama_read,
}


def read(kind: str, body: Any) -> list[Called]:
    """The calls and their answers in a request; some wires tell of errors in words alone."""
    called = READ[kind](body)
    return [(name, arguments, words.removeprefix("Error: ")) for name, arguments, words in called]


EVERY_WIRE = pytest.mark.parametrize("kind", sorted(WIRES))


def tools() -> tuple[Tool, Tool]:
    schema: dict[str, Json] = {
        "type": "object",
        "properties": {
            "at": {"type": "string", "description": "where"},
            "text": {"type": "string", "description": "what"},
        },
    }

    async def look(_: ToolContext, arguments: dict[str, Json]) -> str:
        return f"seen {arguments['at']}"

    async def write(context: ToolContext, arguments: dict[str, Json]) -> str:
        await context.permit(Act("write", "write", f"/real/{arguments['at']}"))
        return f"wrote {arguments['text']}"

    return (
        Tool(ToolSpec("look", "Look at something.", schema), look, effect="none"),
        Tool(ToolSpec("write", "Write something.", schema), write, "write", asks_itself=True),
    )


class Room:
    """A controller over a wire, on a file that outlives it."""

    def __init__(self, database: Database, wire: Wire, server: Any) -> None:
        self.wire, self.server = wire, server
        self.store = SessionStore(database)
        ledger = Ledger(self.store, DraftStore(database, process_owner()))
        endpoint = wire.endpoint(server.url)
        self.controller = Controller(
            ledger,
            Models({"local": endpoint}, build),
            tooling(ledger, database, *tools()),
            Defaults(model="local/test-model"),
            ReplyCache(ResponseCache(database)),
        )

    def asked(self, at: int) -> Any:
        """The body of a request for an answer."""
        exchange = self.wire.answers(self.server.exchanges)[at]
        return exchange.body

    async def question(self) -> Approval:
        """The approval that waits, once there is one."""
        async with asyncio.timeout(30):
            while True:
                if waiting := self.controller.tooling.open_approvals():
                    return waiting[0]
                await asyncio.sleep(0)


@asynccontextmanager
async def room(path: Path, wire: Wire, server: LoopbackServer) -> AsyncIterator[Room]:
    database = await Database.open(path / "conduit.db")
    opened = Room(database, wire, server)
    try:
        yield opened
    finally:
        await opened.controller.aclose()
        await database.aclose()


def serving(kind: str) -> Any:
    """A server that calls tools for a question about the fjord, and else answers in words."""
    wire = WIRES[kind]

    def answer(exchange: Exchange) -> Reply:
        has_results = b"seen the Fjord" in exchange.raw_body or b"Cancelled" in exchange.raw_body
        if has_results:
            return wire.whole("So it ", "is.")
        return wire.reply(*CALLS[kind](), piece_bytes=7)

    return wire.server(answer)


@EVERY_WIRE
async def test_calls_are_approved_answered_stored_and_sent_again(kind: str, tmp_path: Path) -> None:
    wire = WIRES[kind]
    async with serving(kind) as server:
        async with room(tmp_path, wire, server) as first:
            session = first.controller.shelf.new()
            turn = first.controller.send(session, "What is at the fjord?")
            question = await first.question()
            assert question.act == Act("write", "write", "/real/notes")
            assert question.call.arguments_object() == WRITE
            assert (question.session_id, question.index) == (session.id, 1)
            assert first.controller.tooling.answer(question.id, Decision("no", NO))
            events = await events_of(turn)
            assert events[-1] == TurnEnded("done")
            assert [e.approval for e in events if isinstance(e, ApprovalNeeded)] == [question]
            finished = {e.call.name: e.result for e in events if isinstance(e, ToolFinished)}
            assert finished["look"].output == "seen the Fjord ✓"
            assert finished["write"].is_error
            line = list(session.path(session.leaf_id))
            assert [m.role for m in line] == ["user", "assistant", "tool", "assistant"]
            assert line[1].thinking
            assert line[1].text == "I look."
            expected = [
                ("look", LOOK, "seen the Fjord ✓"),
                ("write", WRITE, finished["write"].output),
            ]
            assert read(kind, first.asked(1)) == expected
            assert NO in expected[1][2]
        async with room(tmp_path, wire, server) as second:
            found = await second.controller.shelf.open(session.id)
            assert found is not None
            assert list(found.path(found.leaf_id)) == line
            events = await events_of(second.controller.send(found, "And now?"))
            assert events[-1] == TurnEnded("done")
            assert read(kind, second.asked(2)) == expected
            events = await events_of(second.controller.regenerate(found, line[3].id))
            assert events[-1] == TurnEnded("done")
            assert read(kind, second.asked(3)) == expected


@EVERY_WIRE
async def test_calls_that_were_cancelled_while_asking_can_be_sent_again(
    kind: str, tmp_path: Path
) -> None:
    wire = WIRES[kind]
    async with serving(kind) as server:
        async with room(tmp_path, wire, server) as first:
            session = first.controller.shelf.new()
            turn = first.controller.send(session, "What is at the fjord?")
            await until_asked_and_looked(turn)
            await turn.cancel()
            assert first.controller.tooling.open_approvals() == ()
            results = _results(session)
            assert [result.is_error for result in results] == [False, True]
        async with room(tmp_path, wire, server) as second:
            found = await second.controller.shelf.open(session.id)
            assert found is not None
            assert _results(found) == results
            events = await events_of(second.controller.send(found, "Go on."))
            assert events[-1] == TurnEnded("done")
            assert [words for _, _, words in read(kind, second.asked(1))] == [
                result.output for result in results
            ]


@EVERY_WIRE
async def test_what_was_approved_is_done_and_read_by_the_model(kind: str, tmp_path: Path) -> None:
    wire = WIRES[kind]
    async with serving(kind) as server, room(tmp_path, wire, server) as here:
        session = here.controller.shelf.new()
        turn = here.controller.send(session, "What is at the fjord?")
        question = await here.question()
        here.controller.tooling.answer(question.id, Decision("once"))
        assert (await events_of(turn))[-1] == TurnEnded("done")
        assert [result.output for result in _results(session)] == [
            "seen the Fjord ✓",
            "wrote a\nb",
        ]
        assert "wrote a" in json.dumps(here.asked(1))


async def until_asked_and_looked(turn: Turn) -> None:
    """Wait until one call has its result and the other one waits for a person."""
    seen: set[type] = set()
    async for event in turn.events():
        seen.add(type(event))
        if {ApprovalNeeded, ToolFinished} <= seen:
            return


def _results(session: Session) -> list[ToolResult]:
    return [result for message in session.path(session.leaf_id) for result in message.tool_results]
