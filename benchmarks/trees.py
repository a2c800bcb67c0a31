"""A tree of 10,000 messages against one of 10: to see, to walk, to hold; and a large undo."""

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.commits import line_of_messages
from benchmarks.terminal import Terminal
from conduit_tui.core.change import SetMark
from conduit_tui.core.marks import Mark
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from conduit_tui.storage import mark_rows, session_rows
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore

Row = tuple[str, str, str, bool]

SHORTEST, SMALL, LARGE = 4, 10, 10_000
HALF = LARGE // 2
ROUNDS = 5
PAINT_BAR, MEMORY_BAR_MB, MOVE_BAR_MS, UNDO_BAR_MS = 1.5, 30.0, 50.0, 200.0
MOVES = 150
QUIET_SECONDS = 0.008
LABEL = "half"
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
            _painting(environ, home),
            _holding(environ, home),
            _walking(environ, home),
            _undoing(environ, home),
        ]


async def _fill(home: Path) -> None:
    database = await Database.open(home / "data" / "conduit.db")
    try:
        for size in (SHORTEST, SMALL, LARGE):
            await _keep(database, _branched(size))
    finally:
        await database.aclose()


def _branched(size: int) -> list[Message]:
    """A line with a side branch in every ten messages.

    In the large tree the second half hangs on the first reply, so that one message has 5,000 at
    and below it.
    """
    messages = line_of_messages(size, _title(size))
    for at, message in enumerate(messages):
        above = at - 1
        if at == HALF:
            above = 1
        elif at % 10 in (0, 8):
            above = at - 3
        if above >= 0:
            messages[at] = replace(message, predecessor_id=messages[above].id)
    leaf = messages[_leaf(size)]
    begun = Text(f"{_leaf(size)}! {leaf.text}")  # to be told from others by its first letters
    messages[_leaf(size)] = replace(leaf, parts=(begun,))
    return messages


async def _keep(database: Database, messages: list[Message]) -> None:
    store, session_id = SessionStore(database), messages[0].session_id
    await store.create(Session(session_id), datetime.now(UTC))
    await store.set_title(session_id, session_id, manual=True)

    def commit(sql: Sql) -> None:
        for message in messages:
            session_rows.commit(sql, message, take_leaf=False)
        mark_rows.move_leaf(sql, session_id, messages[_leaf(len(messages))].id)
        if len(messages) > HALF:
            label = SetMark(messages[HALF].id, Mark(label=LABEL))
            mark_rows.apply(sql, session_id, (label,))

    await database.write(commit)


async def _open_next(home: str, size: int) -> None:
    database = await Database.open(Path(home) / "data" / "conduit.db")
    try:
        await SessionStore(database).remember("last_session", _title(size))
    finally:
        await database.aclose()


def _painting(environ: Mapping[str, str], home: str) -> Row:
    """In the running program, from the click on its title to its leaf in the tree."""
    taken: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for _ in range(ROUNDS):
        for size in (SMALL, LARGE):
            asyncio.run(_open_next(home, SHORTEST))
            with _started(environ, SHORTEST) as terminal:
                terminal.settle(1.0)
                row = terminal.line_of(_title(size))
                clicked_at = terminal.type(f"\x1b[<0;6;{row + 1}M\x1b[<0;6;{row + 1}m")
                terminal.wait_for(_leaf_in_tree(size))
                taken[size].append(terminal.read_at - clicked_at)
    small, large = (statistics.median(taken[size]) for size in (SMALL, LARGE))
    return (
        f"first paint of a tree of {LARGE:,} messages against {SMALL}",
        f"{large / small:.2f}x ({large * 1000:.0f} ms against {small * 1000:.0f} ms)",
        f"{PAINT_BAR}x",
        large <= PAINT_BAR * small,
    )


def _holding(environ: Mapping[str, str], home: str) -> Row:
    held: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for _ in range(ROUNDS):
        for size in (SMALL, LARGE):
            asyncio.run(_open_next(home, size))
            with _started(environ, size) as terminal:
                terminal.settle(1.0)
                held[size].append(terminal.memory_bytes() / 1e6)
    more = statistics.median(held[LARGE]) - statistics.median(held[SMALL])
    return (
        f"memory with a tree of {LARGE:,} messages more than with {SMALL}",
        f"{more:.0f} MB",
        f"{MEMORY_BAR_MB:.0f} MB",
        more <= MEMORY_BAR_MB,
    )


def _walking(environ: Mapping[str, str], home: str) -> Row:
    """Up and down in the tree on the whole screen, with all runs open."""
    asyncio.run(_open_next(home, LARGE))
    with _started(environ, LARGE) as terminal:
        terminal.settle(1.0)
        terminal.type("\x1b")
        terminal.wait_for("NORMAL")
        terminal.type("T")
        terminal.settle()
        terminal.type("z")
        terminal.settle()
        taken = [_key(terminal, "k" if at % 3 else "j") for at in range(MOVES)]
    slow = sum(milliseconds > MOVE_BAR_MS for milliseconds in taken)
    p95 = statistics.quantiles(taken, n=20)[18]
    return (
        f"{MOVES} moves of the cursor in a tree of {LARGE:,}: over {MOVE_BAR_MS:g} ms",
        f"{slow} (p95 {p95:.0f} ms, longest {max(taken):.0f} ms)",
        "0",
        not slow,
    )


def _undoing(environ: Mapping[str, str], home: str) -> Row:
    """From `u` to the words that a prune of half the tree is undone."""
    taken: list[float] = []
    asyncio.run(_open_next(home, LARGE))
    with _started(environ, LARGE) as terminal:
        terminal.settle(1.0)
        terminal.type("\x1b")
        terminal.wait_for("NORMAL")
        for _ in range(ROUNDS):
            terminal.type(f":go {LABEL}\r")
            terminal.settle()
            terminal.type("d")
            terminal.wait_for("5,000 messages")
            terminal.type("\r")
            terminal.settle(1.0)
            pressed_at = terminal.type("u")
            terminal.wait_for("Undid")
            taken.append((terminal.read_at - pressed_at) * 1000)
            terminal.settle(7.0)
    longest = max(taken)
    return (
        f"undo of a prune of {HALF:,} messages, longest of {ROUNDS}",
        f"{longest:.0f} ms",
        f"{UNDO_BAR_MS:.0f} ms",
        longest <= UNDO_BAR_MS,
    )


def _key(terminal: Terminal, key: str) -> float:
    """Press a key; return the milliseconds until what it changed is shown."""
    pressed_at = terminal.type(key)
    while not terminal.pump(1.0):
        pass
    while terminal.pump(QUIET_SECONDS):
        pass
    return (terminal.read_at - pressed_at) * 1000


def _started(environ: Mapping[str, str], size: int) -> Terminal:
    terminal = Terminal(CONDUIT, environ)
    terminal.wait_for(f"ends answer {_leaf(size)}.")
    return terminal


def _leaf(size: int) -> int:
    """The number of the last message of the line that is no side branch."""
    return size - 1 if size < SMALL else size - 3


def _title(size: int) -> str:
    return f"{size} in all"


def _leaf_in_tree(size: int) -> str:
    return f"○ {_leaf(size)}!"


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
