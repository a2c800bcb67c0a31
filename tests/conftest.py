"""What tests of several packages share."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from conduit_tui.core.message import Message, Part, Role, Text, new_id
from conduit_tui.providers.scripted import Script, reply
from tests.packages import Packages

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("house")

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

MakeMessage = Callable[..., Message]


def stalling(reached: asyncio.Event, *pieces: str) -> Script:
    """A script that plays its pieces, tells that it has, and then waits for ever."""
    yield from pieces
    reached.set()
    yield asyncio.Event()


def gated(reached: asyncio.Event, gate: asyncio.Event) -> Script:
    """A script that tells it was reached, and goes on when the gate opens."""
    reached.set()
    yield gate
    yield from reply("slowly")


async def until(event: asyncio.Event) -> None:
    """Wait for an event; one that never comes fails the test instead of hanging it."""
    await asyncio.wait_for(event.wait(), 60)


@pytest.fixture(scope="session")
def make_message() -> MakeMessage:
    """Builds a message; its parts are words or parts."""

    def make(
        role: Role,
        *parts: str | Part,
        after: Message | None = None,
        session_id: str = "s1",
        **fields: Any,
    ) -> Message:
        fields.setdefault("id", new_id())
        return Message(
            session_id=after.session_id if after else session_id,
            predecessor_id=after.id if after else None,
            role=role,
            parts=tuple(Text(part) if isinstance(part, str) else part for part in parts),
            created_at=AT,
            **fields,
        )

    return make


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """A place to install packages into."""
    return Packages(tmp_path / "packages", monkeypatch)
