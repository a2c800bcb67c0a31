"""What bytes are, by how they begin, and what that is called."""

from conduit_tui.core.message import Attachment

PDF = "application/pdf"
_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    PDF: "PDF",
    "audio/wav": "WAV",
    "audio/mpeg": "MP3",
}
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


def kind_name(attachment: Attachment) -> str:
    """What a person calls the kind of a file: `PNG`, `PDF`; nothing for text."""
    return "" if attachment.is_text else _NAMES.get(attachment.media_type, "")
