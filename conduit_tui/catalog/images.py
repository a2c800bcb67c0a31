"""What an image or a document costs in tokens, by the rules its vendor publishes.

OpenAI: tiles of 512 pixels (platform.openai.com/docs/guides/images-vision). Anthropic: width times
height by 750 (docs.claude.com, vision). Gemini: 258 a tile (ai.google.dev, tokens).
"""

import math
import re

from conduit_tui.core.image_size import image_size

_UNKNOWN = {"anthropic": 1_600.0, "google": 258.0}
_PER_PAGE = {"anthropic": 2_000.0, "google": 258.0}
_USUAL_IMAGE = 765.0  # OpenAI's count for a square of 1024 pixels
_USUAL_PAGE = 1_000.0
_ANTHROPIC_EDGE = 1_568
_GEMINI_SMALL, _GEMINI_TILE = 384, 768
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


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
