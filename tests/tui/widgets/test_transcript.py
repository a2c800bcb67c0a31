"""The transcript as a person meets it: follow, scroll, fold, choose, select, resize."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from conduit_tui.core.message import Message, Part, Role, Text, Thinking, ToolCall, ToolResult
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.transcript import Transcript

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Show(App[None]):
    """Nothing but a transcript."""

    CSS = "Transcript { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield Transcript()

    def on_transcript_message_chosen(self, event: Transcript.MessageChosen) -> None:
        self.chosen.append(event.message_id)


class Reply:
    """A reply that grows when told to."""

    def __init__(self, number: int) -> None:
        self.parts: tuple[Part, ...] = ()
        self.entry = Entry(message(number, "assistant"), live_parts=lambda: self.parts)

    def say(self, text: str) -> None:
        self.parts = (Text(text),)


def message(number: int, role: Role, *parts: Part) -> Message:
    return Message(
        id=f"m{number}",
        session_id="s",
        predecessor_id=f"m{number - 1}" if number else None,
        role=role,
        parts=parts,
        created_at=NOW,
        model="demo" if role == "assistant" else None,
    )


def dialogue(count: int) -> list[Entry]:
    return [
        Entry(message(n, "user" if n % 2 == 0 else "assistant", Text(f"words {n}")))
        for n in range(count)
    ]


@asynccontextmanager
async def shown(
    entries: Sequence[Entry], size: tuple[int, int] = (40, 10)
) -> AsyncIterator[tuple[Pilot[None], Transcript]]:
    app = Show()
    async with app.run_test(size=size) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show(entries)
        await pilot.pause()
        yield pilot, transcript


def screen(transcript: Transcript) -> list[str]:
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]


async def flushed(pilot: Pilot[None], transcript: Transcript) -> None:
    while transcript.is_drawing_later:
        await pilot.pause(0.01)
    await pilot.pause()


async def test_it_opens_at_the_end() -> None:
    async with shown(dialogue(20)) as (_, transcript):
        assert screen(transcript)[-2] == "  words 19"
        assert "words 0" not in "".join(screen(transcript))


async def test_a_growing_reply_is_followed_to_its_last_line() -> None:
    reply = Reply(2)
    async with shown([*dialogue(2), reply.entry]) as (pilot, transcript):
        reply.say("\n".join(f"line {n}" for n in range(50)))
        transcript.touch("m2")
        await flushed(pilot, transcript)
        assert screen(transcript)[-2] == "  line 49"


async def test_nothing_moves_for_a_reader_who_is_elsewhere_and_a_pill_counts() -> None:
    reply = Reply(20)
    async with shown([*dialogue(20), reply.entry]) as (pilot, transcript):
        reply.say("first\n")
        transcript.touch("m20")
        await flushed(pilot, transcript)
        transcript.scroll_page_up()
        await pilot.pause()
        before = screen(transcript)
        reply.say("first\n\n" + "\n\n".join(f"line {n}" for n in range(6)))
        transcript.touch("m20")
        await flushed(pilot, transcript)
        assert screen(transcript)[:-1] == before[:-1]
        assert transcript.new_lines == 12
        assert "↓ 12 new lines · End" in screen(transcript)[-1]
        await pilot.press("tab", "end")
        assert screen(transcript)[-2] == "  line 5"
        assert transcript.new_lines == 0


async def test_committing_a_followed_reply_keeps_its_end_in_sight() -> None:
    reply = Reply(2)
    text = "\n\n".join(f"line {n}" for n in range(30))
    async with shown([*dialogue(2), reply.entry]) as (pilot, transcript):
        reply.say(text)
        transcript.touch("m2")
        await flushed(pilot, transcript)
        streamed = screen(transcript)
        whole = Entry(message(2, "assistant", Text(text)))
        transcript.show([*dialogue(2), whole], keep_position=True)
        await pilot.pause()
        assert screen(transcript) == streamed


async def test_touching_what_is_not_shown_is_harmless() -> None:
    async with shown(dialogue(2)) as (pilot, transcript):
        transcript.touch("nobody")
        transcript.set_note("nobody", "words")
        transcript.toggle_fold("nobody")
        transcript.cursor.put("nobody")
        await flushed(pilot, transcript)
        assert screen(transcript)[1] == "  words 0"


async def test_nothing_is_scheduled_while_nothing_moves() -> None:
    async with shown(dialogue(2)) as (pilot, transcript):
        transcript.touch("m1")
        await flushed(pilot, transcript)
        assert not transcript.is_drawing_later


async def test_scrolling_up_and_down_again_shows_every_line_once() -> None:
    entries = [
        Entry(message(n, "assistant", Text("\n\n".join(f"m{n} l{k}" for k in range(n % 7 + 1)))))
        for n in range(60)
    ]
    expected = [f"  m{n} l{k}" for n in range(60) for k in range(n % 7 + 1)]
    async with shown(entries) as (pilot, transcript):
        seen: list[str] = []
        while transcript.scroll_y > 0:
            lines = screen(transcript)
            transcript.scroll_up()
            await pilot.pause()
            assert screen(transcript)[1:] == lines[:-1]
            seen.insert(0, screen(transcript)[0])
        assert [line for line in seen if " l" in line][:50] == expected[:50]


async def test_the_top_line_stays_when_the_width_changes() -> None:
    long = "\n\n".join(f"paragraph {n} " + "word " * 30 for n in range(40))
    async with shown([Entry(message(0, "assistant", Text(long)))], (80, 10)) as (pilot, transcript):
        transcript.scroll_to(y=41)
        await pilot.pause()
        top = next(line for line in screen(transcript) if "paragraph" in line).split()[1]
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert (
            abs(int(next(s for s in screen(transcript) if "paragraph" in s).split()[1]) - int(top))
            <= 1
        )


@pytest.mark.parametrize("size", [(20, 5), (3, 2), (1, 1), (2, 40), (200, 1)])
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    table = (
        "| " + " | ".join("abcdef") + " |\n|" + "---|" * 6 + "\n| " + " | ".join("abcdef") + " |"
    )
    texts = ["> - 1. deep\n```py\nx=1\n```\n" + table, "日本語" * 30, "# head"]
    entries = [Entry(message(n, "assistant", Text(t)), 2, 3) for n, t in enumerate(texts)]
    async with shown(entries, size) as (pilot, transcript):
        transcript.cursor_shown = True
        for _ in range(6):
            transcript.cursor.move(-1)
        transcript.new_lines = 3
        await pilot.resize_terminal(40, 10)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert len(screen(transcript)) == transcript.size.height


async def test_the_cursor_moves_and_stays_in_sight() -> None:
    async with shown(dialogue(20)) as (pilot, transcript):
        transcript.cursor_shown = True
        assert transcript.cursor_id == "m19"
        for _ in range(10):
            transcript.cursor.move(-1)
        await pilot.pause()
        assert transcript.cursor_id == "m9"
        assert "▌ words 9" in screen(transcript)
        transcript.cursor.to_start()
        assert transcript.cursor_id == "m0"
        assert screen(transcript)[1] == "▌ words 0"
        transcript.cursor.to_end()
        assert screen(transcript)[-2] == "▌ words 19"


async def test_the_cursor_scrolls_through_a_message_taller_than_the_view() -> None:
    long = Entry(message(2, "assistant", Text("\n".join(f"line {n}" for n in range(30)))))
    async with shown([*dialogue(2), long, *dialogue(5)[3:]]) as (_, transcript):
        transcript.cursor.put("m2")
        assert screen(transcript)[0].startswith("▌ demo") or "demo" in screen(transcript)[0]
        seen: list[str] = []
        while transcript.cursor_id == "m2":
            seen += screen(transcript)
            transcript.cursor.move(1)
        assert all(f"  line {n}" in seen for n in range(30))


async def test_thinking_and_calls_fold_and_open_in_place() -> None:
    parts = (Thinking("deep thoughts"), Text("answer"), ToolCall("c", "clock", '{"zone":"UTC"}'))
    result = Entry(message(1, "tool", ToolResult("c", "noon")))
    async with shown([Entry(message(0, "assistant", *parts)), result], (40, 20)) as (_, transcript):
        lines = screen(transcript)
        assert "  ▸ thought · 2 words" in lines
        assert '  ▸ ⚙ clock(zone="UTC") → noon' in lines
        transcript.toggle_fold("m0")
        lines = screen(transcript)
        assert "  deep thoughts" in lines
        assert any('"zone": "UTC"' in line for line in lines)
        transcript.toggle_fold("m0")
        assert "  ▸ thought · 2 words" in screen(transcript)


async def test_thinking_is_open_while_it_streams_and_folds_when_the_answer_begins() -> None:
    reply = Reply(0)
    reply.parts = (Thinking("hmm"),)
    async with shown([reply.entry]) as (pilot, transcript):
        assert "  hmm" in screen(transcript)
        reply.parts = (Thinking("hmm"), Text("yes"))
        transcript.touch("m0")
        await flushed(pilot, transcript)
        assert "  ▸ thought · 1 word" in screen(transcript)
        assert "  yes" in screen(transcript)


async def test_a_click_chooses_a_message_and_opens_its_fold() -> None:
    paste = "\n".join(f"pasted {n}" for n in range(50))
    async with shown([Entry(message(0, "user", Text(paste)))], (40, 12)) as (pilot, transcript):
        row = next(y for y, line in enumerate(screen(transcript)) if "44 more lines" in line)
        await pilot.click(Transcript, offset=(5, row))
        await pilot.pause()
        assert pilot.app.chosen == ["m0"]  # pyright: ignore[reportAttributeAccessIssue]
        assert transcript.cursor_id == "m0"
        assert "  pasted 9" in screen(transcript)


async def test_a_note_appears_below_its_message_and_goes() -> None:
    async with shown(dialogue(2)) as (pilot, transcript):
        transcript.set_note("m1", "Trying again in 3 s.")
        await pilot.pause()
        assert "  Trying again in 3 s." in screen(transcript)
        transcript.set_note("m1", "")
        assert "  Trying again in 3 s." not in screen(transcript)


async def test_dragging_over_messages_selects_their_text() -> None:
    entries = [
        Entry(message(0, "user", Text("alpha beta"))),
        Entry(message(1, "assistant", Text("**bold** words"))),
        Entry(message(2, "user", Text("gamma delta"))),
    ]
    async with shown(entries, (40, 12)) as (pilot, _):
        await pilot.mouse_down(Transcript, offset=(8, 1))
        await pilot.hover(Transcript, offset=(4, 4))
        await pilot.hover(Transcript, offset=(6, 7))
        await pilot.mouse_up(Transcript, offset=(6, 7))
        await pilot.pause()
        assert pilot.app.screen.get_selected_text() == "beta\n\n**bold** words\n\ngamma"


async def test_below_the_last_row_is_the_end_of_the_text() -> None:
    entries = [Entry(message(0, "user", Text("alpha beta")))]
    async with shown(entries, (40, 12)) as (pilot, _):
        await pilot.mouse_down(Transcript, offset=(20, 9))
        await pilot.hover(Transcript, offset=(12, 5))
        await pilot.hover(Transcript, offset=(8, 1))
        await pilot.mouse_up(Transcript, offset=(8, 1))
        await pilot.pause()
        assert pilot.app.screen.get_selected_text() == "beta"


async def test_a_double_click_selects_a_word() -> None:
    async with shown([Entry(message(0, "user", Text("alpha beta gamma")))]) as (pilot, _):
        await pilot.click(Transcript, offset=(9, 1), times=2)
        await pilot.pause()
        assert pilot.app.screen.get_selected_text() == "beta"


async def test_another_theme_is_taken_up() -> None:
    async with shown(dialogue(2)) as (pilot, transcript):
        before = transcript.render_line(1)
        pilot.app.theme = "textual-light"
        await pilot.pause()
        await pilot.pause()
        after = transcript.render_line(1)
        assert before.text == after.text
        assert [segment.style for segment in before] != [segment.style for segment in after]


async def test_the_welcome_stands_until_messages_come() -> None:
    async with shown([]) as (pilot, transcript):
        transcript.show_welcome(Content("Welcome [bold"))
        await pilot.pause()
        assert "Welcome [bold" in screen(transcript)[1]
        transcript.show(dialogue(1))
        assert "Welcome" not in "".join(screen(transcript))


async def test_escape_sequences_never_reach_the_screen() -> None:
    evil = "\x1b[2J\x1b]52;c;aGk=\x07 \x9b31m"
    parts = (
        Thinking(evil),
        Text(evil),
        ToolCall("c", evil, evil),
        ToolCall("d", evil, '{"a":"\\u001b"}'),
    )
    entry = Entry(message(0, "assistant", *parts), note=evil)
    async with shown([entry], (60, 30)) as (_, transcript):
        transcript.toggle_fold("m0")
        shown_text = "".join(screen(transcript))
        assert not any(character in shown_text for character in "\x1b\x07\x9b")
