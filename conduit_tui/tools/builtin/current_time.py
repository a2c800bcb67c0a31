"""The time of day, in any time zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.tool import Tool, ToolContext

_SPEC = ToolSpec(
    name="current_time",
    description="The current date and time, with weekday and time zone, in ISO 8601.",
    schema={
        "type": "object",
        "properties": {
            "timezone": {
                "type": "string",
                "description": "An IANA time zone such as Europe/Oslo; UTC when left out.",
            }
        },
        "additionalProperties": False,
    },
)


def current_time(now: datetime | None = None) -> Tool:
    """Return the tool; `now` (an aware time) holds the clock for tests."""

    async def run(_: ToolContext, arguments: dict[str, Json]) -> str:
        name = arguments.get("timezone") or "UTC"
        moment = (now or datetime.now(UTC)).astimezone(_zone(name))
        return f"{moment.isoformat(timespec='seconds')} ({moment:%A}, {name})"

    return Tool(_SPEC, run, effect="none")


def _zone(name: Json) -> tzinfo:
    if name == "UTC":
        return UTC  # also on a machine without time zone data
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ToolError(f"There is no time zone {name!r}. Try a name like Europe/Oslo.") from error
