"""A tool asks, in place, and a person answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.events import Paste

from conduit_tui.core.consent import Act
from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.tool import Tool, ToolContext
from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.session_list import SessionList
from tests.tui.asking import Asking, Clock, calls, written
from tests.tui.stage import Chat, Stage

NOTES: dict[str, Json] = {"path": "notes.md", "content": "# Notes\nbuy milk\n"}


@asynccontextmanager
async def asked(
    stage: Stage,
    *tools: Asking,
    called: tuple[tuple[str, dict[str, Json]], ...] = (("save", NOTES),),
    size: tuple[int, int] = (120, 40),
) -> AsyncIterator[tuple[Chat, Clock]]:
    """A chat in which a tool asks; a second has passed since."""
    stage.tools = [tool.tool for tool in tools]
    stage.answers("go", calls(*called))
    async with stage.open(size=size) as chat:
        clock = Clock()
        chat.screen.answering.clock = clock
        chat.screen.answering.alone_seconds = 0
        await chat.send("go")
        await chat.sees("yes, once")
        clock.go(1)
        yield chat, clock


def is_open(chat: Chat) -> bool:
    return bool(chat.controller.tooling.open_approvals())


def results(chat: Chat) -> list[str]:
    path = chat.session.path(chat.session.leaf_id)
    return [result.output for message in path for result in message.tool_results]


async def test_a_question_shows_all_of_the_call_in_place(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        lines = [line.strip() for line in chat.transcript().splitlines()]
        start = next(at for at, line in enumerate(lines) if "⚙ save" in line)
        assert [line.removeprefix("▌ ") for line in lines[start : start + 17]] == [
            '▸ ⚙ save(path="notes.md", content="# Notes⏎buy milk⏎") · asks',
            "┃ save wants to write",
            "┃   /real/notes.md",
            "┃",
            "┃   --- notes.md",
            "┃   +++ notes.md",
            "┃   @@ -1,2 +1,2 @@",
            "┃    # Notes",
            "┃   -buy bread",
            "┃   +buy milk",
            "┃",
            "┃  F4  first, then a key below, or click one",
            "┃  y  yes, once",
            "┃  s  yes, in this session: every save below /real/",
            "┃  a  yes, always: the same, in every session",
            "┃  n  no, and why if you like",
            "",
        ]
        assert "a tool asks · F4 answers" in chat.status()


async def test_typing_in_the_prompt_never_answers(tmp_path: Path) -> None:
    tool = Asking()
    async with asked(Stage(tmp_path), tool) as (chat, _):
        await chat.write("yes, say so")
        assert is_open(chat)
        assert chat.screen.prompt.text == "yes, say so"


async def test_f4_then_y_answers_once_and_gives_the_keys_back(tmp_path: Path) -> None:
    tool = Asking()
    async with asked(Stage(tmp_path), tool) as (chat, clock):
        await chat.press("f4")
        assert "ANSWER" in chat.status()
        assert "y yes, once  s session  a always  n no  Esc later" in chat.status()
        clock.go(1)
        await chat.press("y")
        await chat.until(lambda: not chat.is_running())
        assert tool.done == [NOTES]
        assert "INSERT" in chat.status()
        assert "→ Saved notes.md." in chat.transcript()
        assert not chat.session.rules


async def test_a_key_that_comes_right_after_the_question_is_dropped(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4", "y")
        assert is_open(chat)
        clock.go(0.39)
        await chat.press("a")
        assert is_open(chat)
        clock.go(0.39)  # what was dropped puts the next off
        await chat.press("y")
        assert is_open(chat)
        clock.go(0.41)
        await chat.press("y")
        assert not is_open(chat)


async def test_words_that_come_at_once_do_not_answer(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        chat.screen.answering.alone_seconds = 30
        await chat.press("f4")
        clock.go(1)
        await chat.press("y", "e", "s")
        assert is_open(chat)
        assert chat.screen.answering._looked_at is None
        clock.go(1)
        await chat.press("n", "o")
        assert "No, because:" not in chat.text()
        clock.go(1)
        chat.screen.answering.alone_seconds = 0.01
        await chat.press("y")
        await chat.until(lambda: not is_open(chat) and not chat.is_running())


async def test_other_keys_do_nothing_in_answer(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("Y", "d", "r", "i", "q", "x", "enter", "space", "tab", "h", "t", ":")
        assert is_open(chat)
        assert chat.screen.mode == "answer"
        await chat.press("escape")
        assert chat.screen.mode == "insert"
        assert is_open(chat)
        assert "a tool asks" in chat.status()


async def test_s_allows_what_it_names_for_the_session(tmp_path: Path) -> None:
    tool = Asking()
    stage = Stage(tmp_path)
    stage.answers("again", calls(("save", {"path": "other.md"})))
    async with asked(stage, tool) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("s")
        await chat.until(lambda: not chat.is_running())
        await chat.is_told("Allowed for this session: save(/real/**)")
        assert [str(rule) for rule in chat.session.rules] == ["save(/real/**)"]
        await chat.ask("again")
        assert len(tool.done) == 2


async def test_n_asks_for_a_reason_that_goes_to_the_model(tmp_path: Path) -> None:
    tool = Asking()
    async with asked(Stage(tmp_path), tool) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("n")
        assert "No, because:" in chat.text()
        assert "Enter says no  Esc goes back" in chat.status()
        await chat.press(*"not y", "escape")
        assert is_open(chat)
        assert chat.screen.mode == "answer"
        await chat.press("n", *"use a list", "enter")
        await chat.until(lambda: not chat.is_running())
        assert results(chat)[0].startswith("The person said no: use a list.")
        assert not tool.done
        assert "No, because:" not in chat.text()
        assert "✗" in chat.transcript()
        assert "use a list" in chat.transcript()


async def test_no_needs_no_reason(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("n", "enter")
        await chat.until(lambda: not chat.is_running())
        assert results(chat)[0].startswith("The person said no.")


async def test_tab_on_an_empty_prompt_goes_to_the_question(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.press("tab")
        assert chat.screen.mode == "answer"


async def test_tab_behind_words_goes_to_no_question(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.press("a", "tab")
        assert chat.screen.mode != "answer"


async def test_enter_on_the_message_in_normal_goes_to_the_question(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.press("escape", "enter")
        assert chat.screen.mode == "answer"
        await chat.press("escape")
        assert chat.screen.mode == "normal"
        await chat.press("k", "enter")
        assert chat.screen.mode == "normal"


async def test_escape_in_normal_cancels_the_turn_with_its_tools(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.press("f4", "escape", "escape", "escape")
        await chat.until(lambda: not chat.is_running())
        assert results(chat) == ["Cancelled before it finished."]
        assert "✗ Cancelled before it finished." in chat.transcript()
        assert "yes, once" not in chat.text()
        assert "asks" not in chat.status()


async def test_a_question_that_goes_away_is_left_calmly(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("n", *"because", "ctrl+c")
        chat.screen.actions.cancel()
        await chat.until(lambda: not chat.is_running() and chat.screen.mode == "insert")
        assert "No, because:" not in chat.text()
        await chat.write("on")
        assert chat.screen.prompt.text == "on"


async def test_the_next_question_on_view_follows_behind_a_guard(tmp_path: Path) -> None:
    tool = Asking()
    called = (("save", {"path": "a.md"}), ("save", {"path": "b.md"}))

    def exactly(arguments: dict[str, Json]) -> Act:
        return replace(written(arguments), wider="")

    tool.act = exactly
    async with asked(Stage(tmp_path), tool, called=called) as (chat, clock):
        assert "2 tools ask · F4 answers" in chat.status()
        await chat.press("f4")
        clock.go(1)
        await chat.press("y", "y")
        assert [each.call.call_id for each in chat.controller.tooling.open_approvals()] == ["c1"]
        assert chat.screen.mode == "answer"
        await chat.until(lambda: tool.done == [{"path": "a.md"}])
        await chat.sees("→ Saved a.md.")  # while the other one still asks
        clock.go(1)
        await chat.press("y")
        await chat.until(lambda: not chat.is_running())
        assert len(tool.done) == 2
        assert chat.screen.mode == "insert"


async def test_what_always_asks_offers_nothing_that_lasts(tmp_path: Path) -> None:
    def act(arguments: dict[str, Json]) -> Act:
        return replace(written(arguments), always_asks=True, warnings=("It leaves the directory.",))

    async with asked(Stage(tmp_path), Asking(act=act)) as (chat, clock):
        assert "in this session" not in chat.text()
        assert "! It leaves the directory." in chat.text()
        assert "This is asked every time" in chat.text()
        await chat.press("f4")
        clock.go(1)
        await chat.press("s", "a")
        assert is_open(chat)
        await chat.press("escape")
        await chat.run("/answer s")
        await chat.is_told("This asks every time")
        await chat.run("/answer y")
        await chat.until(lambda: not chat.is_running())


async def test_a_click_on_an_answer_gives_it_and_the_prompt_keeps_the_keys(tmp_path: Path) -> None:
    tool = Asking()
    async with asked(Stage(tmp_path), tool) as (chat, _):
        rows = chat.text().splitlines()
        y = next(at for at, row in enumerate(rows) if "yes, once" in row)
        await chat.pilot.click(offset=(rows[y].index("yes, once") + 2, y))
        await chat.until(lambda: not chat.is_running())
        assert tool.done == [NOTES]
        assert chat.screen.mode == "insert"
        assert chat.screen.prompt.has_focus_within


async def test_a_click_right_after_the_question_came_is_dropped(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        clock.go(-0.8)
        rows = chat.text().splitlines()
        y = next(at for at, row in enumerate(rows) if "yes, once" in row)
        await chat.pilot.click(offset=(rows[y].index("yes, once") + 2, y))
        assert is_open(chat)


async def test_a_click_on_no_asks_for_the_reason(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        rows = chat.text().splitlines()
        y = next(at for at, row in enumerate(rows) if " n  no" in row)
        await chat.pilot.click(offset=(rows[y].index(" n  no") + 2, y))
        await chat.sees("No, because:")
        await chat.press(*"so", "enter")
        await chat.until(lambda: not chat.is_running())
        assert results(chat)[0].startswith("The person said no: so.")


async def test_the_command_answers_the_question_on_view(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.run("/answer maybe")
        await chat.is_told("Write /answer y, s, a or n")
        await chat.run("/answer n write it yourself")
        await chat.until(lambda: not chat.is_running())
        assert results(chat)[0].startswith("The person said no: write it yourself.")
        await chat.run("/answer y")
        await chat.is_told("No tool asks.")


async def test_a_click_into_the_list_of_sessions_leaves_the_question(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.pilot.click(SessionList, offset=(5, 3))
        await chat.until(lambda: chat.screen.mode == "normal")
        await chat.press("y")
        assert is_open(chat)


async def test_a_click_into_the_prompt_leaves_the_question(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.pilot.click(Prompt, offset=(8, 1))
        await chat.press("y")
        assert is_open(chat)
        assert chat.screen.prompt.text == "y"


async def test_copying_a_message_of_calls_copies_them(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.press("escape", "y")
        await chat.until(lambda: chat.app.clipboard)
        assert chat.app.clipboard.startswith("save({")


async def test_f4_without_a_question_says_so(tmp_path: Path) -> None:
    async with Stage(tmp_path).open() as chat:
        await chat.press("f4")
        await chat.is_told("No tool asks.")
        assert chat.screen.mode == "insert"


async def test_a_tall_question_is_read_from_its_beginning(tmp_path: Path) -> None:
    def act(arguments: dict[str, Json]) -> Act:
        lines = "\n".join(f"line {number}" for number in range(200))
        return replace(written(arguments), preview=lines, shown_as="text")

    async with asked(Stage(tmp_path), Asking(act=act), size=(80, 24)) as (chat, clock):
        await chat.press("f4")
        assert "save wants to write" in chat.text()
        clock.go(1)
        await chat.press("j", "j", "j")
        assert "save wants to write" not in chat.text()
        await chat.press("k", "k", "k", "pagedown")
        assert "line 20" in chat.text()
        await chat.press("end")
        assert "yes, once" in chat.text()
        await chat.press("home")
        assert "save wants to write" in chat.text()
        assert chat.screen.mode == "answer"


async def test_resizing_keeps_the_question_in_its_place(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        await chat.pilot.resize_terminal(60, 30)
        await chat.sees("yes, once")
        await chat.pilot.resize_terminal(140, 40)
        await chat.sees("yes, once", "save wants to write")
        clock.go(1)
        await chat.press("y")
        await chat.until(lambda: not chat.is_running())


async def test_a_call_tells_how_long_it_runs_and_stands_still_while_it_asks(tmp_path: Path) -> None:
    tool = Asking(gate=asyncio.Event())
    async with asked(Stage(tmp_path), tool) as (chat, clock):
        calls_clock = Clock()
        chat.screen.calls.clock = calls_clock
        await chat.press("f4")
        clock.go(1)
        await chat.press("y")
        await chat.until(lambda: tool.done)
        before = chat.transcript()
        calls_clock.go(3)
        chat.screen.calls_shown.refresh()
        await chat.pilot.pause()
        assert chat.transcript() != before
        assert " s" in next(row for row in chat.transcript().splitlines() if "⚙ save" in row)
        assert "running save" in chat.status()
        assert tool.gate is not None
        tool.gate.set()
        await chat.until(lambda: not chat.is_running())
        assert chat.screen.calls_shown._ticker is None


async def test_the_uppermost_question_comes_first_whichever_came_first(tmp_path: Path) -> None:
    slow = asyncio.Event()

    async def late(context: ToolContext, arguments: dict[str, Json]) -> str:
        await slow.wait()
        await context.permit(written({"path": "first.md"}))
        return "Done."

    stage = Stage(tmp_path)
    stage.tools = [Tool(ToolSpec("late", "", {}), late, "write", asks_itself=True), Asking().tool]
    stage.answers("go", calls(("late", {}), ("save", {"path": "second.md"})))
    async with stage.open(size=(120, 50)) as chat:
        await chat.send("go")
        await chat.sees("/real/second.md")
        slow.set()
        await chat.sees("/real/first.md")
        await chat.press("f4")
        current = chat.screen.answering.current
        assert current is not None
        assert current.act.subject == "/real/first.md"
        await chat.press("f4")
        rows = [line for line in chat.transcript().splitlines() if "F4" in line or "⚙" in line]
        assert ["late" in rows[0], "F4" in rows[1], "save" in rows[2]] == [True, True, True]
        await chat.press("escape", "ctrl+c")


async def test_a_key_that_is_held_answers_one_question(tmp_path: Path) -> None:
    tool = Asking(act=lambda arguments: replace(written(arguments), wider=""))
    called: tuple[tuple[str, dict[str, Json]], ...] = (
        ("save", {"path": "a.md"}),
        ("save", {"path": "b.md"}),
    )
    async with asked(Stage(tmp_path), tool, called=called) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("y")
        clock.go(0.66)
        for _ in range(60):
            await chat.press("y")
            clock.go(0.03)
        assert len(chat.controller.tooling.open_approvals()) == 1
        clock.go(1)
        await chat.press("y")
        await chat.until(lambda: not chat.is_running())


async def test_no_letter_of_a_word_answers(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        for letter in "I say yes and always":
            await chat.press(letter)
            clock.go(0.2)
        assert is_open(chat)
        assert chat.screen.mode == "answer"


async def test_what_is_pasted_answers_nothing_and_stays_out_of_the_prompt(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        chat.app.post_message(Paste("y\ny\n"))
        await chat.pilot.pause()
        assert is_open(chat)
        assert chat.screen.mode == "answer"


async def test_a_key_or_click_right_after_the_terminal_got_the_focus_is_dropped(
    tmp_path: Path,
) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        chat.app.app_focus = False
        await chat.pilot.pause()
        chat.app.app_focus = True
        await chat.pilot.pause()
        rows = chat.text().splitlines()
        y = next(at for at, row in enumerate(rows) if "yes, once" in row)
        await chat.pilot.click(offset=(rows[y].index("yes, once") + 2, y))
        await chat.press("y")
        assert is_open(chat)
        clock.go(1)
        await chat.press("y")
        assert not is_open(chat)


async def test_a_key_right_after_the_list_of_keys_was_closed_is_dropped(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("f1")
        await chat.until(lambda: chat.app.screen is not chat.screen)
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
        await chat.press("y")
        assert is_open(chat)
        assert chat.screen.mode == "answer"
        clock.go(1)
        await chat.press("y")
        assert not is_open(chat)


async def test_a_click_beside_the_reason_leaves_the_keys_with_it(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("n", *"use ")
        await chat.pilot.click(chat.screen.transcript, offset=(10, 2))
        await chat.press(*"a list", "enter")
        await chat.until(lambda: not chat.is_running())
        assert results(chat)[0].startswith("The person said no: use a list.")


async def test_calls_that_move_together_are_shown_together(tmp_path: Path) -> None:
    shown: list[None] = []
    stage, tool = Stage(tmp_path), Asking()
    stage.tools = [tool.tool]
    called: list[tuple[str, dict[str, Json]]] = [("save", {"path": f"{n}.md"}) for n in range(60)]
    stage.answers("go", calls(*called))
    async with stage.open() as chat:
        refresh = chat.screen.calls_shown.refresh

        def counted() -> None:
            shown.append(None)
            refresh()

        chat.screen.calls_shown.refresh = counted
        await chat.send("go")
        await chat.sees("60 tools ask")
        assert len(shown) < 60  # each began, and asked
        chat.screen.actions.cancel()
        await chat.until(lambda: not chat.is_running())


async def test_r_says_that_a_tool_asks_first_and_how_to_get_there(tmp_path: Path) -> None:
    async with asked(Stage(tmp_path), Asking()) as (chat, _):
        await chat.press("escape", "r")
        await chat.is_told("A tool asks first: F4 goes to its question. Ctrl+C cancels the turn.")
        assert is_open(chat)


async def test_r_says_that_a_tool_is_at_work(tmp_path: Path) -> None:
    tool = Asking(gate=asyncio.Event())
    async with asked(Stage(tmp_path), tool) as (chat, clock):
        await chat.press("f4")
        clock.go(1)
        await chat.press("y")
        await chat.until(lambda: tool.done)
        await chat.press("escape", "r")
        await chat.is_told("A tool is at work; Ctrl+C cancels the turn.")
        assert tool.gate is not None
        tool.gate.set()
        await chat.until(lambda: not chat.is_running())
