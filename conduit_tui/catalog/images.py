"""What an image or a document costs in tokens, by the rules its vendor publishes.

OpenAI: tiles of 512 pixels (platform.openai.com/docs/guides/images-vision). Anthropic: width times
height by 750 (docs.claude.com, vision). Gemini: 258 a tile (ai.google.dev, tokens).
"""

import math
import re
import struct
from typing import TypeAlias

Size: TypeAlias = tuple[int, int]

_UNKNOWN = {"anthropic": 1_600.0, "google": 258.0}
_PER_PAGE = {"anthropic": 2_000.0, "google": 258.0}
_USUAL_IMAGE = 765.0  # OpenAI's count for a square of 1024 pixels
_USUAL_PAGE = 1_000.0
_ANTHROPIC_EDGE = 1_568
_GEMINI_SMALL, _GEMINI_TILE = 384, 768
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def image_tokens(data: bytes, wire: str) -> float:
    """The tokens of an image to a wire; a usual size is assumed where it cannot be read."""
    size = image_size(data)
    if size is None:
        return _UNKNOWN.get(wire, _USUAL_IMAGE)
    match wire:
        case "anthropic":
            return _by_area(*size)
        case "google":
            return _by_gemini_tiles(*size)
        case _:
            return _by_openai_tiles(*size)


def document_tokens(data: bytes, wire: str) -> float:
    """The tokens of a PDF, by its pages as far as they can be counted without opening it."""
    return max(1, len(_PAGE.findall(data))) * _PER_PAGE.get(wire, _USUAL_PAGE)


def image_size(data: bytes) -> Size | None:
    """Read width and height in pixels from the head of a PNG, GIF, WebP or JPEG, else None."""
    try:
        size = _read_size(data)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _read_size(data: bytes) -> Size | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return struct.unpack_from(">II", data, 16)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return struct.unpack_from("<HH", data, 6)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _webp_size(data: bytes) -> Size | None:
    match data[12:16]:
        case b"VP8X":
            width, height = data[24:27], data[27:30]
            return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def _jpeg_size(data: bytes) -> Size | None:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _by_openai_tiles(width: int, height: int) -> float:
    shrink = min(1.0, 2048 / max(width, height))
    width_in, height_in = width * shrink, height * shrink
    shrink = min(1.0, 768 / min(width_in, height_in))
    tiles = math.ceil(width_in * shrink / 512) * math.ceil(height_in * shrink / 512)
    return 85.0 + 170.0 * tiles


def _by_area(width: int, height: int) -> float:
    shrink = min(1.0, _ANTHROPIC_EDGE / max(width, height))
    return min(1_600.0, math.ceil(width * height * shrink * shrink / 750))


def _by_gemini_tiles(width: int, height: int) -> float:
    if max(width, height) <= _GEMINI_SMALL:
        return 258.0
    return 258.0 * math.ceil(width / _GEMINI_TILE) * math.ceil(height / _GEMINI_TILE)
