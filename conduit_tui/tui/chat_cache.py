"""What `/cache` does: says what the response cache came to, switches it, wipes it."""

from typing import TYPE_CHECKING

from conduit_tui.controller.reply_cache import CacheReport
from conduit_tui.core.amounts import counted, short_size

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
    misses = counted(report.misses, "miss", "misses")
    return (
        f"The cache is {'on' if report.is_on else 'off'}. "
        f"In this run: {counted(report.hits, 'hit', 'hits')}, {misses}.\n"
        f"Kept: {counted(kept.count, 'reply', 'replies')}, {short_size(kept.size_bytes)}, "
        f"given again {counted(kept.hits, 'time', 'times')}."
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
