"""OpenRouter's reasoning blocks, put together out of the pieces of a stream.

They must go back as they came for a model to go on after a tool call:
https://openrouter.ai/docs/guides/best-practices/reasoning-tokens#preserving-reasoning
"""

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_object, as_text, is_shallow

_GROWING = ("text", "summary", "data")


class ReasoningDetails:
    """Blocks in by pieces; a piece of the same kind and index continues the block before it."""

    def __init__(self) -> None:
        self._blocks: list[dict[str, Json]] = []

    def feed(self, pieces: list[Json]) -> None:
        """Take in the pieces of a chunk."""
        for piece in map(as_object, pieces):
            if not piece:
                continue
            last = self._blocks[-1] if self._blocks else None
            if last is None or not _continues(last, piece):
                self._blocks.append(dict(piece))
                continue
            for name, value in piece.items():
                if name in _GROWING and as_text(last.get(name)):
                    last[name] = as_text(last.get(name)) + as_text(value)
                elif value not in (None, "") or name not in last:
                    last[name] = value

    def take(self) -> list[Json]:
        """Return the blocks since the last time."""
        blocks, self._blocks = self._blocks, []
        return [block for block in blocks if is_shallow(block)]


def _continues(last: dict[str, Json], piece: dict[str, Json]) -> bool:
    """Encrypted blocks are whole; a block with another id is another one."""
    if piece.get("type") == "reasoning.encrypted":
        return False
    is_same_id = piece.get("id") in (None, last.get("id")) or last.get("id") is None
    return (
        is_same_id
        and piece.get("type") == last.get("type")
        and piece.get("index") == last.get("index")
    )
