"""The command line, in processes of its own."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conduit_tui import __version__
from conduit_tui.cli import run, split_command
from conduit_tui.core.message import Attachment
from conduit_tui.core.start import Start
from conduit_tui.settings import Settings
from conduit_tui.tui.app import Ended
from conduit_tui.tui.terminal import Terminal

SLOW = ("textual", "rich", "pydantic", "aiosqlite", "openai", "platformdirs", "asyncio", "sqlite3")


def _run(*arguments: str, home: Path, **options: object) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "CONDUIT_HOME": str(home), "TERM": "xterm-256color"}
    environ |= options.pop("environ", {})  # type: ignore[arg-type]
    return subprocess.run(
        [sys.executable, "-m", "conduit_tui", *arguments],
        **{"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, **options},  # type: ignore[call-overload]
        env=environ,
        start_new_session=True,
    )


def test_the_version_is_printed(tmp_path: Path) -> None:
    result = _run("--version", home=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"conduit-tui, version {__version__}\n")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_lists_options_and_commands(tmp_path: Path, option: str) -> None:
    result = _run(option, home=tmp_path)
    assert result.returncode == 0
    assert "conduit-tui [OPTIONS] [PROMPT]..." in result.stdout
    assert "-h, --help" in result.stdout
    assert "  ask  " in result.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ask", "--help"]])
def test_help_and_version_import_nothing_slow(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import sys; from conduit_tui.cli import run; "
        f"assert run({arguments!r}) == 0; "
        f"print(*(set({SLOW!r}) & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "\n")


@pytest.mark.parametrize(
    ("given", "command", "rest"),
    [
        ([], None, []),
        (["ask"], "ask", []),
        (["ask", "me", "-m", "x"], "ask", ["me", "-m", "x"]),
        (["-m", "x", "ask", "me"], "ask", ["-m", "x", "me"]),
        (["-cm", "ask", "me"], None, ["-cm", "ask", "me"]),
        (["--", "ask", "me"], None, ["--", "ask", "me"]),
        (["please", "ask", "me"], None, ["please", "ask", "me"]),
        (["-m", "x", "--", "ask"], None, ["-m", "x", "--", "ask"]),
        (["ask", "--", "ask"], "ask", ["--", "ask"]),
        (["--no-such", "ask"], None, ["--no-such", "ask"]),
        (["-m"], None, ["-m"]),
    ],
)
def test_the_first_word_decides_and_two_dashes_make_it_a_prompt(
    given: list[str], command: str | None, rest: list[str]
) -> None:
    assert split_command(given) == (command, rest)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--no-such",), "No such option"),
        (("ask", "--theme", "x"), "No such option"),
        (("-m",), "requires an argument"),
        (("-f", "/nowhere.md", "hi"), "There is no file '/nowhere.md'"),
        (("-c", "--no-save"), "--no-save"),
    ],
)
def test_what_cannot_be_understood_is_told_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = _run(*arguments, home=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_a_terminal_and_a_prompt_it_says_what_to_do(tmp_path: Path) -> None:
    result = _run(home=tmp_path)
    assert result.returncode == 2
    assert "There is no terminal" in result.stderr
    assert "conduit-tui ask" in result.stderr


@pytest.mark.parametrize("is_piped", [True, False])
def test_without_a_terminal_a_prompt_is_answered_on_stdout(tmp_path: Path, is_piped: bool) -> None:
    arguments = ("-m", "demo/guide", "--no-save") + (() if is_piped else ("time",))
    options = {"stdin": None, "input": "time"} if is_piped else {}
    result = _run(*arguments, home=tmp_path, **options)
    assert result.returncode == 0
    assert "There is no terminal" in result.stderr
    assert "current_time" in result.stdout


def test_a_crash_is_one_line_and_the_traceback_is_in_the_log(tmp_path: Path) -> None:
    code = (
        "import conduit_tui.runtime as runtime\n"
        "def broken(*_, **__):\n"
        "    password = 'sk-secret'\n"
        "    raise ValueError(password)\n"
        "runtime.open_controller = broken\n"
        "from conduit_tui.__main__ import main\n"
        "import sys; sys.argv[1:] = ['ask', '-m', 'demo/guide', 'hi']\n"
        "main()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "CONDUIT_HOME": str(tmp_path)},
    )
    log_file = tmp_path / "state" / "conduit.log"
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "ValueError" in result.stderr
    assert str(log_file) in result.stderr
    log = log_file.read_text()
    assert "in broken" in log
    assert "sk-secret" not in log + result.stderr


@pytest.mark.parametrize("closed", ["0<&-", ">&-", "2>&-", "0<&- >&- 2>&-"])
async def test_closed_streams_are_no_crash(tmp_path: Path, closed: str) -> None:
    process = await asyncio.create_subprocess_shell(
        f"exec {sys.executable} -m conduit_tui ask -m demo/guide time {closed}",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "CONDUIT_HOME": str(tmp_path)},
    )
    stdout, _ = await process.communicate()
    assert process.returncode == 0
    assert (b"current_time" in stdout) == (">&-" not in closed.replace("2>&-", ""))


def test_the_screen_is_told_everything_the_command_line_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.md").write_text("notes")
    opened: list[tuple[Settings, Start]] = []

    def run_app(settings: Settings, start: Start) -> Ended:
        opened.append((settings, start))
        return Ended(7)

    monkeypatch.setenv("CONDUIT_HOME", str(tmp_path))
    monkeypatch.setattr("conduit_tui.tui.app.run_app", run_app)
    monkeypatch.setattr("conduit_tui.settings.logs.start_log", lambda *_, **__: True)
    monkeypatch.setattr("conduit_tui.tui.terminal.take_terminal", lambda _: Terminal(42, {}))
    file = str(tmp_path / "notes.md")
    arguments = ["two", "words", "-m", "a/b", "-s", "Brief.", "--theme", "own", "-f", file]
    assert run([*arguments, "--no-save"]) == 7
    settings, start = opened[0]
    assert start == Start(
        prompt="two words",
        attachments=(Attachment("text/plain", b"notes", "notes.md"),),
        pipe_fd=42,
        model="a/b",
        system_prompt="Brief.",
        save=False,
    )
    assert (settings.model, settings.theme, settings.system_prompt) == ("a/b", "own", "Brief.")
    assert run(["-c"]) == 7
    assert opened[1][1] == Start(pipe_fd=42, continue_last=True)
