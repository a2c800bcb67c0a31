"""`ask` on every wire when its server breaks off: what is printed, and what the file keeps."""

import asyncio
import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from tests.commands.conftest import Program, outcome
from tests.servers.http import Cut, Stall, Step
from tests.servers.wires import WIRES, Wire

ASK = ("ask", "-m", "local/test-model")
TEXT = "Half ☃ é 😀 \t of it"

pytestmark = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES.keys())


def use(program: Program, wire: Wire, url: str, idle_seconds: int = 1) -> None:
    """Let `local/...` mean a server of this wire."""
    program.environ["LOCAL_API_KEY"] = "sk-of-no-account"
    program.write_settings(
        f"[providers.local]\nkind = {wire.kind!r}\nbase_url = {url!r}\n"
        f"idle_seconds = {idle_seconds}\n"
        "api_key_env = 'LOCAL_API_KEY'\nmodels = ['test-model']\n"
    )


def kept(program: Program) -> dict[str, Any]:
    """The last message in the file. No draft may be left beside it."""
    with closing(sqlite3.connect(program.home / "data" / "conduit.db")) as database:
        database.row_factory = sqlite3.Row
        assert database.execute("SELECT count(*) FROM drafts").fetchone()[0] == 0
        rows = database.execute("SELECT * FROM messages ORDER BY seq DESC LIMIT 1")
        return dict(rows.fetchone())


BREAKS: list[tuple[str, Callable[[Wire], list[Step]], str]] = [
    ("cut", lambda _: [Cut], "closed the connection in mid-reply"),
    ("stall", lambda _: [Stall], "sent nothing for 1 s in mid-reply"),
    ("end", lambda _: [], "ended the stream without its end marker"),
    ("error", lambda wire: [wire.fault("on fire")], "broke off with an error: on fire."),
]


@pytest.mark.parametrize(
    ("broken", "words"), [one[1:] for one in BREAKS], ids=[one[0] for one in BREAKS]
)
async def test_what_had_come_is_printed_and_kept_to_the_byte(
    program: Program, wire: Wire, broken: Callable[[Wire], list[Step]], words: str
) -> None:
    text = f"{TEXT} \0"
    async with wire.server(wire.reply(*wire.begun(*text), *broken(wire))) as server:
        use(program, wire, server.url)
        result = await program.run(*ASK, "--json", "hi")

    printed = json.loads(result.stdout)
    assert result.code == 3
    assert (printed["text"], printed["status"], printed["stop_reason"]) == (
        text,
        "interrupted",
        None,
    )
    assert words in printed["error"]
    assert words in result.stderr
    row = kept(program)
    assert row["text"].encode() == text.encode()
    assert (row["status"], row["stop"], row["error"]) == ("interrupted", None, printed["error"])


async def test_an_interrupt_keeps_what_had_come_to_the_byte(program: Program, wire: Wire) -> None:
    async with wire.server(wire.reply(*wire.begun(TEXT), Stall)) as server:
        use(program, wire, server.url, idle_seconds=60)
        process = await program.start(*ASK, "hi")
        assert process.stdout is not None
        # the last character is held back: a mark that belongs to it may follow
        await process.stdout.readexactly(len(TEXT[:-1].encode()))
        process.send_signal(signal.SIGINT)
        result = outcome(process, *await process.communicate())
        await asyncio.wait_for(wire.answers(server.exchanges)[0].left.wait(), 30)

    assert (result.code, result.stdout) == (130, f"{TEXT[-1]}\n")
    assert "Interrupted; what had arrived is kept." in result.stderr
    row = kept(program)
    assert row["text"].encode() == TEXT.encode()
    assert (row["status"], row["stop"]) == ("interrupted", None)


async def test_an_interrupt_prints_one_object_and_keeps_the_same(
    program: Program, wire: Wire
) -> None:
    async with wire.server(wire.reply(*wire.begun(*TEXT), Stall)) as server:
        use(program, wire, server.url, idle_seconds=60)
        process = await program.start(*ASK, "--json", "hi")
        while not wire.answers(server.exchanges):
            await server.arrived(len(server.exchanges) + 1)
        process.send_signal(signal.SIGINT)
        result = outcome(process, *await process.communicate())

    printed = json.loads(result.stdout)
    assert result.code == 130
    assert printed["status"] == "interrupted"
    assert TEXT.startswith(printed["text"])
    row = kept(program)
    assert (row["text"], row["status"]) == (printed["text"], "interrupted")
