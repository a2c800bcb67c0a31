"""`search` in a process of its own."""

import json

import pytest

from conduit_tui.commands.hit_lines import on_terminal, plain_lines
from conduit_tui.core.hit import Hit
from tests.commands.conftest import Program
from tests.servers.openai_server import OpenAIServer, streamed
from tests.storage.examples import NOW, later

ASK = ("ask", "-m", "openai/test")
HIT = Hit(
    "s", "Boats\x1b[2J", "0123456789ab", "user", None, NOW, True, "best", "a raft floats", ((2, 6),)
)


async def test_nothing_is_found_and_written_where_there_is_no_history(program: Program) -> None:
    result = await program.run("search", "raft")
    assert (result.code, result.stdout, result.stderr) == (1, "", "Nothing found.\n")
    assert not program.home.exists()
    assert (await program.run("search", "--json", "raft")).stdout == "[]\n"


async def test_the_newest_are_printed_a_line_each_or_as_an_array(program: Program) -> None:
    async with OpenAIServer(streamed("A raft floats."), streamed("In C++.")) as server:
        program.use(server)
        await program.run(*ASK, "What is a raft?")
        await program.run(*ASK, "raft in c++ don't")
        lines = (await program.run("search", "raft", "role:user")).stdout.splitlines()
        array = json.loads((await program.run("search", "floats", "--json")).stdout)
        limited = await program.run("search", "--limit", "1", "raft")
    assert [line.split("\t")[1:3] for line in lines] == [
        ["raft in c++ don't", "user"],
        ["What is a raft?", "user"],
    ]
    (found,) = array
    assert found["message_id"].startswith(found["message_id"][:7])
    assert (found["title"], found["role"], found["model"]) == (
        "What is a raft?",
        "assistant",
        "test",
    )
    assert (found["excerpt"], found["spans"]) == ("A raft floats.", [[7, 13]])
    assert set(found) == {
        *("session_id", "message_id", "title", "role", "model", "created_at"),
        *("is_starred", "label", "excerpt", "spans"),
    }
    assert (limited.code, len(limited.stdout.splitlines())) == (0, 1)
    assert "more than 1" in limited.stderr


@pytest.mark.parametrize(
    "words", [("c++",), ("don't",), ('"', "x"), ("role:nobody",), ("--", "-x"), ("a" * 10_000,)]
)
async def test_no_word_is_a_mistake(program: Program, words: tuple[str, ...]) -> None:
    result = await program.run("search", *words)
    assert (result.code, result.stderr) == (1, "Nothing found.\n")


@pytest.mark.parametrize("words", [(), ("",), ('"  "',), ("--limit", "0", "x"), ("--nope", "x")])
async def test_nothing_to_look_for_is_a_mistake(program: Program, words: tuple[str, ...]) -> None:
    result = await program.run("search", *words)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr


def test_lines_for_programs_hold_their_fields_between_tabs() -> None:
    assert plain_lines([HIT], later(7200)) == (
        "0123456\tBoats␛[2J\tuser\t2 hours ago\t★ best\ta raft floats"
    )


def test_on_a_terminal_matches_are_lit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = on_terminal([HIT], later(7200)).splitlines()
    assert "0123456" in lines[0]
    assert "Boats␛[2J" in lines[0]
    assert lines[1] == "         a \x1b[1;33mraft\x1b[0m floats"
