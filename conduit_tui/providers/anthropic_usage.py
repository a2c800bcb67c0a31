"""Token counts of the messages wire, as our totals."""

from conduit_tui.core.json import Json
from conduit_tui.core.usage import Usage
from conduit_tui.providers.shapes import as_count, as_object

_INPUT = frozenset({"input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"})

_APART = (
    ("server_tool_use", "web_search_requests", "web_searches"),
    ("cache_creation", "ephemeral_1h_input_tokens", "cache_write_1h_tokens"),
)


class UsageReports:
    """Gathers the reports of one generation: each is cumulative, and says only what it knows."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._apart: dict[str, int] = {}

    def take(self, report: Json) -> None:
        """Take in a report. Fields that are null, missing or 0 leave what was said before.

        Some servers send 0 at the end for what they said at the start. But the counts of the input
        are one statement: where the server has summed up a long conversation in between, what was
        read from the cache falls to 0 as the rest changes.
        """
        fields = as_object(report)
        details = as_object(fields.get("output_tokens_details"))
        tells_input = any(as_count(fields.get(name)) for name in _INPUT)
        for inner, name, ours in _APART:
            if count := as_count(as_object(fields.get(inner)).get(name)):
                self._apart[ours] = count
        for name, value in (*fields.items(), *details.items()):
            count = as_count(value)
            if count or (tells_input and name in _INPUT and value is not None):
                self._counts[name] = count

    def usage(self) -> Usage | None:
        """The usage so far; None before any report."""
        if not self._counts:
            return None
        count = self._counts.get
        read, written = count("cache_read_input_tokens", 0), count("cache_creation_input_tokens", 0)
        return Usage(
            input_tokens=count("input_tokens", 0) + read + written,
            output_tokens=count("output_tokens", 0),
            cache_read_tokens=read,
            cache_write_tokens=written,
            reasoning_tokens=count("thinking_tokens", 0),
            apart=tuple(self._apart.items()),
        )
