"""How long a message takes to be safe on the disk, and a long session to come back."""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from conduit_tui.core.message import Message, Text
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.storage import session_rows
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore

COMMITS = 2000
LONG_SESSION = 10_000
COMMIT_BAR_MS = 20.0
LOAD_BAR_SECONDS = 0.4
SESSION_ID = "benchmark"


def measure() -> list[tuple[str, str, str, bool]]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    return asyncio.run(_measure())


async def _measure() -> list[tuple[str, str, str, bool]]:
    messages = line_of_messages(LONG_SESSION)
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "conduit.db")
        try:
            store = SessionStore(database)
            await store.create(Session(SESSION_ID), datetime.now(UTC))
            taken = [await _commit_ms(store, message) for message in messages[:COMMITS]]
            await database.write(lambda sql: _commit_at_once(sql, messages[COMMITS:]))
            load_seconds = await _load_seconds(store)
        finally:
            await database.aclose()
    p99 = statistics.quantiles(taken, n=100)[98]
    p50 = statistics.median(taken)
    return [
        (
            f"commit of a message, p99 of {COMMITS:,} (p50 {p50:.1f} ms)",
            f"{p99:.1f} ms",
            f"{COMMIT_BAR_MS:.0f} ms",
            p99 < COMMIT_BAR_MS,
        ),
        (
            f"load of {LONG_SESSION:,} messages, CPU",
            f"{load_seconds:.2f} s",
            f"{LOAD_BAR_SECONDS} s",
            load_seconds < LOAD_BAR_SECONDS,
        ),
    ]


async def _commit_ms(store: SessionStore, message: Message) -> float:
    began = time.perf_counter()
    await store.commit(message)
    return (time.perf_counter() - began) * 1000


async def _load_seconds(store: SessionStore) -> float:
    began = time.process_time()
    session = await store.load(SESSION_ID)
    taken = time.process_time() - began
    assert session is not None
    assert len(session) == LONG_SESSION
    return taken


def _commit_at_once(sql: Sql, messages: list[Message]) -> None:
    for message in messages:
        session_rows.commit(sql, message, take_leaf=False)


def line_of_messages(length: int, session_id: str = SESSION_ID) -> list[Message]:
    """A session's one line of questions and answers, some 600 characters a message."""
    messages: list[Message] = []
    for number in range(length):
        above = messages[-1].id if messages else None
        make = _reply if number % 2 else _question
        messages.append(make(number, f"{session_id}-{number}", session_id, above))
    return messages


def _question(number: int, message_id: str, session_id: str, above: str | None) -> Message:
    text = Text(f"Question {number}: " + "why is that? " * 8)
    return Message(message_id, session_id, above, "user", (text,), datetime.now(UTC))


def _reply(number: int, message_id: str, session_id: str, above: str | None) -> Message:
    text = f"Answer {number}.\n\n" + "Because of *this*, and then of that.\n" * 30
    return Message(
        message_id,
        session_id,
        above,
        "assistant",
        (Text(f"{text}\nSo ends answer {number}."),),
        datetime.now(UTC),
        provider="openai",
        model="gpt-5",
        params=Params(system_prompt="Be brief.", temperature=0.5),
        usage=Usage(1000 + number, 300),
        stop="end_turn",
    )


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
