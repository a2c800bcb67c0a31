"""What bytes are, by how they begin, and what that is called."""

import re

from conduit_tui.core.message import Attachment

PDF = "application/pdf"
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""The images that files and clipboards are read as, and that most models take."""

_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    PDF: "PDF",
    "audio/wav": "WAV",
    "audio/mpeg": "MP3",
}
_WORDS = re.compile(
    r"application/(?:.*\+)?(?:json|xml|yaml|x-yaml|toml|javascript|sql|x-sh|x-ndjson)"
)
_PDF_PROBE_BYTES = 1024
"""Some programs write something before the header, and readers take it."""


def media_type(data: bytes) -> str | None:
    """Return the media type of an image, a PDF or a sound that models take."""
    if found := image_type(data):
        return found
    if data.startswith(b"%PDF-") or b"\n%PDF-" in data[:_PDF_PROBE_BYTES]:
        return PDF
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data.startswith((b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\xff\xfb", b"\xff\xf3")):
        return "audio/mpeg"
    return None


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


def is_words(attachment: Attachment) -> bool:
    """Whether a file is text, under whatever name."""
    return attachment.is_text or bool(_WORDS.fullmatch(attachment.media_type))


def kind_name(attachment: Attachment) -> str:
    """What a person calls the kind of a file: `PNG`, `PDF`; nothing for text."""
    return "" if attachment.is_text else _NAMES.get(attachment.media_type, "")
