"""`usage` in a process of its own: the table, the object, and what cannot be read."""

import json

import pytest

from tests.commands.conftest import Program
from tests.servers.http import Reply
from tests.servers.openai_server import DONE, OpenAIServer, chunk, streamed

ASK = ("ask", "-m", "openai/test")
SILENT = Reply([chunk({"content": "Hello"}), chunk(finish="stop"), DONE])


async def test_before_anything_is_used_it_says_so_and_writes_nothing(program: Program) -> None:
    result = await program.run("usage")
    assert (result.code, result.stdout) == (0, "Nothing was used.\n")
    assert not program.home.exists()


async def test_replies_are_counted_by_host_recorded_and_estimated_apart(program: Program) -> None:
    async with OpenAIServer(streamed("Hello"), SILENT) as server:
        program.use(server)
        await program.run(*ASK, "one")
        await program.run(*ASK, "two")
        result = await program.run("usage", "--by", "host", "--since", "today", "--json")
        found = json.loads(result.stdout)
        assert result.code == 0
        assert (found["by"], len(found["rows"])) == ("host", 1)
        row = found["rows"][0]
        assert row["label"] == f"127.0.0.1:{server.port}"
        assert row["recorded"] == {
            "replies": 1,
            "input_tokens": 10,
            "output_tokens": 5,
            "cache_read_tokens": 0,
            "cache_write_tokens": 0,
            "reasoning_tokens": 0,
            "cost_usd": None,
            "replies_of_unknown_price": 1,
        }
        assert row["estimated"]["replies"] == 1
        assert row["estimated"]["output_tokens"] > 0
        assert found["total"] == {each: row[each] for each in ("recorded", "estimated")}
        table = (await program.run("usage")).stdout
    assert table.splitlines()[0].split()[:4] == ["model", "replies", "input", "output"]
    assert "openai/test" in table
    assert "~" in table
    assert "unknown" in table
    assert "Recorded: 1 reply, 10 tokens in and 5 out, 1 reply of unknown price." in table
    assert "Estimated: 1 reply" in table


async def test_what_is_not_saved_is_not_counted(program: Program) -> None:
    async with OpenAIServer(streamed("Hello")) as server:
        program.use(server)
        await program.run(*ASK, "--no-save", "one")
    assert (await program.run("usage")).stdout == "Nothing was used.\n"


@pytest.mark.parametrize("since", ["soon", "2999-01-01", ""])
async def test_a_time_that_cannot_be_read_is_a_usage_mistake(program: Program, since: str) -> None:
    result = await program.run("usage", "--since", since)
    assert (result.code, result.stdout) == (2, "")
    assert "Write a date as 2026-11-22" in result.stderr


async def test_groups_that_are_none_are_named(program: Program) -> None:
    result = await program.run("usage", "--by", "mood")
    assert result.code == 2
    assert "'provider', 'model', 'day', 'host', 'session'" in result.stderr


async def test_a_title_cannot_steer_the_terminal(program: Program) -> None:
    async with OpenAIServer(streamed("Hello")) as server:
        program.use(server)
        await program.run(*ASK, "red \x1b[31m title " + "x" * 80)
        result = await program.run("usage", "--by", "session")
    assert "red" in result.stdout
    assert "\x1b" not in result.stdout
    assert all(len(line) < 130 for line in result.stdout.splitlines())


async def test_ask_marks_usage_that_no_server_counted(program: Program) -> None:
    async with OpenAIServer(SILENT) as server:
        program.use(server)
        found = json.loads((await program.run(*ASK, "--json", "one")).stdout)
    assert found["usage"]["is_estimated"] is True
    assert found["usage"]["input_tokens"] > 0 < found["usage"]["output_tokens"]
