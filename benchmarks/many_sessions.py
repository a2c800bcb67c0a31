"""10,000 sessions against none: to start with, to type beside, to filter and to move among."""

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.commits import line_of_messages
from benchmarks.terminal import Terminal
from conduit_tui.core.session import Session
from conduit_tui.storage import session_rows
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database

Row = tuple[str, str, str, bool]

MANY = 10_000
ROUNDS = 9
START_BAR_MS, KEY_BAR_MS = 150.0, 50.0
QUIET_SECONDS = 0.02
NEWEST, NONE = "Talk 0 ", "No saved sessions yet."
WORDS = ("raft", "trip to Oslo", "pancakes", "a Python error", "tax return", "garden plan")
MOVES = "jjjjjjjjjjkkkkkGgGgGg" * 2
QUERIES = ("trip to oslo", "tax 99", "pyhton", "gdn", "raft")
CONDUIT = (sys.executable, "-m", "conduit_tui")


def measure() -> list[Row]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {count: Path(folder) / str(count) for count in (0, MANY)}
        for count, home in homes.items():
            asyncio.run(_fill(home, count))
        environs = {count: _environ(home) for count, home in homes.items()}
        return [*_starting(environs), *_keys(environs[MANY])]


def _environ(home: Path) -> dict[str, str]:
    return os.environ | {
        "CONDUIT_HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "OLLAMA_HOST": "http://127.0.0.1:9",
    }


async def _fill(home: Path, count: int) -> None:
    database = await Database.open(home / "data" / "conduit.db")
    newest_at = datetime.now(UTC)

    def keep(sql: Sql) -> None:
        for number in range(count):
            session = Session(f"s{number}", f"Talk {number} about {WORDS[number % len(WORDS)]}")
            session_rows.insert(sql, session, newest_at - timedelta(minutes=7 * number))
            for message in line_of_messages(2, session.id):
                session_rows.commit(sql, message, take_leaf=True)
            at = (newest_at - timedelta(minutes=7 * number)).isoformat(timespec="microseconds")
            session_rows.change(sql, session.id, "updated_at", at)

    try:
        await database.write(keep)
    finally:
        await database.aclose()


def _starting(environs: Mapping[int, Mapping[str, str]]) -> list[Row]:
    """From exec until the list of sessions is there, or says that there are none."""
    walls: dict[int, list[float]] = {count: [] for count in environs}
    cpus: dict[int, list[float]] = {count: [] for count in environs}
    for _ in range(ROUNDS):
        for count, environ in environs.items():
            with Terminal(CONDUIT, environ) as terminal:
                terminal.wait_for(NEWEST if count else NONE)
                walls[count].append((terminal.read_at - terminal.began_at) * 1000)
                terminal.settle()
                cpus[count].append(terminal.cpu_seconds() * 1000)
    return [
        _against_none(f"start with {MANY:,} sessions against none, to the list", walls),
        _against_none(f"start with {MANY:,} sessions against none, CPU until it rests", cpus),
    ]


def _against_none(what: str, taken: Mapping[int, list[float]]) -> Row:
    none, many = (statistics.median(taken[count]) for count in (0, MANY))
    more = statistics.median(m - n for n, m in zip(taken[0], taken[MANY], strict=True))
    return (
        what,
        f"{more:+.0f} ms, {many / none:.2f}x ({many:.0f} ms against {none:.0f} ms)",
        f"{START_BAR_MS:.0f} ms more",
        more <= START_BAR_MS,
    )


def _keys(environ: Mapping[str, str]) -> list[Row]:
    """From a key to the last of what it changes on the screen, one key at a time."""
    with Terminal(CONDUIT, environ, size=(120, 40)) as terminal:
        terminal.wait_for(NEWEST)
        terminal.settle(1.5)
        terminal.type("\x1b")
        terminal.wait_for("NORMAL")
        terminal.type("s")
        terminal.settle()
        moves = [_press(terminal, key) for key in MOVES]
        letters: list[float] = []
        for query in QUERIES:
            letters += [_press(terminal, key) for key in f"/{query}"]
            terminal.type("\x1b")
            terminal.settle()
    return [
        _row(f"move in the list of {MANY:,} sessions, p95", moves),
        _row(f"filter {MANY:,} sessions, from a key to the rows, p95", letters),
    ]


def _press(terminal: Terminal, key: str) -> float:
    pressed_at = terminal.type(key)
    while not terminal.pump(1.0):
        pass
    while terminal.pump(QUIET_SECONDS):
        pass
    return (terminal.read_at - pressed_at) * 1000


def _row(what: str, taken: list[float]) -> Row:
    p95 = statistics.quantiles(taken, n=20)[18]
    figure = f"{p95:.0f} ms (median {statistics.median(taken):.0f} ms, longest {max(taken):.0f} ms)"
    return (what, figure, f"{KEY_BAR_MS:.0f} ms", p95 <= KEY_BAR_MS)


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
