"""`ask` in a process of its own, against a server on loopback: streams, pipes, exit codes."""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Program, outcome
from tests.servers.http import Cut, Reply
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
NAMES = ("temperature", "stop", "seed", "reasoning_effort", "max_tokens")


def _last_words(server: OpenAIServer) -> str:
    content = server.exchanges[-1].body["messages"][-1]["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


async def test_the_answer_goes_to_stdout_and_nothing_else_does(program: Program) -> None:
    async with OpenAIServer(streamed("Hello", " *there*")) as server:
        program.use(server)
        result = await program.run(*ASK, "Say", "hello")
        assert (result.code, result.stdout, result.stderr) == (0, "Hello *there*\n", "")
        assert server.exchanges[0].body["model"] == "test"
        assert _last_words(server) == "Say hello"


async def test_an_empty_answer_is_told_on_stderr(program: Program) -> None:
    async with OpenAIServer(Reply([chunk({"content": ""}, "stop"), DONE])) as server:
        program.use(server)
        result = await program.run(*ASK, "Say nothing")
    assert result.code == 0
    assert result.stderr == "The answer is empty. Ask again, or choose another model.\n"


async def test_sources_follow_the_answer_numbered_as_it_names_them(program: Program) -> None:
    found = [{"title": "Ada", "url": "https://a.example"}, {"url": "https://b.example"}]
    steps = [chunk({"content": "So [1][2]."}, search_results=found), chunk(finish="stop"), DONE]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        result = await program.run(*ASK, "Who?")
        assert result.stdout == (
            "So [1][2].\n\n1. Ada <https://a.example>\n2. <https://b.example>\n"
        )


async def test_each_piece_is_printed_when_it_comes(program: Program, held: asyncio.Event) -> None:
    first, last = chunk({"content": "First. "}), chunk({"content": "Last."})
    steps = [first, held, last, chunk(finish="stop"), DONE]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        process = await program.start(*ASK, "go")
        assert process.stdout is not None
        assert (await process.stdout.readexactly(6)) == b"First."
        held.set()
        assert (await process.stdout.read()) == b" Last.\n"
        assert await process.wait() == 0


async def test_escape_sequences_are_harmless_also_when_they_come_in_pieces(
    program: Program,
) -> None:
    async with OpenAIServer(streamed("red \x1b", "[31m\x9b", "1m \u202eback")) as server:
        program.use(server)
        result = await program.run(*ASK, "go")
        assert result.stdout == "red ␛[31m<U+009B>1m <U+202E>back\n"


async def test_json_is_one_object_with_everything(program: Program) -> None:
    steps = [
        chunk({"reasoning_content": "Hm."}),
        chunk({"content": "Noon\x1b[0m"}),
        chunk(finish="length"),
        usage(12, 7, completion_tokens_details={"reasoning_tokens": 4}),
        DONE,
    ]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        result = await program.run(*ASK, "--json", "When?")
    found = json.loads(result.stdout)
    assert result.code == 0
    assert (found["text"], found["thinking"]) == ("Noon\x1b[0m", "Hm.")
    assert found["usage"] == {
        "input_tokens": 12,
        "output_tokens": 7,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "reasoning_tokens": 4,
    }
    assert (found["provider"], found["model"]) == ("openai", "test")
    assert (found["stop_reason"], found["status"]) == ("max_tokens", "complete")
    assert found["cost_usd"] is None
    assert found["error"] is None
    assert len(found["session_id"]) == len(found["message_id"]) == 32
    assert "cut off" in result.stderr


async def test_a_tool_runs_and_is_told_on_stderr(program: Program) -> None:
    call = [
        chunk({"content": "I look."}),
        call_piece(0, '{"timezone": "UTC"}', "c1", "current_time"),
        chunk(finish="tool_calls"),
        usage(10, 2),
        DONE,
    ]
    async with OpenAIServer(Reply(call), streamed("It is late.")) as server:
        program.use(server)
        result = await program.run(*ASK, "Time?")
        assert result.stdout == "I look.\n\nIt is late.\n"
        assert 'Running current_time {"timezone": "UTC"}' in result.stderr
        assert "current_time finished" in result.stderr


async def test_json_of_a_tool_turn_has_the_last_text_all_calls_and_the_sum(
    program: Program,
) -> None:
    call = [
        chunk({"content": "I look."}),
        call_piece(0, '{"timezone": "UTC"}', "c1", "current_time"),
        chunk(finish="tool_calls"),
        usage(10, 2),
        DONE,
    ]
    async with OpenAIServer(Reply(call), streamed("It is late.")) as server:
        program.use(server)
        found = json.loads((await program.run(*ASK, "--json", "Time?")).stdout)
    assert found["text"] == "It is late."
    assert found["tool_calls"] == [{"name": "current_time", "arguments": {"timezone": "UTC"}}]
    assert (found["usage"]["input_tokens"], found["usage"]["output_tokens"]) == (20, 7)


async def test_piped_text_is_the_prompt_without_one(program: Program) -> None:
    async with OpenAIServer(streamed("ok")) as server:
        program.use(server)
        assert (await program.run(*ASK, stdin=b"from the pipe\n")).code == 0
        assert _last_words(server) == "from the pipe"


async def test_piped_text_is_context_after_the_prompt_and_files(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("the notes")
    async with OpenAIServer(streamed("ok")) as server:
        program.use(server)
        file = str(tmp_path / "notes.md")
        result = await program.run(*ASK, "review", "-f", file, stdin=b"the diff \xff\n")
        assert result.code == 0
        words = _last_words(server)
        assert words.index("review") < words.index("the notes") < words.index("the diff \ufffd")


@pytest.mark.parametrize("stdin", [None, b"", b" \n"])
async def test_without_prompt_and_text_it_says_what_to_write(
    program: Program, stdin: bytes | None
) -> None:
    result = await program.run(*ASK, stdin=stdin)
    assert (result.code, result.stdout) == (2, "")
    assert "There is no prompt" in result.stderr


async def test_too_much_piped_text_is_refused(program: Program) -> None:
    process = await program.start(*ASK, "hi", stdin=asyncio.subprocess.PIPE)
    result = outcome(process, *await process.communicate(b"x" * 20_100_000))
    assert result.code == 2
    assert "more than 20 MB" in result.stderr


@pytest.mark.parametrize("arguments", [("ask", "-f"), ("-f",)])
async def test_a_file_that_cannot_be_used_is_a_usage_error(
    program: Program, arguments: tuple[str, ...]
) -> None:
    result = await program.run(*arguments, "/nowhere/\x1b[31m.md", "hi")
    assert (result.code, result.stdout) == (2, "")
    assert "There is no file" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("reply", "code", "stdout"),
    [
        (refused(401, error("Incorrect API key", "invalid_api_key")), 4, ""),
        (refused(403, error("No access")), 4, ""),
        (refused(404, error("No such model", "model_not_found")), 3, ""),
        (refused(400, "<html><body>Bad\x1b[31m Request</body></html>"), 3, ""),
        (Reply([chunk({"content": "Half"}), Cut]), 3, "Half\n"),
        (Reply([chunk({"content": "Half"})]), 3, "Half\n"),
        (Reply([chunk({"content": "Half"}), b"data: {broken\n\n"]), 3, "Half\n"),
    ],
)
async def test_a_failure_has_an_exit_code_and_words_and_keeps_what_came(
    program: Program, reply: Reply, code: int, stdout: str
) -> None:
    async with OpenAIServer(reply) as server:
        program.use(server)
        result = await program.run(*ASK, "hi")
    assert (result.code, result.stdout) == (code, stdout)
    assert "openai" in result.stderr
    assert "Traceback" not in result.stderr
    assert "sk-test" not in result.stderr
    assert "\x1b" not in result.stderr


async def test_json_of_a_failure_has_its_words_and_the_partial_text(program: Program) -> None:
    async with OpenAIServer(Reply([chunk({"content": "Half"})])) as server:
        program.use(server)
        result = await program.run(*ASK, "--json", "hi")
    found = json.loads(result.stdout)
    assert result.code == 3
    assert (found["text"], found["status"]) == ("Half", "interrupted")
    assert "openai" in found["error"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "-m", "openai/gpt-5", "hi"), 4, "OPENAI_API_KEY"),
        (("ask", "hi"), 4, "OPENAI_API_KEY"),
        (("ask", "-m", "opnai/gpt-5", "hi"), 2, "openai/gpt-5"),
        (("ask", "-m", "demo/guide", "-c", "--no-save", "hi"), 2, "--no-save"),
    ],
)
async def test_what_prevents_asking_is_told(
    program: Program, arguments: tuple[str, ...], code: int, words: str
) -> None:
    plain = await program.run(*arguments)
    assert (plain.code, plain.stdout) == (code, "")
    assert words in plain.stderr
    as_json = await program.run(*arguments, "--json")
    assert as_json.code == code
    assert words in json.loads(as_json.stdout)["error"]


