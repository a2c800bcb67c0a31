"""The time of day, in any time zone."""

from datetime import UTC, datetime, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool


def current_time(now: datetime | None = None) -> Tool:
    """Return the tool; `now` (an aware time) holds the clock for tests."""

    async def current_time(
        timezone: Annotated[
            str | None, "An IANA time zone such as Europe/Oslo; UTC when left out."
        ] = None,
    ) -> str:
        """The current date and time, with weekday and time zone, in ISO 8601."""
        name = timezone or "UTC"
        moment = (now or datetime.now(UTC)).astimezone(_zone(name))
        return f"{moment.isoformat(timespec='seconds')} ({moment:%A}, {name})"

    return tool(current_time, effect="none")


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC  # also on a machine without time zone data
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        shown = name if len(name) <= 80 else f"{name[:80]}…"
        raise ToolError(f"There is no time zone {shown!r}. Try a name like Europe/Oslo.") from error
