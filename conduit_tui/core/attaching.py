"""Makes an attachment of bytes whose kind is not known: by how they begin, else as text."""

import codecs

from conduit_tui.core.errors import ConduitError
from conduit_tui.core.media import media_type
from conduit_tui.core.message import Attachment

KNOWN = "a PNG, JPEG, GIF or WebP image, a PDF, WAV or MP3"
_BINARY_PROBE_BYTES = 8192
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def attachment_from(name: str, data: bytes, *, guess: bool = False) -> Attachment:
    """Return PNG, JPEG, GIF and WebP, PDF, WAV and MP3 as what they are, all else as UTF-8 text.

    UTF-16 and UTF-32 are known by their byte order marks. With `guess`, undecodable bytes among
    text become U+FFFD: a pipe cannot be asked again. Raises ConduitError, in words, for data that
    is none of these.
    """
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if known := media_type(data):
        return Attachment(known, data, name)
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        if not guess or b"\0" in data[:_BINARY_PROBE_BYTES]:
            raise ConduitError(
                f"{name!r} is neither text (UTF-8 or UTF-16) nor {KNOWN}."
            ) from error
        text = data.decode("utf-8", "replace")
    return Attachment("text/plain", text.encode("utf-8", "replace"), name)


def _decode(data: bytes) -> str:
    if data.startswith(_UTF32_MARKS):  # first: one of them begins like UTF-16's
        return data.decode("utf-32")
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")
