"""Finding in the transcript: what is highlighted, where the view goes, and the way back."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from conduit_tui.core.message import Part, Text, Thinking, ToolCall, ToolResult
from conduit_tui.tui.themes import TERMINAL, load_themes, themes_directories
from conduit_tui.tui.widgets import finder
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_count import FindCount
from conduit_tui.tui.widgets.selected_text import line_key
from conduit_tui.tui.widgets.transcript import Transcript
from tests.tui.widgets.finding import entry, replies


class Show(App[None]):
    """Nothing but a transcript."""

    CSS = "Transcript { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.told: list[FindCount] = []

    def compose(self) -> ComposeResult:
        yield Transcript()

    def on_transcript_find_moved(self, event: Transcript.FindMoved) -> None:
        self.told.append(event.count)


class Growing:
    """A reply that grows when told to."""

    def __init__(self, number: int) -> None:
        self.parts: tuple[Part, ...] = ()
        self.entry = replace(entry(number, "assistant"), live_parts=lambda: self.parts)

    def say(self, text: str) -> None:
        self.parts = (Text(text),)


@asynccontextmanager
async def shown(
    entries: Sequence[Entry], size: tuple[int, int] = (40, 12)
) -> AsyncIterator[tuple[Pilot[None], Transcript]]:
    app = Show()
    async with app.run_test(size=size) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show(entries)
        await pilot.pause()
        yield pilot, transcript


def screen(transcript: Transcript) -> list[str]:
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]


def state(transcript: Transcript) -> tuple[object, ...]:
    """Where one is: what is in sight, the place, the cursor, whether the end is followed."""
    return (
        screen(transcript),
        transcript.scroll_y,
        transcript.cursor_id,
        transcript.at_end,
        transcript.new_lines,
    )


def marks(transcript: Transcript) -> list[str]:
    """What is highlighted on the screen, the current match in brackets."""
    look = transcript._look
    assert look is not None
    pieces: list[str] = []
    for y in range(transcript.size.height):
        for text, style, _ in transcript._lines[y]:
            if style and style.bgcolor == look.ground.current.bgcolor:
                pieces.append(f"[{text}]")
            elif style and style.bgcolor == look.ground.found.bgcolor:
                pieces.append(text)
    return pieces


async def counted(pilot: Pilot[None], transcript: Transcript) -> FindCount:
    while transcript.finder.count.is_counting:
        await pilot.pause(0.01)
    return transcript.finder.count


def far(texts: dict[int, str], count: int = 100) -> list[Entry]:
    """Many messages, some with a text of their own."""
    return replies(*(texts.get(number, f"hay {number}") for number in range(count)))


async def test_matches_in_sight_are_highlighted_and_the_first_is_current() -> None:
    async with shown(replies("a cat", "a **cat** and a Cat")) as (_, transcript):
        transcript.finder.begin()
        transcript.finder.find("cat")
        assert marks(transcript) == ["[cat]", "cat", "Cat"]
        transcript.finder.find("Cat")
        assert marks(transcript) == ["[Cat]"]


async def test_the_view_stays_if_a_match_is_in_sight_and_goes_on_if_not() -> None:
    entries = far({10: "one cat", 50: "two cats", 99: "the end"})
    async with shown(entries) as (_, transcript):
        transcript.cursor.to_start()
        before = screen(transcript)
        transcript.finder.begin()
        transcript.finder.find("hay 2")
        assert screen(transcript) == before
        assert transcript.cursor_id == "m2"
        transcript.finder.find("cats")
        assert "  two cats" in screen(transcript)
        transcript.finder.find("cat")
        assert "  one cat" in screen(transcript), "each letter is sought from where one stood"


async def test_it_goes_around_when_nothing_follows() -> None:
    async with shown(far({3: "a needle"})) as (pilot, transcript):
        assert transcript.at_end
        transcript.finder.begin()
        transcript.finder.find("needle")
        assert await counted(pilot, transcript) == FindCount("needle", 1, 1)
        assert "  a needle" in screen(transcript)


async def test_next_and_previous_go_around_with_the_count() -> None:
    entries = far({10: "cat", 50: "cat cat", 90: "cat"})
    async with shown(entries) as (pilot, transcript):
        transcript.cursor.to_start()
        transcript.finder.begin()
        transcript.finder.find("cat")
        assert (await counted(pilot, transcript)).words == "1/4"
        words: list[str] = []
        for step in (1, 1, 1, 1, -1, -1):
            transcript.finder.find_next(step)
            assert any(mark.startswith("[") for mark in marks(transcript))
            words.append(transcript.finder.count.words)
        assert words == ["2/4", "3/4", "4/4", "1/4", "4/4", "3/4"]
        assert transcript.cursor_id == "m50"


async def test_after_scrolling_away_the_next_match_is_the_next_one_from_there() -> None:
    entries = far({10: "cat", 50: "cat", 90: "cat"})
    async with shown(entries) as (_, transcript):
        transcript.cursor.to_start()
        transcript.finder.begin()
        transcript.finder.find("cat")
        transcript.cursor.put("m70")
        transcript.finder.find_next(1)
        assert transcript.cursor_id == "m90"
        transcript.cursor.put("m70")
        transcript.finder.find_next(-1)
        assert transcript.cursor_id == "m50"


async def test_without_a_match_the_view_is_where_one_stood() -> None:
    async with shown(far({3: "a needle"})) as (_, transcript):
        before = state(transcript)[:3]
        transcript.finder.begin()
        transcript.finder.find("needle")
        assert state(transcript)[:3] != before
        transcript.finder.find("needles")
        assert state(transcript)[:3] == before
        assert transcript.finder.count.words == "no match"
        transcript.finder.find("needle")
        transcript.finder.find("")
        assert state(transcript)[:3] == before
        assert transcript.finder.count.words == ""


@pytest.mark.parametrize("rows_up", [0, 1, 37, 10_000])
async def test_ending_goes_back_to_exactly_where_one_was(rows_up: int) -> None:
    paste = "\n".join(f"pasted {n} cat" for n in range(50))
    entries = [entry(0, "user", paste), *far({}, 60)[1:], entry(60, "assistant", Thinking("cat"))]
    async with shown(entries) as (pilot, transcript):
        if rows_up:
            transcript.scroll_to(y=max(0, transcript.scroll_y - rows_up))
            await pilot.pause()
        before = state(transcript)
        transcript.finder.begin()
        transcript.finder.find("cat")
        for _ in range(55):
            transcript.finder.find_next(1)
        transcript.finder.find_next(-1)
        assert state(transcript) != before
        transcript.finder.end(go_back=True)
        await pilot.pause()
        assert state(transcript) == before
        assert marks(transcript) == []


async def test_a_match_in_a_fold_opens_it_and_the_way_back_folds_it_again() -> None:
    parts = (Thinking("deep thoughts"), Text("answer"), ToolCall("c", "clock", '{"zone":"UTC"}'))
    entries = [entry(0, "assistant", *parts), entry(1, "tool", ToolResult("c", "high noon"))]
    async with shown(entries, (40, 20)) as (_, transcript):
        before = state(transcript)
        transcript.finder.begin()
        transcript.finder.find("deep")
        assert "  deep thoughts" in [line.replace("▌", " ") for line in screen(transcript)]
        transcript.finder.find("answer")
        assert "deep thoughts" not in "".join(screen(transcript)), "what is not needed folds again"
        transcript.finder.find("high noon")
        transcript.finder.find_next(1)
        assert "".join(screen(transcript)).count("high noon") == 2
        transcript.finder.end(go_back=True)
        assert state(transcript) == before


async def test_a_fold_one_opened_oneself_stays_open() -> None:
    entries = [entry(0, "assistant", Thinking("deep thoughts"), "answer")]
    async with shown(entries) as (_, transcript):
        transcript.toggle_fold("m0", 0)
        transcript.finder.begin()
        transcript.finder.find("thoughts")
        transcript.finder.end(go_back=True)
        assert "  deep thoughts" in screen(transcript)


async def test_ending_without_going_back_stays_with_its_folds() -> None:
    entries = [entry(0, "assistant", Thinking("deep thoughts"), "answer")]
    async with shown(entries) as (_, transcript):
        transcript.finder.begin()
        transcript.finder.find("thoughts")
        transcript.finder.end(go_back=False)
        assert "  deep thoughts" in screen(transcript)
        assert marks(transcript) == []


async def test_another_search_starts_from_where_the_last_one_led() -> None:
    async with shown(far({50: "first", 60: "second", 99: "end"})) as (_, transcript):
        transcript.cursor.to_start()
        transcript.finder.begin()
        transcript.finder.find("first")
        there = state(transcript)
        transcript.finder.begin()
        transcript.finder.find("second")
        transcript.finder.end(go_back=True)
        assert state(transcript) == there


async def test_what_is_selected_looks_selected_even_where_it_was_found() -> None:
    async with shown(replies("cat cat")) as (pilot, transcript):
        transcript.finder.begin()
        transcript.finder.find("cat")
        key = line_key(0, 1)
        transcript.screen.selections = {transcript: Selection(Offset(0, key), Offset(5, key))}
        await pilot.pause()
        assert marks(transcript) == ["at"]
        selected = transcript._look and transcript._look.ground.selected.bgcolor
        pieces = [text for text, style, _ in transcript._lines[1] if style.bgcolor == selected]
        assert "".join(pieces) == "cat c"


async def test_wide_characters_are_highlighted_cell_by_cell() -> None:
    async with shown(replies("日本語 and 文字"), (40, 8)) as (_, transcript):
        transcript.finder.begin()
        transcript.finder.find("本語 and 文")
        assert marks(transcript) == ["[本語 and 文]"]
        assert transcript._lines[1].cell_length == 40


async def test_a_match_over_a_break_is_highlighted_on_both_rows() -> None:
    async with shown([entry(0, "user", "alpha beta gamma delta")], (15, 8)) as (_, transcript):
        transcript.finder.begin()
        transcript.finder.find("beta gamma")
        assert marks(transcript) == ["[beta]", "[gamma]"]


async def test_what_streams_is_found_as_it_comes_and_nothing_jumps(monkeypatch) -> None:
    monkeypatch.setattr(finder, "GROWTH_SECONDS", 0)
    reply = Growing(3)
    reply.say("a cat")
    async with shown([*replies("cat", "x", "x"), reply.entry], (40, 20)) as (pilot, transcript):
        transcript.finder.begin()
        transcript.finder.find("cat")
        assert (await counted(pilot, transcript)).words == "1/2"
        top = screen(transcript)[:4]
        reply.say("\n\n".join(["a cat"] * 40))
        transcript.touch("m3")
        while transcript.is_drawing_later or transcript.finder.count.total != 41:
            await pilot.pause(0.01)
        await pilot.pause()
        assert transcript.finder.count.words == "1/41"
        assert screen(transcript)[:4] == top
        assert len(marks(transcript)) > 5
        assert transcript.new_lines
        assert pilot.app.told[-1] == FindCount("cat", 1, 41)  # type: ignore[attr-defined]
        transcript.finder.end(go_back=True)
        assert transcript.at_end, "it followed before, so it follows again"


async def test_another_path_of_the_session_is_counted_anew() -> None:
    entries = far({10: "cat", 90: "cat"})
    async with shown(entries) as (pilot, transcript):
        transcript.finder.begin()
        transcript.finder.find("cat")
        transcript.finder.find_next(1)
        assert transcript.cursor_id == "m90"
        transcript.show([*entries[:90], entry(200, "assistant", "cat cat")], keep_position=True)
        assert (await counted(pilot, transcript)).words == "3 found"
        transcript.finder.find_next(1)
        assert transcript.finder.count.number > 0


async def test_another_session_ends_the_search() -> None:
    async with shown(far({10: "cat"})) as (pilot, transcript):
        transcript.finder.begin()
        transcript.finder.find("cat")
        other = replies("other cat")[0]
        transcript.show([replace(other, message=replace(other.message, session_id="t"))])
        await pilot.pause()
        assert not transcript.finder.is_active
        assert marks(transcript) == []
        assert pilot.app.told[-1] == FindCount("")  # type: ignore[attr-defined]


async def test_what_takes_long_is_counted_beside_the_keys(monkeypatch) -> None:
    monkeypatch.setattr(finder, "AT_ONCE_SECONDS", 0)
    monkeypatch.setattr(finder, "SLICE_SECONDS", 0)
    monkeypatch.setattr(finder, "PAUSE_SECONDS", 0)
    async with shown(far({10: "a needle", 20: "a needle"}, 200)) as (pilot, transcript):
        transcript.finder.begin()
        transcript.finder.find("need")
        assert transcript.finder.count.words == "looking…"
        transcript.finder.find("needle")
        assert (await counted(pilot, transcript)).words == "1/2"
        assert "  a needle" in screen(transcript)


async def test_a_resize_keeps_the_match_and_the_way_back() -> None:
    words = " ".join(["word"] * 60)
    entries = replies(*[words] * 5, words + " needle", *[words] * 5)
    async with shown(entries) as (pilot, transcript):
        before = state(transcript)
        transcript.finder.begin()
        transcript.finder.find("needle")
        await pilot.resize_terminal(30, 12)
        await pilot.pause()
        assert transcript.finder.count.words == "1/1"
        transcript.finder.find_next(1)
        assert "[needle]" in marks(transcript)
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        transcript.finder.end(go_back=True)
        assert state(transcript) == before


async def test_without_colours_found_text_is_underlined_and_the_current_reversed() -> None:
    app = Show()
    async with app.run_test(size=(40, 8)) as pilot:
        themes, _ = load_themes(themes_directories(Path("nowhere")))
        app.register_theme(next(theme for theme in themes if theme.name == TERMINAL))
        app.theme = TERMINAL
        transcript = app.query_one(Transcript)
        transcript.show(replies("cat cat"))
        await pilot.pause()
        transcript.finder.begin()
        transcript.finder.find("cat")
        styles = [style for text, style, _ in transcript._lines[1] if text == "cat"]
        assert [(style.reverse, style.underline, style.bold) for style in styles] == [
            (True, None, True),
            (None, True, True),
        ]


async def test_one_can_land_on_the_first_match_in_a_message_behind_others() -> None:
    words = {5: "needle", 40: "some needle, and a needle", 60: "needle"}
    async with shown(far(words, 80)) as (pilot, transcript):
        transcript.finder.begin()
        transcript.finder.find_in("m40", "needle", ["needle"])
        assert (await counted(pilot, transcript)).words == "2/4"
        assert transcript.cursor_id == "m40"
        assert "  some needle, and a needle" in screen(transcript)


async def test_landing_where_nothing_is_drawn_of_it_moves_nowhere_else() -> None:
    async with shown(far({5: "needle", 40: "other"}, 80)) as (pilot, transcript):
        before = screen(transcript)
        transcript.finder.begin()
        transcript.finder.find_in("m40", "needle", ["needle"])
        assert (await counted(pilot, transcript)).words == "1 found"
        assert screen(transcript) == before
