"""A call at work: held to a time limit, and ended whatever the tool does against that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

from conduit_tui.tools.tool import Denied

GRACE_SECONDS = 2.0
"""How long a tool that was stopped may tidy up, and then once more half of it."""

log = logging.getLogger(__name__)


class OutOfTime(Exception):
    """The time limit has passed."""


class ToolDied(Exception):
    """A tool ended by what would have ended the program; the words name it."""


class Limit:
    """A time limit that stands still while a person is asked."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timeout = asyncio.timeout(seconds)
        self.is_over = False
        self._holders = 0
        self._left = 0.0

    @contextmanager
    def held(self) -> Generator[None]:
        """Let no time pass; several may hold it at once. Raises Denied when the call is over."""
        if self.is_over:
            raise Denied("The call is over; nothing more may be done in its name.")
        now = asyncio.get_running_loop().time
        if not self._holders:
            self._left = max(0.0, (self.timeout.when() or now()) - now())
            self.timeout.reschedule(None)
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders and not self.is_over:
                self.timeout.reschedule(now() + self._left)


async def hold(
    work: Callable[[], Awaitable[object]], limit: Limit, grace_seconds: float = GRACE_SECONDS
) -> object:
    """Run something to its end and return what it returned, or raise what it raised.

    Raises OutOfTime, ToolDied for SystemExit and the like, and CancelledError only when the caller
    is cancelled. The work is ended then; if it resists for longer than the grace, it is left to
    itself, and whatever comes of it is dropped.
    """
    task = asyncio.create_task(_contained(work), name="tool at work")
    is_over = False
    try:
        async with limit.timeout:
            await asyncio.wait({task})
            is_over = True
    except TimeoutError:
        raise OutOfTime from None
    finally:
        limit.is_over = True
        if not is_over:
            await _end(task, grace_seconds)
    if task.cancelled():
        raise ToolDied(asyncio.CancelledError.__name__)
    return task.result()


async def _contained(work: Callable[[], Awaitable[object]]) -> object:
    try:
        return await work()
    except (Exception, asyncio.CancelledError):
        raise
    except BaseException as error:  # in a task it would end the program, whoever waits for it
        raise ToolDied(type(error).__name__) from error


async def _end(task: asyncio.Task[object], grace_seconds: float) -> None:
    """Cancel work, and once more if it swallowed that."""
    task.add_done_callback(_look_at)
    for grace in (grace_seconds, grace_seconds / 2):
        task.cancel()
        await asyncio.wait({task}, timeout=grace)
        if task.done():
            return
    log.warning("a tool that was stopped goes on")


def _look_at(task: asyncio.Task[object]) -> None:
    """Take note of how a task ended, so that it is not reported as lost."""
    if not task.cancelled():
        task.exception()