async def test_an_unknown_model_of_the_environment_is_not_replaced_silently(
    program: Program,
) -> None:
    program.environ["CONDUIT_MODEL"] = "opnai/gpt-5"
    assert (await program.run("ask", "hi")).code == 2


async def test_a_retry_is_told_on_stderr(program: Program) -> None:
    busy = refused(429, error("Slow down", kind="rate_limit"), **{"retry-after": "0"})
    async with OpenAIServer(busy, streamed("ok")) as server:
        program.use(server)
        result = await program.run(*ASK, "hi")
    assert (result.code, result.stdout) == (0, "ok\n")
    assert "Trying again" in result.stderr


async def test_the_last_session_is_continued(program: Program) -> None:
    async with OpenAIServer(streamed("First answer."), streamed("Second.")) as server:
        program.use(server)
        await program.run(*ASK, "One")
        assert (await program.run("ask", "-c", "Two")).stdout == "Second.\n"
        sent = server.exchanges[1].body
    assert sent["model"] == "test"
    assert [message["content"] for message in sent["messages"]] == ["One", "First answer.", "Two"]


async def test_the_system_prompt_is_sent_first(program: Program) -> None:
    program.write_settings('system_prompt = "From the file."')
    async with OpenAIServer(streamed("ok")) as server:
        program.use(server)
        await program.run(*ASK, "hi")
        await program.run(*ASK, "-s", "Be brief.", "hi")
        await program.run(*ASK, "-s", "", "hi")
    first: list[Any] = [exchange.body["messages"][0]["content"] for exchange in server.exchanges]
    assert first == ["From the file.", "Be brief.", "hi"]


