"""A session of 10,000 messages against one of 10: to open, to hold, to page, to leave alone."""

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.commits import line_of_messages
from benchmarks.terminal import Terminal
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.storage import session_rows
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore

Row = tuple[str, str, str, bool]

SHORTEST, SHORT, LONG = 2, 10, 10_000
ROUNDS = 5
OPEN_BAR, MEMORY_BAR_MB, FRAME_BAR_MS, IDLE_BAR_SECONDS = 1.5, 30.0, 50.0, 0.1
HELD_SECONDS, KEYS_PER_SECOND = 5.0, 30.0
IDLE_SECONDS = 30.0
QUIET_SECONDS = 0.008
PAGE_DOWN, PAGE_UP = "\x1b[6~", "\x1b[5~"
CONDUIT = (sys.executable, "-m", "conduit_tui")


def measure() -> list[Row]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(_fill(Path(home)))
        environ = os.environ | {
            "CONDUIT_HOME": home,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "OLLAMA_HOST": "http://127.0.0.1:9",
        }
        return [
            _opening(environ, home),
            *_starting(environ, home),
            *_paging(environ, home),
            _idling(environ),
        ]


async def _fill(home: Path) -> None:
    database = await Database.open(home / "data" / "conduit.db")
    try:
        for length in (SHORTEST, SHORT, LONG):
            await _keep(database, line_of_messages(length, _title(length)))
    finally:
        await database.aclose()


async def _keep(database: Database, messages: list[Message]) -> None:
    store, session_id = SessionStore(database), messages[0].session_id
    await store.create(Session(session_id), datetime.now(UTC))
    await store.set_title(session_id, session_id, manual=True)

    def commit(sql: Sql) -> None:
        for message in messages:
            session_rows.commit(sql, message, take_leaf=True)

    await database.write(commit)


async def _open_next(home: str, length: int) -> None:
    database = await Database.open(Path(home) / "data" / "conduit.db")
    try:
        await SessionStore(database).remember("last_session", _title(length))
    finally:
        await database.aclose()


def _opening(environ: Mapping[str, str], home: str) -> Row:
    """In the running program, from the click on its title to its end on the screen."""
    taken: dict[int, list[float]] = {SHORT: [], LONG: []}
    for _ in range(ROUNDS):
        for length in (SHORT, LONG):
            asyncio.run(_open_next(home, SHORTEST))
            with _started(environ, SHORTEST) as terminal:
                taken[length].append(_click(terminal, length))
    short, long = (statistics.median(taken[length]) for length in (SHORT, LONG))
    return (
        f"open {LONG:,} messages against {SHORT}, in the running program",
        f"{long / short:.2f}x ({long * 1000:.0f} ms against {short * 1000:.0f} ms)",
        f"{OPEN_BAR}x",
        long <= OPEN_BAR * short,
    )


def _click(terminal: Terminal, length: int) -> float:
    terminal.wait_for(_title(length))
    terminal.settle(1.0)
    row = terminal.line_of(_title(length))
    clicked_at = terminal.type(f"\x1b[<0;6;{row + 1}M\x1b[<0;6;{row + 1}m")
    terminal.wait_for(_end_of(length))
    return terminal.read_at - clicked_at


def _starting(environ: Mapping[str, str], home: str) -> list[Row]:
    """From exec to the end of the last session on the screen, and what the process then holds."""
    taken: dict[int, list[float]] = {SHORT: [], LONG: []}
    held: dict[int, list[float]] = {SHORT: [], LONG: []}
    for _ in range(ROUNDS):
        for length in (SHORT, LONG):
            asyncio.run(_open_next(home, length))
            with _started(environ, length) as terminal:
                taken[length].append(terminal.read_at - terminal.began_at)
                terminal.settle(1.0)
                held[length].append(terminal.memory_bytes() / 1e6)
    short, long = (statistics.median(taken[length]) for length in (SHORT, LONG))
    more = statistics.median(held[LONG]) - statistics.median(held[SHORT])
    return [
        (
            f"start into {LONG:,} messages against {SHORT}",
            f"{long / short:.2f}x ({long * 1000:.0f} ms against {short * 1000:.0f} ms)",
            f"{OPEN_BAR}x",
            long <= OPEN_BAR * short,
        ),
        (
            f"memory with {LONG:,} messages more than with {SHORT}",
            f"{more:.0f} MB",
            f"{MEMORY_BAR_MB:.0f} MB",
            more <= MEMORY_BAR_MB,
        ),
    ]


def _paging(environ: Mapping[str, str], home: str) -> list[Row]:
    asyncio.run(_open_next(home, LONG))
    with _started(environ, LONG) as terminal:
        terminal.settle(1.0)
        up = _held(terminal, PAGE_UP)
        terminal.type("\x1b")
        terminal.wait_for("NORMAL")
        terminal.type("gg")
        terminal.wait_for("Question 0:")
        terminal.settle()
        down = _held(terminal, PAGE_DOWN)
    return [_frames("page down", down), _frames("page up", up)]


def _held(terminal: Terminal, key: str) -> list[float]:
    """Press a key as a keyboard repeats it; return the milliseconds each takes to be shown."""
    taken: list[float] = []
    for _ in range(int(HELD_SECONDS * KEYS_PER_SECOND)):
        pressed_at = terminal.type(key)
        while not terminal.pump(1.0):
            pass
        while terminal.pump(QUIET_SECONDS):
            pass
        taken.append((terminal.read_at - pressed_at) * 1000)
        terminal.rest(max(0.0, 1 / KEYS_PER_SECOND - taken[-1] / 1000))
    return taken


def _frames(what: str, taken: list[float]) -> Row:
    slow = sum(milliseconds > FRAME_BAR_MS for milliseconds in taken)
    p95 = statistics.quantiles(taken, n=20)[18]
    return (
        f"{what} held for {HELD_SECONDS:g} s in {LONG:,} messages: frames over {FRAME_BAR_MS:g} ms",
        f"{slow} of {len(taken)} (p95 {p95:.0f} ms, longest {max(taken):.0f} ms)",
        "0",
        not slow,
    )


def _idling(environ: Mapping[str, str]) -> Row:
    with _started(environ, LONG) as terminal:
        terminal.settle(2.0)
        before = terminal.cpu_seconds()
        terminal.rest(IDLE_SECONDS)
        used = terminal.cpu_seconds() - before
    return (
        f"idle for {IDLE_SECONDS:g} s, CPU",
        f"{used:.2f} s",
        f"{IDLE_BAR_SECONDS} s",
        used < IDLE_BAR_SECONDS,
    )


def _started(environ: Mapping[str, str], length: int) -> Terminal:
    terminal = Terminal(CONDUIT, environ)
    terminal.wait_for(_end_of(length))
    return terminal


def _title(length: int) -> str:
    return f"{length} messages"


def _end_of(length: int) -> str:
    return f"ends answer {length - 1}."


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
