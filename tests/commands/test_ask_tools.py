"""`ask` and tools: nobody is there to approve, so what needs it is denied, unless it is allowed."""

import json
from pathlib import Path

from tests.commands.conftest import Program
from tests.servers.http import Reply
from tests.servers.openai_server import DONE, OpenAIServer, call_piece, chunk, streamed, usage

ASK = ("ask", "-m", "openai/test")


def calling(name: str, **arguments: object) -> Reply:
    """A call of one tool."""
    piece = call_piece(0, json.dumps(arguments), "c1", name)
    return Reply([piece, chunk(finish="tool_calls"), usage(), DONE])


def offered(server: OpenAIServer) -> list[str]:
    """The tools the model was told of."""
    return [tool["function"]["name"] for tool in server.exchanges[0].body.get("tools", [])]


def result(server: OpenAIServer) -> str:
    """What the model read of its call."""
    return str(server.exchanges[1].body["messages"][-1]["content"])


async def test_what_needs_approval_is_neither_offered_nor_run(
    program: Program, tmp_path: Path
) -> None:
    call = calling("run_shell", command=f"touch {tmp_path}/done")
    async with OpenAIServer(call, streamed("No.")) as server:
        program.use(server)
        ended = await program.run(*ASK, "touch it")
        assert ended.code == 0
        assert "run_shell" not in offered(server)
        assert "There is no tool named 'run_shell' here." in result(server)
        assert "run_shell failed" in ended.stderr
        assert not (tmp_path / "done").exists()


async def test_what_is_allowed_is_offered_and_runs(program: Program, tmp_path: Path) -> None:
    call = calling("run_shell", command=f"touch {tmp_path}/done; echo made")
    async with OpenAIServer(call, streamed("Done.")) as server:
        program.use(server)
        ended = await program.run(*ASK, "--allow", "run_shell", "touch it")
        assert (ended.code, ended.stdout) == (0, "Done.\n")
        assert "run_shell" in offered(server)
        assert result(server) == "made"
        assert (tmp_path / "done").exists()


async def test_a_pattern_allows_no_more_than_it_says(program: Program, tmp_path: Path) -> None:
    call = calling("run_shell", command=f"touch {tmp_path}/done")
    async with OpenAIServer(call, streamed("No.")) as server:
        program.use(server)
        ended = await program.run(*ASK, "--allow", "run_shell(git status*)", "touch it")
        assert "run_shell" in offered(server)
        assert "--allow run_shell" in result(server)
        assert "nobody is there to ask" in ended.stderr
        assert not (tmp_path / "done").exists()


async def test_a_rule_that_denies_counts_before_what_is_allowed(
    program: Program, tmp_path: Path
) -> None:
    program.write_settings('[permissions]\ndeny = ["run_shell"]\n')
    call = calling("run_shell", command=f"touch {tmp_path}/done")
    async with OpenAIServer(call, streamed("No.")) as server:
        program.use(server)
        await program.run(*ASK, "--allow", "run_shell", "touch it")
        assert "run_shell" not in offered(server)
        assert not (tmp_path / "done").exists()


async def test_an_unknown_tool_is_answered_with_the_nearest(program: Program) -> None:
    async with OpenAIServer(streamed("no")) as server:
        program.use(server)
        ended = await program.run(*ASK, "--allow", "run_shel", "x")
        assert ended.code == 2
        assert "There is no tool named 'run_shel'. Did you mean 'run_shell'?" in ended.stderr
        assert server.exchanges == []


async def test_what_is_no_rule_is_a_mistake_of_usage(program: Program) -> None:
    ended = await program.run(*ASK, "--allow", "run shell", "x")
    assert ended.code == 2
    assert "--allow takes a tool" in ended.stderr
