"""The time of day, where it is asked for."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tools.tool import Tool
from tests.conftest import AT
from tests.tools.bench import context


async def answer(tool: Tool, arguments: dict[str, Json]) -> str:
    return await tool.run(context(), arguments)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "2026-11-22T12:00:00+00:00 (Sunday, UTC)"),
        ({"timezone": None}, "2026-11-22T12:00:00+00:00 (Sunday, UTC)"),
        ({"timezone": ""}, "2026-11-22T12:00:00+00:00 (Sunday, UTC)"),
        ({"timezone": "UTC"}, "2026-11-22T12:00:00+00:00 (Sunday, UTC)"),
        ({"timezone": "Europe/Oslo"}, "2026-11-22T13:00:00+01:00 (Sunday, Europe/Oslo)"),
        ({"timezone": "Asia/Kathmandu"}, "2026-11-22T17:45:00+05:45 (Sunday, Asia/Kathmandu)"),
        (
            {"timezone": "Pacific/Kiritimati"},
            "2026-11-23T02:00:00+14:00 (Monday, Pacific/Kiritimati)",
        ),
    ],
)
async def test_the_time_is_told_in_the_zone_asked_for(
    arguments: dict[str, Json], told: str
) -> None:
    assert await answer(current_time(AT), arguments) == told


async def test_without_a_held_clock_it_is_now() -> None:
    before = datetime.now().astimezone()
    told = await answer(current_time(), {})
    moment = datetime.fromisoformat(told.split(" ")[0])
    assert abs((moment - before).total_seconds()) < 60


@pytest.mark.parametrize(
    "zone",
    [
        "Mars/Olympus",
        "Europe",
        "/etc/passwd",
        "../../etc/passwd",
        "a\0b",
        "\ud800",
        "tzdata.zi",
        "zone.tab",
        "x" * 100_000,
    ],
)
async def test_an_unknown_zone_is_a_failure_in_words(zone: Json) -> None:
    with pytest.raises(ToolError, match="There is no time zone") as caught:
        await answer(current_time(AT), {"timezone": zone})
    assert "Europe/Oslo" in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("zone", [7, True, ["UTC"], {"a": "UTC"}])
async def test_a_zone_that_is_no_text_is_a_failure_in_words(zone: Json) -> None:
    with pytest.raises(ToolError, match="timezone should be a string, not "):
        await answer(current_time(AT), {"timezone": zone})


@given(st.text(max_size=20))
async def test_no_name_of_a_zone_whatever_breaks_it(zone: str) -> None:
    with suppress(ToolError):
        assert "2026-11-2" in await answer(current_time(AT), {"timezone": zone})
