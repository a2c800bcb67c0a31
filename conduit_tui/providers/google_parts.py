"""The parts of Gemini's answers as events: https://ai.google.dev/api/caching#Part

What Gemini wants back unchanged is kept in `provider_data` under "google": `part` holds the
fields of the part that our own part has no place for (the signature of a thought above all), and
`start` says behind how many characters the part with that signature began: text before it came
in parts without one, and the two must not be merged on the way back.
"""

import base64
import binascii
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field

from conduit_tui.core.events import (
    AttachmentReceived,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Attachment, Unknown
from conduit_tui.providers.google_arguments import Arguments, is_in_pieces
from conduit_tui.providers.shapes import as_list, as_object, as_text

WIRE = "google"
"""The key of what this wire keeps in the provider_data of a part."""


_ABOUT_A_PART = {"text", "thought", "thoughtSignature", "partMetadata"}


@dataclass(slots=True)
class _CallInPieces:
    """A call whose arguments are still coming."""

    index: int
    arguments: Arguments = field(default_factory=Arguments)


class PartReader:
    """Parts of one answer in, events out. Numbers its calls and its files."""

    def __init__(self) -> None:
        self.calls = 0
        self.has_content = False
        self._files = 0
        self._open = ""
        self._length = 0
        self._pieces: _CallInPieces | None = None

    def read(self, part: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what a part says. What is of no known kind is kept whole."""
        text = part.get("text")
        if text is None and not part.keys() - _ABOUT_A_PART:
            text = ""  # proxies drop the empty text behind which a signature comes
        if isinstance(call := part.get("functionCall"), dict):
            if is_in_pieces(call):
                yield from self._piece(part, call)
            else:
                yield from self.finish()
                yield self._call(part)
        elif isinstance(part.get("inlineData"), dict):
            yield self._file(part)
        elif isinstance(text, str):
            yield from self._text(part, text)
        elif any(value is not None for value in part.values()):
            yield self._whole(part)

    def _text(self, part: dict[str, Json], text: str) -> Iterator[StreamEvent]:
        rest = _rest(part, "text", "thought") if len(part) > 1 or not text else {}
        if not text and not rest:
            return  # nothing was said, so what is open stays so
        kind = ThinkingDelta if part.get("thought") is True else TextDelta
        if self._open != kind.__name__:
            self._open, self._length = kind.__name__, 0
        self.has_content = self.has_content or (kind is TextDelta and bool(text))
        if rest:
            start: dict[str, Json] = {"start": self._length} if self._length else {}
            self._open = ""
            yield kind(text, {WIRE: {"part": rest, **start}})
        else:
            self._length += len(text)
            yield kind(text)

    def finish(self) -> Iterator[StreamEvent]:
        """Return the arguments of a call that came in pieces, as nothing more comes of it."""
        pieces, self._pieces = self._pieces, None
        if pieces is not None:
            yield ToolCallDelta(pieces.index, "", "", pieces.arguments.written())

    def _piece(self, part: dict[str, Json], call: dict[str, Json]) -> Iterator[StreamEvent]:
        """A call in pieces begins with its name; its arguments are told when all are there."""
        if call.get("name") or (
            self._pieces is None and (call.get("args") or "partialArgs" in call)
        ):
            yield from self.finish()
            begun = self._call(part, whole=False)
            self._pieces = _CallInPieces(begun.index)
            yield begun
        if self._pieces is None:
            return
        self._pieces.arguments.join(as_object(call.get("args")))
        for piece in as_list(call.get("partialArgs")):
            self._pieces.arguments.take(as_object(piece))
        if call.get("willContinue") is not True:
            yield from self.finish()

    def _call(self, part: dict[str, Json], *, whole: bool = True) -> ToolCallDelta:
        call = as_object(part.get("functionCall"))
        rest = _rest(part, "functionCall", "thought")
        if of_call := _rest(call, "name", "args", "partialArgs", "willContinue"):
            rest["functionCall"] = of_call
        arguments = json.dumps(call.get("args") or {}, ensure_ascii=False) if whole else ""
        index, self.calls = self.calls, self.calls + 1
        self._open, self.has_content = "", True
        return ToolCallDelta(
            index,
            as_text(call.get("id")),
            as_text(call.get("name")),
            arguments,
            {WIRE: {"part": rest}} if rest else None,
        )

    def _file(self, part: dict[str, Json]) -> StreamEvent:
        blob = as_object(part.get("inlineData"))
        encoded = as_text(blob.get("data")).translate(_URL_SAFE).rstrip("=")
        try:
            data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except (binascii.Error, ValueError):
            return self._whole(part)
        self._open, self.has_content = "", True
        self._files += 1
        media_type = as_text(blob.get("mimeType")) or "application/octet-stream"
        kind = "thought" if part.get("thought") is True else media_type.partition("/")[0]
        suffix = mimetypes.guess_extension(media_type.partition(";")[0]) or ""
        rest = _rest(part, "inlineData")
        return AttachmentReceived(
            Attachment(
                media_type,
                data,
                f"{kind}-{self._files}{suffix}",
                {WIRE: {"part": rest}} if rest else None,
            )
        )

    def _whole(self, part: dict[str, Json]) -> UnknownReceived:
        self._open, self.has_content = "", True
        return UnknownReceived(Unknown(dict(part)))


_URL_SAFE = str.maketrans("-_", "+/")


def _rest(part: dict[str, Json], *told: str) -> dict[str, Json]:
    """The fields that are not told otherwise; those without a value say nothing."""
    return {
        name: value
        for name, value in part.items()
        if name not in told and value not in (None, "", False, {})
    }
