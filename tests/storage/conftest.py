"""Real databases in a temporary folder."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Most people's umask, under which SQLite by itself makes files that all can read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "conduit.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    yield database
    await database.aclose()


@pytest.fixture
async def store(database: Database) -> SessionStore:
    """A store that holds the empty session `s`."""
    store = SessionStore(database)
    await store.create(Session("s"), NOW)
    return store
