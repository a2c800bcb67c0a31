from datetime import UTC, datetime
from typing import Any

import pytest

from conduit_tui.catalog.listings import Listing
from conduit_tui.controller.roomier import roomier
from conduit_tui.core.errors import ContextTooLong
from conduit_tui.core.events import TurnEnded
from conduit_tui.core.model_facts import ModelFacts
from tests.controller.desk import Desk, events_of

FACTS = {
    "a/small": 8_000,
    "a/huge": 1_000_000,
    "a/middle": 200_000,
    "b/middle": 100_000,
    "b/unknown": None,
}


@pytest.mark.parametrize(
    ("provider", "more_than", "found"),
    [
        ("a", 8_000, ("a/middle", 200_000)),
        ("b", 8_000, ("b/middle", 100_000)),
        ("b", 150_000, ("a/middle", 200_000)),
        ("a", 1_000_000, None),
    ],
)
def test_the_nearest_window_that_is_large_enough_is_named(
    provider: str, more_than: int, found: Any
) -> None:
    candidates = ((name, ModelFacts(name, window)) for name, window in FACTS.items())

    assert roomier(candidates, provider, more_than) == found


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ContextTooLong("Too long.", tokens=9000, window=8000), "/model demo/large has room"),
        (ContextTooLong("Too long.", window=8000), "/model demo/large has room for 64,000 tokens."),
        (ContextTooLong("Too long.", tokens=90_000, window=8000), ""),
        (ContextTooLong("Too long."), ""),
    ],
)
async def test_a_turn_that_is_too_long_is_told_where_it_would_fit(
    desk: Desk, error: ContextTooLong, advice: str
) -> None:
    listed = (ModelFacts("guide"), ModelFacts("large", 64_000))
    desk.models._listed["demo"] = Listing(listed, datetime.now(UTC))
    desk.scripts["hello"] = (error,)
    session = desk.shelf.new()

    ended = (await events_of(desk.controller.send(session, "hello")))[-1]

    assert isinstance(ended, TurnEnded)
    assert str(ended.error).startswith(f"Too long. {advice}".strip())
    assert ("has room" in str(ended.error)) == bool(advice)
    assert session.path(session.leaf_id)[-1].error == str(ended.error)
