"""The response cache at the prompt: /cache, and how a replay is marked."""

from conduit_tui.controller.reply_cache import CacheReport
from conduit_tui.core.events import UsageReported
from conduit_tui.core.kept_reply import KeptReplies
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.chat_cache import report_words
from conduit_tui.tui.screens.confirm import Confirm
from tests.tui.stage import Stage


async def test_a_replay_is_marked_and_costs_nothing(stage: Stage):
    stage.answers("hi", (UsageReported(Usage(5, 2)), *reply("Hello.")))
    stage.write_settings("cache = true\n")
    async with stage.open() as chat:
        assert " cache " in chat.status()
        await chat.ask("hi")
        await chat.run("/new")
        await chat.until(lambda: len(chat.session) == 0)
        await chat.ask("hi")
        await chat.sees("from the cache")
        assert chat.path() == ["hi", "Hello."]
        assert "tok" not in chat.transcript()
        assert len(stage.provider.requests) == 1
        await chat.press("escape", "r")
        await chat.sees("2/2")
        await chat.until(lambda: not chat.is_running())
        assert len(stage.provider.requests) == 2
        assert "from the cache" not in chat.transcript()


async def test_it_is_off_until_it_is_switched_on_for_this_run(stage: Stage):
    async with stage.open() as chat:
        assert "cache" not in chat.status()
        await chat.run("/cache")
        await chat.is_told("The cache is off. In this run: 0 hits, 0 misses.")
        await chat.run("/cache on")
        await chat.is_told("The cache is on until the program ends.")
        assert " cache " in chat.status()
        await chat.ask("hi")
        await chat.run("/cache")
        await chat.is_told("In this run: 0 hits, 1 miss.\nKept: 1 reply, ")
        await chat.run("/cache off")
        await chat.until(lambda: "cache" not in chat.status())
        await chat.run("/cache maybe")
        await chat.is_told("Write /cache, /cache on, /cache off or /cache wipe.")


async def test_wiping_asks_first(stage: Stage):
    stage.write_settings("cache = true\n")
    async with stage.open() as chat:
        await chat.run("/cache wipe")
        await chat.is_told("No reply is kept.")
        await chat.ask("hi")
        await chat.run("/cache wipe")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        await chat.press("n")
        await chat.until(lambda: chat.screen.is_current)
        assert (await chat.controller.cache.report()).kept.count == 1
        await chat.run("/cache wipe")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        await chat.press("y")
        await chat.is_told("The cache is empty.")
        assert (await chat.controller.cache.report()).kept.count == 0
        assert chat.path() == ["hi", "Re: hi"]


def test_one_and_many_are_told_apart():
    report = CacheReport(True, 1, 2, KeptReplies(1_200, 1_500_000, 1))
    assert report_words(report) == (
        "The cache is on. In this run: 1 hit, 2 misses.\n"
        "Kept: 1,200 replies, 1.4 MB, given again 1 time."
    )
