"""Shell commands: asked about whole, without secrets, and told plainly how they ended."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from conduit_tui.core.message import ToolResult
from conduit_tui.core.rule import parse_rule, verdict
from conduit_tui.tools.builtin.all import OFF, USUAL
from conduit_tui.tools.builtin.run_shell import LONGEST_COMMAND, passed_on, shell_tool
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.toolbox import Toolbox
from tests.tools.bench import Permitted


class Shell:
    """The tool in a directory, and what was asked."""

    def __init__(self, directory: Path, **environ: str) -> None:
        around = Surroundings(directory, environ={"PATH": os.environ["PATH"], **environ})
        self.bench = Permitted(Toolbox([shell_tool()]), around)

    async def run(self, command: str, **more: object) -> ToolResult:
        return await self.bench.call("run_shell", json.dumps({"command": command, **more}))


async def test_a_command_runs_where_the_person_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    shell = Shell(tmp_path)
    assert await shell.run("ls") == ToolResult("c1", "a.txt")
    (act,) = shell.bench.acts
    assert (act.tool, act.effect, act.subject, act.shown_as) == ("run_shell", "run", "ls", "shell")


async def test_it_is_off_where_nobody_chose() -> None:
    assert "run_shell" in OFF
    assert "run_shell" not in USUAL


async def test_a_failure_tells_the_exit_code_and_what_was_printed(tmp_path: Path) -> None:
    result = await Shell(tmp_path).run("echo before; false")
    assert result == ToolResult("c1", "Exit code 1.\nbefore", is_error=True)
    assert (await Shell(tmp_path).run("true")).output == "(It printed nothing.)"
    assert (await Shell(tmp_path).run("kill -9 $$")).output.startswith("Ended by signal 9.")


async def test_nothing_runs_that_is_not_permitted(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.bench.denied.add("run_shell")
    assert (await shell.run("touch done")).is_error
    assert not (tmp_path / "done").exists()


async def test_keys_and_passwords_are_not_passed_on(tmp_path: Path) -> None:
    secrets = {
        "OPENAI_API_KEY": "sk-1",
        "GITHUB_TOKEN": "t",
        "DB_PASSWORD": "p",
        "AWS_SECRET_ACCESS_KEY": "s",
        "CONDUIT_HOME": "/x",
    }
    shell = Shell(tmp_path, **secrets, LANG="C.UTF-8")
    printed = (await shell.run("env")).output
    assert "LANG=C.UTF-8" in printed
    assert not any(name in printed for name in secrets)
    assert "sk-1" not in printed
    assert set(passed_on(secrets)) & set(secrets) == set()


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("printf '\\033[31mred\\033[0m'", "red"),
        ("printf '\\033]52;c;aGk=\\007x'", "x"),
        ("printf 'a\\r\\nb'", "a\nb"),
        ("printf '\\377\\376'", "\ufffd\ufffd"),
        ("head -c 100 /dev/zero", "(It printed 100 bytes that are no text.)"),
    ],
)
async def test_what_is_no_plain_text_is_made_readable(
    tmp_path: Path, command: str, printed: str
) -> None:
    assert (await Shell(tmp_path).run(command)).output == printed


async def test_time_over_tells_what_had_been_printed(tmp_path: Path) -> None:
    result = await Shell(tmp_path).run("echo begun; sleep 600", seconds=1)
    assert result == ToolResult(
        "c1", "Stopped after 1 s. What it had printed:\nbegun", is_error=True
    )


@pytest.mark.parametrize("command", ["", "  \n", "a\0b", "x" * (LONGEST_COMMAND + 1)])
async def test_what_is_no_command_is_not_asked_about(tmp_path: Path, command: str) -> None:
    shell = Shell(tmp_path)
    assert (await shell.run(command)).is_error
    assert shell.bench.acts == []


async def test_a_rule_with_wildcards_does_not_let_a_second_command_through(
    tmp_path: Path,
) -> None:
    shell = Shell(tmp_path)
    shell.bench.denied.add("run_shell")
    rule = parse_rule("run_shell(git status*)", "allow")
    assert rule is not None
    for command, said in {
        "git status": "allow",
        "git status --short": "allow",
        "git status; rm -rf ~": "ask",
        "git status\nrm -rf ~": "ask",
        "git status $(rm -rf ~)": "ask",
        "git status > /etc/passwd": "ask",
        "git status && true": "ask",
    }.items():
        await shell.run(command)
        assert verdict([rule], shell.bench.acts[-1]) == said, command


async def test_what_always_would_allow_is_that_command_alone(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    for command in ("ls *", "echo 'a(b)' \\*", "a; b"):
        await shell.run(command)
        act = shell.bench.acts[-1]
        rule = parse_rule(f"run_shell({act.wider})", "allow")
        assert rule is not None
        assert verdict([rule], act) == "allow", command
        await shell.run(command + " x")
        assert verdict([rule], shell.bench.acts[-1]) == "ask", command


async def test_cancelling_the_call_stops_the_command(tmp_path: Path) -> None:
    task = asyncio.create_task(Shell(tmp_path).run("echo $$ > pid; sleep 600"))
    async with asyncio.timeout(10):
        while not (tmp_path / "pid").exists():  # noqa: ASYNC110  nothing else tells of it
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
