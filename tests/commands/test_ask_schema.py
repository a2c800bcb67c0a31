"""`ask --schema` in a process of its own, against a server on loopback."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Program, outcome
from tests.servers.http import Cut, Reply, Stall
from tests.servers.openai_server import (
    DONE,
    OpenAIServer,
    call_piece,
    chunk,
    error,
    refused,
    said,
    streamed,
    usage,
)

ASK = ("ask", "-m", "openai/test")
FIELDS = "name, age int, tags list"
ADA = {"name": "Ada", "age": 36, "tags": ["maths"]}
GOOD = json.dumps(ADA)
BAD = '{"name": "Ada", "age": "old", "tags": []}'


def instructions(server: OpenAIServer, number: int = 0) -> str:
    first = server.exchanges[number].body["messages"][0]
    assert first["role"] == "system"
    return first["content"]


async def test_stdout_is_the_value_alone_on_one_line(program: Program) -> None:
    answer = f"Of course!\n```json\n{json.dumps(ADA, indent=4)}\n```\nThat is Ada."
    async with OpenAIServer(streamed(*answer)) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who was Ada?")
        assert (result.code, result.stderr) == (0, "")
        assert result.stdout == GOOD + "\n"
        assert '"tags"' in instructions(server)
        assert server.exchanges[0].body["messages"][-1]["content"] == "Who was Ada?"


async def test_a_value_in_a_call_is_one_too(program: Program) -> None:
    pieces = [call_piece(0, "", "call_1", "answer"), *(call_piece(0, sign) for sign in GOOD)]
    steps = [*pieces, chunk(finish="tool_calls"), usage(), DONE]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert (result.code, result.stdout) == (0, GOOD + "\n")


async def test_a_schema_file_is_read_and_json_has_the_value(
    program: Program, tmp_path: Path
) -> None:
    shape = {
        "title": "Person of note",
        "type": "object",
        "properties": {"name": {"type": "string"}, "born": {"type": "string", "format": "date"}},
        "required": ["name"],
        "if": {},
    }
    path = tmp_path / "person.json"
    path.write_text(json.dumps(shape))
    async with OpenAIServer(streamed('{"name": "Ada", "born": "1815-12-10"}')) as server:
        program.use(server)
        result = await program.run(*ASK, "--json", "--schema", str(path), "Who?")
        assert result.code == 0
        printed = json.loads(result.stdout)
        assert printed["structured"] == {"name": "Ada", "born": "1815-12-10"}
        assert printed["text"] == ""
        assert printed["usage"]["input_tokens"] == 10
        assert "'if' at the schema is not checked" in result.stderr


async def test_a_wrong_value_is_asked_for_again_and_paid_for_twice(program: Program) -> None:
    async with OpenAIServer(streamed(BAD), streamed(GOOD)) as server:
        program.use(server)
        result = await program.run(*ASK, "--json", "--schema", FIELDS, "Who?")
        assert result.code == 0
        printed = json.loads(result.stdout)
        assert printed["structured"] == ADA
        assert (printed["usage"]["input_tokens"], printed["usage"]["output_tokens"]) == (20, 10)
        assert 'age: Input should be a valid integer, not "old"' in result.stderr
        assert "Asking again" in result.stderr
        *_, said_before, told = server.exchanges[1].body["messages"]
        assert (said_before["role"], said_before["content"]) == ("assistant", BAD)
        assert "valid integer" in told["content"]


async def test_a_value_that_is_wrong_twice_is_an_error_with_what_came(program: Program) -> None:
    async with OpenAIServer(streamed(BAD)) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert (result.code, result.stdout) == (3, "")
        assert "does not fit the schema 'answer'" in result.stderr
        assert "age: Input should be a valid integer" in result.stderr
        assert f"What came:\n{BAD}" in result.stderr
        assert len(server.exchanges) == 2


async def test_a_refusal_is_an_error_in_the_models_words(program: Program) -> None:
    steps = [chunk({"refusal": "I cannot help with that."}), chunk(finish="stop"), usage(), DONE]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert (result.code, result.stdout) == (3, "")
        assert "refused to answer: I cannot help with that." in result.stderr
        assert len(server.exchanges) == 1


async def test_a_value_cut_at_the_limit_says_how_to_get_all_of_it(program: Program) -> None:
    async with OpenAIServer(Reply(said(GOOD[:20], finish="length"))) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert (result.code, result.stdout) == (3, "")
        assert "max_tokens" in result.stderr
        assert GOOD[:20] in result.stderr


async def test_a_stream_that_breaks_off_prints_no_value(program: Program) -> None:
    async with OpenAIServer(Reply([chunk({"content": GOOD}), Cut])) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert (result.code, result.stdout) == (3, "")
        assert GOOD in result.stderr


async def test_an_interrupted_value_is_kept_as_the_text_that_came(program: Program) -> None:
    steps = [chunk({"reasoning": "hm"}), chunk({"content": '{"name": "Ad'}), Stall]
    async with OpenAIServer(streamed("[1]"), Reply(steps)) as server:
        program.use(server)
        process = await program.start(*ASK, "--json", "--schema", FIELDS, "Who?")
        await server.arrived(2)  # what is told of the first answer comes before the second
        process.send_signal(signal.SIGINT)
        result = outcome(process, *await process.communicate())
        assert result.code == 130
        printed = json.loads(result.stdout)
        assert (printed["structured"], printed["status"]) == (None, "interrupted")
        assert printed["text"].startswith("[1]\n\n")


async def test_a_failure_of_the_server_stays_what_it_is(program: Program) -> None:
    async with OpenAIServer(refused(401, error("Incorrect API key", "invalid"))) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert (result.code, result.stdout) == (4, "")


@pytest.mark.parametrize(
    ("schema", "content", "words"),
    [
        ("none.json", None, "There is no schema file 'none.json'."),
        ("text.json", b"name, age", "is no JSON"),
        ("latin.json", b'{"a": "\xe9"}', "not UTF-8"),
        ("list.json", b"[1, 2]", "must be an object"),
        ("word.json", b'{"type": "string"}', "only an object or an array"),
        ("type.json", b'{"type": "strin"}', "unknown type 'strin'"),
        ("far.json", b'{"$ref": "https://x/y.json"}', "only what is in the schema itself"),
        ("lost.json", b'{"$ref": "#/$defs/no"}', "nothing at '#/$defs/no'"),
        pytest.param("huge.json", b" " * 300_000, "more than", id="huge"),
        pytest.param("deep.json", b'{"a":' * 30_000, "nested too deeply", id="deep"),
        ("name, age in", None, "no known type 'in'"),
        (",", None, "names no field"),
        ("{", None, "is no JSON"),
    ],
)
async def test_a_schema_that_is_none_is_told_before_anything_is_sent(
    program: Program, tmp_path: Path, schema: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / schema).write_bytes(content)
        schema = str(tmp_path / schema)
    async with OpenAIServer(streamed(GOOD)) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", schema, "Who?")
        assert (result.code, result.stdout) == (2, "")
        assert words in result.stderr
        assert "Traceback" not in result.stderr
        assert server.exchanges == []


async def test_a_value_goes_back_as_json_when_the_session_goes_on(program: Program) -> None:
    async with OpenAIServer(streamed(GOOD), streamed("She was a mathematician.")) as server:
        program.use(server)
        await program.run(*ASK, "--schema", FIELDS, "Who?")
        result = await program.run(*ASK, "-c", "And what did she do?")
        assert result.stdout == "She was a mathematician.\n"
        messages: list[dict[str, Any]] = server.exchanges[1].body["messages"]
        assert [each["role"] for each in messages] == ["user", "assistant", "user"]
        assert json.loads(messages[1]["content"]) == ADA


async def test_what_a_terminal_would_obey_is_escaped_and_the_value_stays(program: Program) -> None:
    hostile = {"name": "\x1b[31m\u202e\x9b1m", "age": 1, "tags": ["é"]}
    async with OpenAIServer(streamed(json.dumps(hostile))) as server:
        program.use(server)
        result = await program.run(*ASK, "--schema", FIELDS, "Who?")
        assert json.loads(result.stdout) == hostile
        assert result.stdout.isascii()