async def test_sampling_settings_are_sent_and_kept_with_a_new_session(program: Program) -> None:
    async with OpenAIServer(streamed("Hi.")) as server:
        program.use(server)
        program.write_settings("[params]\nseed = 3\nmax_tokens = 500\n")
        options = (
            "-t",
            "0.2",
            "--stop",
            "END",
            "--stop",
            "###",
            "--effort",
            "low",
            "--seed",
            "off",
        )
        await program.run(*ASK, *options, "--seed", "off", "hi")
        await program.run(*ASK, "-c", "--temperature", "1", "again")
        await program.run(*ASK, "-c", "and again")
    sent = [{name: each.body.get(name) for name in NAMES} for each in server.exchanges]
    first = {
        "temperature": 0.2,
        "stop": ["END", "###"],
        "seed": None,
        "reasoning_effort": "low",
        "max_tokens": 500,
    }
    assert sent == [first, {**first, "temperature": 1}, first]


async def test_what_cannot_be_sent_is_left_out_and_told(program: Program) -> None:
    async with OpenAIServer(streamed("Hi.")) as server:
        program.use(server)
        result = await program.run(*ASK, "--search", "--thinking-tokens", "2k", "hi")
    assert (result.code, result.stdout) == (0, "Hi.\n")
    assert result.stderr == ("openai takes no thinking_tokens and no search; they are left out.\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-t", "3"), "temperature must be a number from 0 to 2, not '3'."),
        (("--effort", "hihg"), "effort must be none, minimal, low"),
        (("--stop", ""), "stop must be a text of at least one character."),
        (("--cache", "--no-save"), "--cache keeps replies on disk"),
    ],
)
async def test_a_setting_that_is_not_right_is_a_usage_error(
    program: Program, options: tuple[str, ...], words: str
) -> None:
    result = await program.run("ask", *options, "hi")
    assert (result.code, result.stdout) == (2, "")
    assert words in result.stderr


async def test_with_cache_the_same_question_is_answered_without_a_server(
    program: Program,
) -> None:
    async with OpenAIServer(streamed("Hello", " there")) as server:
        program.use(server)
        await program.run(*ASK, "--cache", "hi")
    again = await program.run(*ASK, "--cache", "hi")  # nobody listens there any more
    assert (again.code, again.stdout) == (0, "Hello there\n")
    assert again.stderr == "From the cache.\n"
    printed = json.loads((await program.run(*ASK, "--cache", "--json", "hi")).stdout)
    assert (printed["cached"], printed["text"]) == (True, "Hello there")
    assert set(printed["usage"].values()) == {0}


