"""What tests of several packages share."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from conduit_tui.core.message import Message, Part, Role, Text, new_id

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("house")

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

MakeMessage = Callable[..., Message]


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
