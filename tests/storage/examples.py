"""Values that storage tests share."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from conduit_tui.core.message import Message, Part, Text
from conduit_tui.core.session import Session
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def message(message_id: str, predecessor_id: str | None = None, **fields: Any) -> Message:
    """A user message of session `s` with its id as text."""
    plain = Message(message_id, "s", predecessor_id, "user", (Text(message_id),), NOW)
    return replace(plain, **fields)


def parts(*given: Part) -> tuple[Part, ...]:
    return given


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def count(database: Database, table: str) -> int:
    """Rows in a table."""

    def ask(sql: Sql) -> int:
        return int(sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    return await database.read(ask)


async def write_history(path: Path, texts: list[str]) -> None:
    """Make a database with session `s` and one line of messages, and close it."""
    database = await Database.open(path)
    try:
        store = SessionStore(database)
        await store.create(Session("s", title="Kept"), NOW)
        above = None
        for position, text in enumerate(texts):
            await store.commit(message(f"m{position}", above, parts=(Text(text),)))
            above = f"m{position}"
    finally:
        await database.aclose()
