"""Sending, streaming, cancelling and failing, by keys."""

import asyncio
from pathlib import Path
from unittest.mock import patch

from conduit_tui.core.errors import AuthenticationFailed, Overloaded, StreamInterrupted
from conduit_tui.core.events import GenerationStopped, ThinkingDelta, ToolCallDelta, UsageReported
from conduit_tui.core.usage import Usage
from conduit_tui.providers.retry import Retrying
from conduit_tui.providers.scripted import reply
from tests.conftest import stalling
from tests.tui.stage import Stage, words_of


async def test_enter_sends_what_is_typed_and_shows_the_reply(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hello there")
        assert chat.screen.prompt.text == ""
        shown = chat.transcript()
        assert "▌ you\n  hello there" in shown
        assert "▌ guide" in shown
        assert "Re: hello there" in shown
        stored = await stage.stored(chat.session)
    assert words_of(stored) == ["hello there", "Re: hello there"]
    assert stored.leaf_id == chat.session.leaf_id
    assert stored.title == "hello there"


async def test_the_entry_grows_while_the_reply_comes_in(stage: Stage):
    more, end = asyncio.Event(), asyncio.Event()
    stage.answers("count", ["one ", more, "two ", end, *reply("three")])
    async with stage.open() as chat:
        await chat.send("count")
        await chat.sees("one")
        assert "two" not in chat.transcript()
        assert chat.screen.transcript.entries[-1].is_live
        more.set()
        await chat.sees("one two")
        assert "three" not in chat.transcript()
        end.set()
        await chat.sees("one two three")
        await chat.until(lambda: not chat.is_running())
        assert not chat.screen.transcript.entries[-1].is_live


async def test_before_the_first_word_the_status_bar_says_that_it_waits(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", [gate, "words ", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.until(lambda: "waiting" in chat.status())
        assert "…" in chat.transcript()
        gate.set()
        await chat.until(lambda: "answering" in chat.status() and "tok/s" in chat.status())


async def test_escape_in_normal_cancels_and_keeps_what_came(stage: Stage):
    stage.answers("go", stalling(asyncio.Event(), "partly said"))
    async with stage.open() as chat:
        await chat.send("go")
        await chat.sees("partly said")
        await chat.press("escape")
        assert chat.screen.mode == "normal"
        assert chat.is_running(), "the first Escape only leaves INSERT"
        assert "Esc cancels" in chat.status()
        await chat.press("escape")
        await chat.sees("interrupted", "Press r to try again.")
        stored = await stage.stored(chat.session)
    reply = stored[str(stored.leaf_id)]
    assert (reply.text, reply.status) == ("partly said", "interrupted")
    assert stage.provider.closed_early == 1


async def test_ctrl_c_in_insert_cancels_and_keeps_what_came(stage: Stage):
    stage.answers("go", stalling(asyncio.Event(), "partly said"))
    async with stage.open() as chat:
        await chat.send("go")
        await chat.sees("partly said")
        assert "Ctrl+C cancels" in chat.status()
        await chat.press("ctrl+c")
        await chat.sees("partly said", "interrupted")
        assert chat.screen.mode == "insert"
        assert chat.session[str(chat.session.leaf_id)].status == "interrupted"


async def test_cancelling_before_the_first_word_leaves_a_message_to_retry(stage: Stage):
    stage.answers("go", [asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("go")
        await chat.until(lambda: "waiting" in chat.status())
        await chat.press("ctrl+c")
        await chat.until(lambda: not chat.is_running())
        await chat.sees("Press r")
        await chat.press("escape", "r")
        await chat.sees("Re: go")


async def test_an_error_is_told_in_the_transcript_and_r_makes_a_sibling(stage: Stage):
    wrong_key = AuthenticationFailed("The key of 'demo' was refused. Set another with /key.")
    stage.answers("hi", [wrong_key], reply("better now"))
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("The key of 'demo' was refused.", "Press r to try again.", "error")
        await chat.press("escape", "r")
        await chat.sees("better now", "2/2")
        assert "refused" not in chat.transcript()
        stored = await stage.stored(chat.session)
    assert [each.status for each in stored] == ["complete", "error", "complete"]
    assert stored[str(stored.leaf_id)].text == "better now"


async def test_a_reply_cut_in_the_middle_keeps_its_words_and_says_why(stage: Stage):
    stage.answers("hi", ["the first half", StreamInterrupted("The connection broke.")])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("the first half", "The connection broke.", "Press r to try again.")


async def test_a_stream_that_ends_without_its_mark_is_no_complete_reply(stage: Stage):
    stage.answers("hi", ["no end"])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("no end", "interrupted", "Press r to try again.")


async def test_a_retry_is_announced_under_the_reply_and_goes_away(stage: Stage):
    gate = asyncio.Event()

    async def wait(_: float) -> None:
        await gate.wait()

    busy = Overloaded("The server is busy.", retry_after_seconds=90.0, can_retry=True)
    stage.answers("hi", [busy], reply("at last"))
    retrying = Retrying(stage.provider, sleep=wait)
    with patch.object(stage, "build", lambda _: retrying):
        async with stage.open() as chat:
            await chat.send("hi")
            await chat.sees("The server is busy. Trying again in")
            assert "waiting to retry" in chat.status()
            gate.set()
            await chat.sees("at last")
            assert "Trying again" not in chat.transcript()


async def test_markup_and_escape_sequences_are_shown_and_not_obeyed(stage: Stage):
    stage.answers("hi", reply("[bold]loud[/bold] \x1b[31mred\x1b]0;title\x07 [/"))
    async with stage.open() as chat:
        await chat.ask("hi")
        assert "[bold]loud[/bold]" in chat.transcript()
        assert "\x1b" not in chat.text()
        assert "\x07" not in chat.text()
        assert "\x1b[31m" in chat.session[str(chat.session.leaf_id)].text, "stored as it came"


async def test_a_title_that_looks_like_markup_is_only_words(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("[bold")
        await chat.sees("▌[bold")
        assert chat.session.title == "[bold"


async def test_a_tool_call_runs_and_the_reply_goes_on(stage: Stage):
    call = ToolCallDelta(0, "c1", "current_time", "{}")
    stage.answers("time", [call, GenerationStopped("tool_calls")])
    stage.answers("", reply("It is late."))  # the tool message has no words of its own
    async with stage.open() as chat:
        await chat.ask("time")
        await chat.sees("current_time", "It is late.")
        roles = [each.role for each in chat.session]
    assert roles == ["user", "assistant", "tool", "assistant"]


async def test_thinking_folds_itself_when_the_answer_begins_and_enter_opens_it(stage: Stage):
    stage.answers("why", [ThinkingDelta("leaves have pigments"), *reply("Because.")])
    async with stage.open() as chat:
        await chat.ask("why")
        await chat.sees("Because.")
        assert "leaves have pigments" not in chat.transcript()
        await chat.press("escape", "enter")
        await chat.sees("leaves have pigments")
        await chat.press("space")
        await chat.sees_no("leaves have pigments")


async def test_reported_tokens_are_in_the_header_and_the_status_bar(stage: Stage):
    usage = UsageReported(Usage(input_tokens=1200, output_tokens=34))
    stage.answers("hi", ["short", usage, GenerationStopped("end_turn")])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.sees("34 tok")
        assert "1.2k tok" in chat.status()


async def test_a_file_that_is_completed_becomes_a_chip_and_goes_along(
    stage: Stage, tmp_path: Path, monkeypatch
):
    (tmp_path / "notes.md").write_text("remember the milk")
    monkeypatch.chdir(tmp_path)
    async with stage.open() as chat:
        await chat.write("@notes")
        await chat.sees("notes.md")
        await chat.press("enter")
        await chat.until(lambda: chat.screen.prompt.attachments)
        await chat.sees("notes.md · 1 line")
        await chat.send("look")
        await chat.until(lambda: len(chat.session) == 2)
    [attachment] = next(iter(chat.session)).attachments
    assert attachment.as_text() == "remember the milk"
