"""What a file that is no text is, by how it begins, in words for a model."""

import codecs

from conduit_tui.core.media import media_type

PROBE_BYTES = 8_192

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_MEDIA = {
    "image/png": "a PNG image",
    "image/jpeg": "a JPEG image",
    "image/gif": "a GIF image",
    "image/webp": "a WebP image",
    "application/pdf": "a PDF",
    "audio/wav": "a WAV sound",
    "audio/mpeg": "an MP3 sound",
}
_BEGINNINGS = (
    (b"\x7fELF", "a program or library (ELF)"),
    (b"MZ", "a program of Windows"),
    (b"\xcf\xfa\xed\xfe", "a program of macOS"),
    (b"\xca\xfe\xba\xbe", "a Java class or a program of macOS"),
    (b"\x00asm", "a WebAssembly module"),
    (b"PK\x03\x04", "a ZIP archive, or a document that is one (docx, xlsx, jar)"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"OggS", "an Ogg sound or video"),
    (b"fLaC", "a FLAC sound"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)


def kind_of(head: bytes) -> str:
    """Return what a file is if it is no text, in words such as "a PNG image"; "" for text.

    `head` are its first bytes, `PROBE_BYTES` of them if there are as many.
    """
    if known := media_type(head):
        return _MEDIA.get(known, "no text")
    if wide_encoding(head):
        return ""
    is_binary = b"\0" in head[:PROBE_BYTES] or _has_controls(head[:PROBE_BYTES])
    if not is_binary:
        return ""
    if head[4:8] == b"ftyp":
        return "a video or an image (MP4, HEIC)"
    for beginning, words in _BEGINNINGS:
        if head.startswith(beginning):
            return words
    return "binary" if head.strip(b"\0") else "nothing but zeros at its beginning"


def wide_encoding(head: bytes) -> str:
    """Return the encoding of a text that begins with the mark of UTF-16 or UTF-32, else ""."""
    if head.startswith(_UTF32):  # first: one of them begins like one of UTF-16
        return "utf-32"
    return "utf-16" if head.startswith(_UTF16) else ""


def _has_controls(head: bytes) -> bool:
    """Whether a tenth of some bytes are ones that no text has."""
    controls = sum(head.count(bytes((code,))) for code in (*range(1, 8), *range(14, 27)))
    return controls * 10 > len(head)
