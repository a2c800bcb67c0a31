"""A history for commands that only read: sessions written straight into the file."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from conduit_tui.controller.shelf import LAST_SESSION
from conduit_tui.core.change import Changes
from conduit_tui.core.journal import Entry
from conduit_tui.core.message import new_id
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore

BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


@asynccontextmanager
async def opened(home: Path) -> AsyncGenerator[SessionStore]:
    """The file of a home, which is made if there is none."""
    (home / "data").mkdir(parents=True, exist_ok=True)
    database = await Database.open(home / "data" / "conduit.db")
    try:
        yield SessionStore(database)
    finally:
        await database.aclose()


async def keep(home: Path, *sessions: Session, last: Session | None = None) -> None:
    """Store sessions as they are, with their leaves and marks, and which was open last."""
    async with opened(home) as store:
        for session in sessions:
            await store.create(session, BEFORE)
            for message in session:
                await store.commit(message)
            await store.set_leaf(session.id, session.leaf_id)
        if last is not None:
            await store.remember(LAST_SESSION, last.id)


async def change(home: Path, session_id: str, changes: Changes) -> None:
    """Change marks or absences of a stored session."""
    async with opened(home) as store:
        entry = Entry(new_id(), BEFORE, "do", "changed", changes, ())
        await store.record(session_id, entry)
