"""What `/cache` does: says what the response cache came to, switches it, wipes it."""

from typing import TYPE_CHECKING

from conduit_tui.controller.reply_cache import CacheReport
from conduit_tui.tui.widgets.fitting import short_size

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

CACHE_WORDS = ("on", "off", "wipe")


async def cache_command(screen: "ChatScreen", argument: str) -> None:
    """Do what `/cache` is asked for; wiping asks first."""
    cache = screen.controller.cache
    match argument.lower():
        case "":
            screen.say(report_words(await cache.report()))
        case "on" | "off" as switch:
            cache.is_on = switch == "on"
            screen.refresh_status()
            screen.say(f"The cache is {switch} until the program ends.")
        case "wipe":
            await _wipe(screen)
        case _:
            screen.say_problem("Write /cache, /cache on, /cache off or /cache wipe.")


def report_words(report: CacheReport) -> str:
    """The state of the cache in two lines."""
    kept = report.kept
    replies = "reply" if kept.count == 1 else "replies"
    return (
        f"The cache is {'on' if report.is_on else 'off'}. "
        f"In this run: {_times(report.hits, 'hit')}, {_times(report.misses, 'miss')}.\n"
        f"Kept: {kept.count:,} {replies}, {short_size(kept.size_bytes)}, "
        f"given again {_times(kept.hits, 'time')}."
    )


async def _wipe(screen: "ChatScreen") -> None:
    from conduit_tui.tui.screens.confirm import Confirm

    kept = (await screen.controller.cache.report()).kept
    if not kept.count:
        screen.say("No reply is kept.")
        return
    replies = "the kept reply" if kept.count == 1 else f"all {kept.count:,} kept replies"
    question = f"Remove {replies} ({short_size(kept.size_bytes)})? Sessions stay as they are."
    if await screen.application.push_screen_wait(Confirm(question, "Remove", "Keep")):
        await screen.controller.cache.wipe()
        screen.say("The cache is empty.")


def _times(count: int, word: str) -> str:
    plural = f"{word}es" if word.endswith("s") else f"{word}s"
    return f"{count:,} {word if count == 1 else plural}"
