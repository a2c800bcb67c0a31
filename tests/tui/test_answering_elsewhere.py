"""Tools that ask on other branches, in other sessions, or out of sight."""

import asyncio
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from conduit_tui.core.consent import Act
from conduit_tui.core.json import Json
from conduit_tui.providers.scripted import reply
from conduit_tui.tui import endings
from conduit_tui.tui.endings import TerminalCalled
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.session_list import SessionList
from tests.tui.asking import Asking, Clock, calls, written
from tests.tui.stage import Chat, Stage


def long_question(arguments: dict[str, Json]) -> Act:
    return replace(written(arguments), preview="\n".join(map(str, range(30))), shown_as="text")


def clocked(chat: Chat) -> Clock:
    clock = chat.screen.answering.clock = Clock()
    chat.screen.answering.alone_seconds = 0
    return clock


def asking_count(chat: Chat) -> int:
    return len(chat.controller.tooling.open_approvals())


def ask_beside(chat: Chat) -> None:
    """Have the question answered once more, beside the reply that asks."""
    session = chat.session
    turn = chat.controller.regenerate(session, session.path(session.leaf_id)[0].id)
    chat.screen.follow(turn, session)


async def answer_yes(chat: Chat, clock: Clock) -> None:
    clock.go(1)
    await chat.press("y")


async def test_f4_goes_to_the_branch_that_asks_and_a_draft_elsewhere_streams_on(
    tmp_path: Path,
) -> None:
    stage, tool, gate = Stage(tmp_path), Asking(), asyncio.Event()
    stage.tools = [tool.tool]
    stage.answers("go", calls(("save", {"path": "a.md"})), ["Streams", gate, *reply(" on")])
    async with stage.open(size=(120, 40)) as chat:
        clock = clocked(chat)
        await chat.send("go")
        await chat.sees("yes, once")
        asking = chat.session.path(chat.session.leaf_id)[-1].id
        ask_beside(chat)
        await chat.sees("Streams")
        streaming = chat.screen.live.on_view(chat.session)
        assert streaming is not None
        assert "a tool asks elsewhere · F4 goes there" in chat.status()
        assert any(line.lstrip(" ├└│─").startswith("? ") for line in chat.lines(MessageTree))
        await chat.press("f4")
        assert chat.screen.mode == "answer"
        assert asking in [entry.id for entry in chat.screen.transcript.entries]
        await answer_yes(chat, clock)
        await chat.until(lambda: tool.done)
        assert streaming.message_id not in chat.session
        gate.set()
        await chat.until(lambda: not chat.is_running())
        assert chat.session[streaming.message_id].text == "Streams on"


async def test_three_branches_ask_at_once(tmp_path: Path) -> None:
    stage, tool = Stage(tmp_path), Asking(act=lambda each: replace(written(each), wider=""))
    stage.tools = [tool.tool]
    stage.answers("go", *(calls(("save", {"path": f"{name}.md"})) for name in "abc"))
    async with stage.open(size=(120, 40)) as chat:
        clock = clocked(chat)
        await chat.send("go")
        await chat.sees("yes, once")
        ask_beside(chat)
        await chat.until(lambda: asking_count(chat) == 2)
        ask_beside(chat)
        await chat.until(lambda: asking_count(chat) == 3)
        for left in (2, 1, 0):
            await chat.press("f4")
            assert chat.screen.mode == "answer"
            await answer_yes(chat, clock)
            await chat.until(lambda left=left: asking_count(chat) == left)
        await chat.until(lambda: not chat.is_running())
        assert sorted(str(each["path"]) for each in tool.done) == ["a.md", "b.md", "c.md"]


async def test_another_session_that_asks_is_marked_and_f4_opens_it(tmp_path: Path) -> None:
    stage, tool = Stage(tmp_path), Asking()
    stage.tools = [tool.tool]
    stage.answers("go", calls(("save", {"path": "a.md"})))
    async with stage.open(size=(120, 40)) as chat:
        clock = clocked(chat)
        await chat.send("go")
        await chat.sees("yes, once")
        first = chat.session
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not first)
        await chat.ask_beside("hello")
        assert any("? go" in line for line in chat.lines(SessionList))
        assert "a tool asks elsewhere" in chat.status()
        await chat.run("/answer y")
        await chat.is_told("No tool asks here. F4 goes to where one does.")
        assert asking_count(chat) == 1
        await chat.press("f4")
        await chat.until(lambda: chat.screen.mode == "answer")
        assert chat.session.id == first.id
        await answer_yes(chat, clock)
        await chat.until(lambda: not chat.is_running())
        assert len(tool.done) == 1
        assert not any("? go" in line for line in chat.lines(SessionList))


async def test_a_question_below_a_view_that_was_scrolled_up_shows_the_pill(tmp_path: Path) -> None:
    stage, gate = Stage(tmp_path), asyncio.Event()
    stage.tools = [Asking(act=long_question).tool]
    stage.answers("long", reply("\n\n".join(f"Line {number}" for number in range(60))))
    stage.answers("go", ["Well.", gate, *calls(("save", {"path": "a.md"}))])
    async with stage.open(size=(100, 24)) as chat:
        await chat.ask("long")
        await chat.send("go")
        await chat.sees("Well.")
        await chat.press("pageup", "pageup")
        top = chat.transcript().splitlines()[:5]
        gate.set()
        await chat.until(lambda: asking_count(chat))
        await chat.sees("a tool asks · F4 answers")
        assert chat.transcript().splitlines()[:5] == top
        assert chat.screen.transcript.new_lines > 30
        await chat.press("f4")
        assert "save wants to write" in chat.transcript()
        await chat.press("escape", "escape", "escape")
        await chat.until(lambda: not chat.is_running())


async def test_the_terminal_calls_when_a_tool_asks_and_it_has_no_focus(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.tools = [Asking().tool]
    stage.answers("go", calls(("save", {"path": "a.md"})))
    sent: list[bytes] = []
    with (
        patch.object(endings, "GATHER_SECONDS", 0.001),
        patch.object(TerminalCalled, "__init__", _noting(sent)),
    ):
        async with stage.open() as chat:
            chat.app.app_focus = False
            chat.screen.prompt.load("go", ())
            chat.screen.composer.sent("go", ())
            await chat.until(lambda: sent)
            assert sent == [b"\a"]
            chat.screen.actions.cancel()
            await chat.until(lambda: not chat.is_running())


async def test_words_about_a_question_name_the_tool(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.tools = [Asking().tool]
    gate = asyncio.Event()
    stage.answers("go", [gate, *calls(("save", {"path": "a.md"}))], reply("Well."))
    with patch.object(endings, "GATHER_SECONDS", 0.001):
        async with stage.open() as chat:
            await chat.send("go")
            session = chat.session
            await chat.press("ctrl+n")
            await chat.until(lambda: chat.session is not session)
            gate.set()
            await chat.is_told('save asks in "go"')


def _noting(sent: list[bytes]):
    def note(self: TerminalCalled, data: bytes) -> None:
        super(TerminalCalled, self).__init__()
        self.data = data
        sent.append(data)

    return note