async def test_the_cache_is_off_unless_it_is_asked_for(program: Program) -> None:
    async with OpenAIServer(streamed("Hi.")) as server:
        program.use(server)
        printed = [
            json.loads((await program.run(*ASK, "--json", *flag, "hi")).stdout)["cached"]
            for flag in ((), ("--cache",), (), ("--cache",), ("-t", "1", "--cache"))
        ]
        program.write_settings("cache = true\n")
        await program.run(*ASK, "hi")
        await program.run(*ASK, "--no-cache", "hi")
    assert printed == [False, False, False, True, False]
    assert len(server.exchanges) == 5


async def test_no_save_writes_nothing_at_all(program: Program) -> None:
    result = await program.run("ask", "--no-save", "-m", "demo/guide", "--json", "time")
    assert result.code == 0
    assert json.loads(result.stdout)["session_id"] is None
    assert not program.home.exists()


async def test_a_mistake_in_the_settings_is_told_and_the_answer_still_comes(
    program: Program,
) -> None:
    program.write_settings("max_steps = many\n")
    async with OpenAIServer(streamed("ok")) as server:
        program.use(server)
        result = await program.run(*ASK, "hi")
    assert (result.code, result.stdout) == (0, "ok\n")
    assert "settings.toml, line 1: " in result.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
async def test_a_signal_keeps_what_had_come(
    program: Program, held: asyncio.Event, number: signal.Signals, code: int
) -> None:
    steps = [chunk({"content": "Half an answer"}), held]
    async with OpenAIServer(Reply(steps), streamed("Whole.")) as server:
        program.use(server)
        process = await program.start(*ASK, "One")
        assert process.stdout is not None
        await process.stdout.readexactly(4)
        process.send_signal(number)
        result = outcome(process, *await process.communicate())
        assert (result.code, result.stdout) == (code, " an answer\n")
        assert "Interrupted" in result.stderr
        await program.run("ask", "-c", "Two")
        contents = [message["content"] for message in server.exchanges[1].body["messages"]]
    assert contents == ["One", "Half an answer", "Two"]


async def test_an_interrupted_json_is_still_one_object(
    program: Program, held: asyncio.Event
) -> None:
    steps = [chunk({"content": "Half"}), held]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        process = await program.start(*ASK, "--json", "One")
        await server.arrived()
        process.send_signal(signal.SIGINT)
        result = outcome(process, *await process.communicate())
    assert result.code == 130
    found = json.loads(result.stdout)
    assert found["status"] == "interrupted"
    assert found["text"] in {"", "Half"}


async def test_a_reader_that_leaves_ends_it_quietly(program: Program, held: asyncio.Event) -> None:
    pieces = [chunk({"content": f"line {number}\n"}) for number in range(3)]
    steps = [pieces[0], held, pieces[1], pieces[2], *said("end")]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        reading, writing = os.pipe()
        process = await program.start(*ASK, "hi", stdout=writing)
        os.close(writing)
        assert await asyncio.to_thread(os.read, reading, 6) == b"line 0"
        os.close(reading)
        held.set()
        assert process.stderr is not None
        assert await process.stderr.read() == b""
        assert await process.wait() == 141


async def test_a_broken_database_is_told_and_the_answer_still_comes(program: Program) -> None:
    (program.home / "data" / "conduit.db").mkdir(parents=True)
    async with OpenAIServer(streamed("ok")) as server:
        program.use(server)
        result = await program.run(*ASK, "hi")
    assert (result.code, result.stdout) == (0, "ok\n")
    assert "conduit.db" in result.stderr


async def test_an_end_of_a_kind_that_is_not_known_is_told_by_its_own_word(
    program: Program,
) -> None:
    steps = [chunk({"content": "Half"}), chunk(finish="malformed\x1b[31m_call"), DONE]
    async with OpenAIServer(Reply(steps)) as server:
        program.use(server)
        result = await program.run(*ASK, "go")

    assert result.stderr == "The answer ended early: malformed␛[31m_call.\n"


async def test_a_model_that_is_not_known_is_told_once(program: Program) -> None:
    program.environ["CONDUIT_MODEL"] = "nowhere"
    result = await program.run("ask", "hi")
    assert result.code == 2
    assert result.stderr.count("No model is named 'nowhere'") == 1
