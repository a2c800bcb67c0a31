"""Makes an attachment of bytes whose kind is not known: an image by its first bytes, or text."""

import codecs

from conduit_tui.core.errors import ConduitError
from conduit_tui.core.message import Attachment

_BINARY_PROBE_BYTES = 8192
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def attachment_from(name: str, data: bytes, *, guess: bool = False) -> Attachment:
    """Return PNG, JPEG, GIF or WebP as an image, everything else as UTF-8 text.

    UTF-16 and UTF-32 are known by their byte order marks. With `guess`, undecodable bytes among
    text become U+FFFD: a pipe cannot be asked again. Raises ConduitError, in words, for data that
    is neither text nor an image.
    """
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if media_type := image_type(data):
        return Attachment(media_type, data, name)
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        if not guess or b"\0" in data[:_BINARY_PROBE_BYTES]:
            raise ConduitError(
                f"{name!r} is neither text (UTF-8 or UTF-16) nor a PNG, JPEG, GIF or WebP image."
            ) from error
        text = data.decode("utf-8", "replace")
    return Attachment("text/plain", text.encode("utf-8", "replace"), name)


def image_type(data: bytes) -> str | None:
    """Return the media type of an image that models take, by its first bytes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def _decode(data: bytes) -> str:
    if data.startswith(_UTF32_MARKS):  # first: one of them begins like UTF-16's
        return data.decode("utf-32")
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")
