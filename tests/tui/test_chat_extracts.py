"""Copying, writing and opening messages and their blocks of code by keyboard."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from conduit_tui.core.message import Attachment
from conduit_tui.core.start import Start
from conduit_tui.providers.scripted import reply
from conduit_tui.tui import chat_actions, chat_extracts
from conduit_tui.tui.screens.confirm import Confirm
from conduit_tui.tui.screens.extract_chooser import ExtractChooser
from conduit_tui.tui.screens.line_input import LineInput
from conduit_tui.tui.widgets.external_program import ProgramFailed
from tests.tui.stage import Chat, Stage

CODE = "Two:\n\n```python\ndef f():\n\treturn 1\n```\n\n- in a list\n\n  ```sh\n  ls -l\n  ```\n"


@pytest.fixture
def copied(monkeypatch) -> list[str]:
    """What reaches the clipboard, whose routes have tests of their own."""
    texts: list[str] = []

    async def copy(terminal: object, text: str, environ: object) -> str:
        texts.append(text)
        return "copied (test)"

    monkeypatch.setattr(chat_actions, "copy", copy)
    return texts


@pytest.fixture
def opened(monkeypatch) -> list[tuple[str, str, bool]]:
    """What is opened outside: the text, the extension, whether it is code."""
    calls: list[tuple[str, str, bool]] = []

    async def opens(_: object, text: str, suffix: str, __: object, *, is_code: bool) -> bool:
        calls.append((text, suffix, is_code))
        return is_code

    monkeypatch.setattr(chat_extracts, "open_outside", opens)
    return calls


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    """The working directory."""
    directory = tmp_path / "work"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


async def choose(chat: Chat) -> None:
    await chat.press("Y")
    await chat.until(lambda: isinstance(chat.app.screen, ExtractChooser))
    await chat.pilot.pause()


async def asked_for_a_path(chat: Chat) -> None:
    await chat.until(lambda: isinstance(chat.app.screen, LineInput))
    await chat.pilot.pause()


async def test_y_in_capitals_lists_the_blocks_and_a_number_copies_one(
    stage: Stage, copied: list[str]
):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await choose(chat)
        await chat.sees("1  python  2 lines  def f():", "2  sh      1 line   ls -l")
        await chat.sees("m  the message", "p  the whole path", "2 messages")
        await chat.press("2")
        await chat.is_told("copied (test)")
        assert chat.app.screen is chat.screen
        await choose(chat)
        await chat.press("1")
        await chat.until(lambda: len(copied) == 2)
    assert copied == ["ls -l\n", "def f():\n\treturn 1\n"]


async def test_a_number_right_behind_the_key_is_the_choosers(stage: Stage, copied: list[str]):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "Y", "2")
        await chat.until(lambda: copied == ["ls -l\n"])
        await chat.press("Y", "j", "enter")
        await chat.until(lambda: copied[1:] == ["ls -l\n"])


async def test_j_k_and_enter_choose_too(stage: Stage, copied: list[str]):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        for keys, expected in (
            (("enter",), "def f():\n\treturn 1\n"),
            (("j", "enter"), "ls -l\n"),
            (("down", "down", "k", "up", "y"), "def f():\n\treturn 1\n"),
            (("m",), CODE),
            (("p",), f"## User\n\nhi\n\n## Assistant (guide)\n\n{CODE}"),
        ):
            copied.clear()
            await choose(chat)
            await chat.press(*keys)
            await chat.until(lambda: copied)
            assert copied == [expected]


async def test_a_message_without_code_still_has_the_chooser(stage: Stage, copied: list[str]):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await choose(chat)
        await chat.press("1", "w")
        await chat.until(lambda: isinstance(chat.app.screen, LineInput))
        await chat.press("escape")
        await choose(chat)
        await chat.press("escape", "Y")
        await chat.until(lambda: isinstance(chat.app.screen, ExtractChooser))
    assert copied == []


async def test_an_empty_session_has_nothing_to_choose_write_or_open(stage: Stage):
    async with stage.open() as chat:
        await chat.press("escape", "Y")
        await chat.is_told("Nothing to copy here.")
        await chat.press("w")
        await chat.is_told("Nothing to write here.")
        await chat.press("o")
        await chat.is_told("Nothing to open here.")
        await chat.press(")")
        await chat.is_told("No block of code below.")
        await chat.press("{")
        await chat.is_told("No message of yours above.")


async def test_a_file_in_a_message_is_a_block(stage: Stage, copied: list[str], here: Path):
    notes = Attachment("text/plain", b"one\ntwo", "notes.csv")
    async with stage.open(Start(attachments=(notes,), prompt="read this")) as chat:
        await chat.until(lambda: len(chat.session) == 2 and not chat.is_running())
        await chat.press("escape", "k")
        await choose(chat)
        await chat.sees("1  notes.csv  2 lines  one")
        await chat.press("w")
        await asked_for_a_path(chat)
        await chat.press("enter")
        await chat.is_told("Wrote block 1 to notes.csv, 8 B.")
    assert (here / "notes.csv").read_text() == "one\ntwo\n"


async def test_a_block_that_still_streams_is_copied_as_far_as_it_came(
    stage: Stage, copied: list[str]
):
    gate = asyncio.Event()
    stage.answers("hi", ["```py\na = 1\nb", gate, " = 2\n```"])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("a = 1")
        await chat.press("escape", "G")
        await choose(chat)
        await chat.press("1")
        await chat.until(lambda: copied == ["a = 1\nb"])
        gate.set()
        await chat.until(lambda: not chat.is_running())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/copy 2", "ls -l\n"),
        ("/copy path", f"## User\n\nhi\n\n## Assistant (guide)\n\n{CODE}"),
        ("/copy", CODE),
    ],
)
async def test_the_copy_command_takes_blocks_and_the_path(
    stage: Stage, copied: list[str], line: str, expected: str
):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run(line)
        await chat.until(lambda: copied == [expected])


async def test_a_block_that_is_not_there_is_told(stage: Stage, copied: list[str]):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.send("/copy 3")
        await chat.is_told("There is no block 3; this message has blocks 1 to 2.")
        await chat.send("/copy ab")
        await chat.is_told("Write /copy, /copy N for block N, /copy path, or /copy A..B.")
        await chat.send("/copy three")
        await chat.is_told("No id or label 'three' in this session.")
        await chat.ask("again")
        await chat.send("/copy 1")
        await chat.is_told("This message has no block of code.")
    assert copied == []


# -- writing ------------------------------------------------------------------------------------


async def test_w_writes_the_message_under_a_name_from_the_title(stage: Stage, here: Path):
    async with stage.open() as chat:
        await chat.ask("Raft: notes & more")
        await chat.press("escape", "w")
        await asked_for_a_path(chat)
        await chat.sees("Write the message to", "raft-notes-more.md")
        await chat.press("enter")
        await chat.is_told("Wrote the message to raft-notes-more.md, 23 B.")
        await chat.press("w")
        await asked_for_a_path(chat)
        await chat.sees("raft-notes-more-2.md")
    assert (here / "raft-notes-more.md").read_text() == "Re: Raft: notes & more\n"


async def test_w_in_the_chooser_writes_a_block_with_the_extension_of_its_language(
    stage: Stage, here: Path
):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await choose(chat)
        await chat.press("w")
        await asked_for_a_path(chat)
        await chat.sees("Write block 1 to", "block-1.py")
        await chat.press("enter")
        await chat.is_told("Wrote block 1 to block-1.py, 19 B.")
    assert (here / "block-1.py").read_text() == "def f():\n\treturn 1\n"


async def test_a_file_that_is_there_is_asked_about(stage: Stage, here: Path):
    (here / "a.md").write_text("old")
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.send("/write a.md")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        await chat.sees("There is a file 'a.md'. Overwrite it?", "Other name")
        await chat.press("n")
        await asked_for_a_path(chat)
        assert (here / "a.md").read_text() == "old"
        await chat.press("backspace", "backspace", "backspace", *"2.md", "enter")
        await chat.is_told("Wrote the message to a2.md, 7 B.")
        await chat.send("/write a.md")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        await chat.press("y")
        await chat.is_told("Wrote the message to a.md, 7 B.")
    assert (here / "a.md").read_text() == (here / "a2.md").read_text() == "Re: hi\n"


async def test_what_cannot_be_written_is_told_and_the_path_can_be_mended(stage: Stage, here: Path):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.send("/write missing/a.md")
        await chat.is_told("There is no folder 'missing'.")
        await asked_for_a_path(chat)
        await chat.sees("missing/a.md")
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
    assert list(here.iterdir()) == []


# -- opening ------------------------------------------------------------------------------------


async def test_o_opens_the_message_to_read_and_a_block_to_edit(
    stage: Stage, opened: list[tuple[str, str, bool]]
):
    stage.answers("hi", reply(CODE))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "o")
        await chat.until(lambda: opened == [(CODE, ".md", False)])
        assert chat.notices() == []
        await choose(chat)
        await chat.press("j", "o")
        await chat.is_told("That was a copy of block 2; the chat stays as it was.")
        assert opened[1:] == [("ls -l\n", ".sh", True)]
        await chat.press("i")
        await chat.run("/open")
        await chat.until(lambda: len(opened) == 3)


async def test_a_program_that_fails_is_told(stage: Stage, monkeypatch):
    async def fails(*_: Any, **__: Any) -> bool:
        raise ProgramFailed("The pager 'x' did not start.")

    monkeypatch.setattr(chat_extracts, "open_outside", fails)
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "o")
        await chat.is_told("The pager 'x' did not start.")


# -- moving -------------------------------------------------------------------------------------


async def test_braces_jump_between_messages_of_ones_own(stage: Stage):
    async with stage.open() as chat:
        for words in ("one", "two", "three"):
            await chat.ask(words)
        await chat.press("escape")
        for key, words in (("{", "three"), ("{", "two"), ("{", "one"), ("}", "two")):
            await chat.press(key)
            assert chat.cursor() == words
        await chat.press("{", "{")
        await chat.is_told("No message of yours above.")
        assert chat.cursor() == "one"


async def test_parentheses_jump_to_blocks_and_the_chooser_begins_there(
    stage: Stage, copied: list[str]
):
    words = "\n\n".join(["words"] * 30)
    stage.answers("hi", reply(f"{words}\n\n{CODE}\n\n{words}"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.ask("more")
        await chat.press("escape", "(")
        marked = [line for line in chat.lines(chat.screen.transcript) if line.startswith("█")]
        assert [line.split()[1:] for line in marked] == [["sh"], ["ls", "-l"]]
        await choose(chat)
        await chat.press("enter")
        await chat.until(lambda: copied == ["ls -l\n"])
        await chat.press("(")
        assert "def f():" in chat.transcript()
        await chat.press("(")
        await chat.is_told("No block of code above.")
        await choose(chat)
        await chat.press("enter")
        await chat.until(lambda: copied[1:] == ["def f():\n\treturn 1\n"])
        await chat.press("j")
        await choose(chat)
