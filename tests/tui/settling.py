"""Waits until the app in a test has dealt with everything, by what its event loop still has to do.

Textual's own wait looks at how busy the processor is: it takes 20 ms or more even where there is
nothing to do, and on a busy machine it ends while there is.
"""

import asyncio
import time
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import aiosqlite
import pytest
import textual.app
import textual.pilot
import textual.screen

from conduit_tui.tui.widgets import kept_views

SOON_SECONDS = 0.02
"""What a timer does so soon is waited for."""

FRAME_SECONDS = 0.002
"""How long after a change the screen is painted; 60 frames a second are for eyes."""

LONGEST_SECONDS = 1.0
"""An app that is never at rest is waited for no longer, nor is a thread."""

LOOK_SECONDS = 0.001

WHOLE_SECONDS = 600.0
"""However slow the machine is, a message is drawn in one slice, and a notice stays meanwhile."""

_in_threads = 0


@contextmanager
def settling() -> Iterator[None]:
    """Let tests wait so from now on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textual.app, "wait_for_idle", at_rest)
        patch.setattr(textual.pilot, "wait_for_idle", at_rest)
        patch.setattr(textual.screen, "UPDATE_PERIOD", FRAME_SECONDS)
        patch.setattr(kept_views, "SLICE_SECONDS", WHOLE_SECONDS)
        patch.setattr(textual.app.App, "notify", _lasting(textual.app.App.notify))
        patch.setattr(aiosqlite.Connection, "_execute", _counted(aiosqlite.Connection._execute))
        patch.setattr(BaseEventLoop, "run_in_executor", _noted(BaseEventLoop.run_in_executor))
        yield


async def at_rest(least: float = 0, longest: float = LONGEST_SECONDS) -> None:
    """Wait until nothing is ready to run, soon due, or under way in a thread."""
    loop: Any = asyncio.get_running_loop()
    end = time.monotonic() + longest
    rests = 0
    while rests < 2 and time.monotonic() < end:  # the second time sockets were asked as well
        await asyncio.sleep(0)
        if loop._ready:
            rests = 0
        elif _in_threads or _is_due_soon(loop):
            rests = 0
            await asyncio.sleep(LOOK_SECONDS)
        else:
            rests += 1


def _is_due_soon(loop: Any) -> bool:
    soon = loop.time() + SOON_SECONDS
    return any(each.when() < soon and not each.cancelled() for each in loop._scheduled)


def _lasting(notify: Callable[..., None]) -> Callable[..., None]:
    def lasting(*arguments: Any, **named: Any) -> None:
        notify(*arguments, **{**named, "timeout": WHOLE_SECONDS})

    return lasting


def _counted(
    execute: Callable[..., Coroutine[Any, Any, Any]],
) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def counted(*arguments: Any, **named: Any) -> Any:
        global _in_threads
        _in_threads += 1
        try:
            return await execute(*arguments, **named)
        finally:
            _in_threads -= 1

    return counted


def _noted(
    run_in_executor: Callable[..., asyncio.Future[Any]],
) -> Callable[..., asyncio.Future[Any]]:
    def over(_: object) -> None:
        global _in_threads
        _in_threads -= 1

    def noted(*arguments: Any) -> asyncio.Future[Any]:
        global _in_threads
        future = run_in_executor(*arguments)
        _in_threads += 1
        future.add_done_callback(over)
        return future

    return noted
