"""Kills a process that sends and streams, again and again, and looks at what is left.

The writer says on its standard output what it was told is stored (`saved ID`, `opened ID`) and
each piece of a reply as it arrives (`piece ID NUMBER SECONDS`). Replies count: "0 1 2 ", so
every prefix can be told from anything else.
"""

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from conduit_tui.core.events import StreamEvent, TextDelta
from conduit_tui.core.message import Message, Text, new_id
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import DraftHeader, DraftStore, OrphanedDraft, process_owner
from conduit_tui.storage.sessions import SessionStore

ROUNDS = 50
MISSING_BAR_MS = 500.0
SESSION_ID = "kills"
CHECKPOINT_SECONDS = 0.25
PIECE_SECONDS = 0.004
PIECES_OF_A_REPLY = 200
MOST_LINES = 500
ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Said:
    """What a writer said before it was killed."""

    saved: set[str] = field(default_factory=set[str])
    opened: set[str] = field(default_factory=set[str])
    pieces: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def take(self, line: str) -> None:
        """Take in one line."""
        match line.split():
            case ["saved", message_id]:
                self.saved.add(message_id)
            case ["opened", message_id]:
                self.opened.add(message_id)
            case ["piece", message_id, _, seconds]:
                self.pieces.setdefault(message_id, []).append(float(seconds))
            case _:
                pass  # the last line, cut by the kill


@dataclass(slots=True)
class Found:
    """What was left after the kills so far."""

    kills: int = 0
    saved: int = 0
    lost: int = 0
    partial: int = 0
    not_a_prefix: int = 0
    missing_ms: float = 0.0
    damaged: int = 0


def measure() -> list[tuple[str, str, str, bool]]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            kill_once(Path(folder) / "data" / "conduit.db", random.Random(number), found)
    late = f"{found.missing_ms:.0f} ms"
    is_late = found.missing_ms > MISSING_BAR_MS
    return [
        _none(f"{ROUNDS} kills: acknowledged messages lost", found.lost, found.saved),
        _none("partial replies that are no exact prefix", found.not_a_prefix, found.partial),
        ("most that is missing of a partial reply", late, f"{MISSING_BAR_MS:.0f} ms", not is_late),
        _none("databases damaged by a kill", found.damaged, found.kills),
    ]


def _none(measure: str, number: int, of: int) -> tuple[str, str, str, bool]:
    return measure, f"{number} of {of}", "0", number == 0 < of


def kill_once(path: Path, chance: random.Random, found: Found) -> None:
    """Start a writer, kill it after some lines, and add to what was found."""
    said = _run_and_kill(path, chance.randint(1, MOST_LINES))
    found.kills += 1
    found.saved += len(said.saved)
    asyncio.run(_look(path, said, found))


def _run_and_kill(path: Path, lines: int) -> Said:
    said = Said()
    command = [sys.executable, "-m", "benchmarks.kills", "write", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(lines):
            said.take(writer.stdout.readline())
        writer.kill()
        for line in writer.stdout:
            said.take(line)
    assert said.saved
    return said


async def _look(path: Path, said: Said, found: Found) -> None:
    database = await Database.open(path)
    try:
        store, drafts = SessionStore(database), DraftStore(database, process_owner())
        session = await store.load(SESSION_ID)
        orphans = {orphan.header.message_id: orphan for orphan in await drafts.orphans()}
        stored = {message.id for message in session or ()}
        found.lost += len(said.saved - stored) + len(said.opened - stored - set(orphans))
        found.damaged += bool(database.notices) or not await database.read(_is_sound)
        for message_id, orphan in orphans.items():
            _judge(orphan, said.pieces.get(message_id, []), found)
        await database.write(lambda sql: sql.run("DELETE FROM drafts") and None)
    finally:
        await database.aclose()


def _judge(orphan: OrphanedDraft, arrived: list[float], found: Found) -> None:
    text = "".join(event.text for event in orphan.events if isinstance(event, TextDelta))
    found.partial += 1
    found.not_a_prefix += text != "".join(f"{number} " for number in range(len(orphan.events)))
    missing = arrived[len(orphan.events) :]
    if missing:
        found.missing_ms = max(found.missing_ms, (arrived[-1] - missing[0]) * 1000)


def _is_sound(sql: Sql) -> bool:
    return sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def _write(path: Path) -> None:
    """Send and stream at the same time, until killed."""
    database = await Database.open(path)
    try:
        store, drafts = SessionStore(database), DraftStore(database, process_owner())
        await store.create(Session(SESSION_ID), datetime.now(UTC))
        root = Message(new_id(), SESSION_ID, None, "user", (Text("root"),), datetime.now(UTC))
        await _save(store, root)
        await asyncio.gather(_send(store, root.id), _stream(store, drafts, root.id))
    finally:
        await database.aclose()


async def _send(store: SessionStore, above: str) -> None:
    while True:
        text = Text("word " * random.randint(1, 2000))
        at = datetime.now(UTC)
        await _save(store, Message(new_id(), SESSION_ID, above, "user", (text,), at))
        await asyncio.sleep(PIECE_SECONDS)


async def _stream(store: SessionStore, drafts: DraftStore, above: str) -> None:
    while True:
        at = datetime.now(UTC)
        header = DraftHeader(new_id(), SESSION_ID, above, "scripted", "count", Params(), at)
        await drafts.open(header)
        _say("opened", header.message_id)
        text = await _stream_one(drafts, header.message_id)
        reply = Message(header.message_id, SESSION_ID, above, "assistant", (Text(text),), at)
        await _save(store, reply)


async def _stream_one(drafts: DraftStore, message_id: str) -> str:
    gathered: list[StreamEvent] = []
    text = ""
    checkpoint_at = time.monotonic() + CHECKPOINT_SECONDS
    for number in range(PIECES_OF_A_REPLY):
        piece = TextDelta(f"{number} ")
        text += piece.text
        gathered.append(piece)
        _say("piece", message_id, number, time.monotonic())
        if time.monotonic() >= checkpoint_at:
            await drafts.append(message_id, gathered)
            gathered = []
            checkpoint_at = time.monotonic() + CHECKPOINT_SECONDS
        await asyncio.sleep(PIECE_SECONDS)
    return text


async def _save(store: SessionStore, message: Message) -> None:
    await store.commit(message)
    _say("saved", message.id)


def _say(*words: object) -> None:
    print(*words, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        asyncio.run(_write(Path(sys.argv[2])))
    else:
        for row in measure():
            print(*row, sep=" | ")
