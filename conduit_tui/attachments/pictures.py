"""Pictures made small enough for every vendor, by pillow. Slow: call it in a thread.

Anthropic takes the least: 8,000 pixels a side and 5 MB in base64, see
https://docs.anthropic.com/en/docs/build-with-claude/vision.
"""

import warnings
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, cast

from conduit_tui.core.amounts import short_size
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.image_size import image_size
from conduit_tui.core.media import image_type
from conduit_tui.core.message import Attachment

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS_A_SIDE = 8_000
MOST_BYTES = 5 * 1024 * 1024 * 3 // 4
"""What comes to 5 MB in base64."""
MOST_PIXELS = 120_000_000
"""More than any camera makes; a file of a few KB can claim to have as many as it likes."""

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_MOST_ROUNDS = 8
_AIM = 0.9
_QUALITY = 88


def fitted(attachment: Attachment) -> tuple[Attachment, str]:
    """Return a picture that vendors take, and words about what was done or is wrong.

    What is no picture, fits, or is broken comes back as it is. Raises ConduitError, in words, for
    one that would unfold to more pixels than any picture has.
    """
    if attachment.media_type not in _FORMATS:
        return attachment, ""
    name = clean_line(attachment.name)
    size = image_size(attachment.data)
    if size and size[0] * size[1] > MOST_PIXELS:
        raise ConduitError(
            f"{name!r} claims to have {size[0]:,}×{size[1]:,} pixels; "
            f"no more than {MOST_PIXELS // 1_000_000} million are read."
        )
    is_small = len(attachment.data) <= MOST_BYTES and max(size or (1,)) <= MOST_PIXELS_A_SIDE
    try:
        with _opened(attachment.data) as picture:
            if is_small:
                picture.load()
                return attachment, ""
            if getattr(picture, "is_animated", False):
                return attachment, f"{name!r} moves, so it stays as it is: {_measures(attachment)}."
            smaller = _smaller(picture, attachment)
    except Exception as error:  # pillow's decoders raise whatever they stumble over
        if isinstance(error, MemoryError):
            raise
        return attachment, f"{name!r} seems to be broken; it is sent as it is."
    return smaller, (
        f"{name!r} was scaled from {_measures(attachment)} to {_measures(smaller)}: "
        f"some providers take no more."
    )


def as_png(data: bytes, name: str) -> Attachment:
    """Return a picture of any kind pillow reads as PNG; PNG, JPEG, GIF and WebP stay as they are.

    Raises ConduitError for what is no picture.
    """
    if known := image_type(data):
        return Attachment(known, data, name)
    try:
        with _opened(data) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError
            return Attachment("image/png", _saved(picture, "image/png"), name)
    except Exception as error:
        raise ConduitError(f"{clean_line(name)!r} is no picture that can be read.") from error


def grabbed() -> bytes | tuple[str, ...] | None:
    """Return the picture in the clipboard as PNG, or the paths of files; None for neither.

    Raises ConduitError, in words, where the desktop does not let it be read.
    """
    from PIL import Image, ImageGrab

    try:
        found: object = ImageGrab.grabclipboard()
    except (OSError, NotImplementedError) as error:
        why = clean_line(str(error)).rstrip(".")
        raise ConduitError(
            f"The clipboard cannot be read ({why}); /attach a file instead."
        ) from error
    if isinstance(found, Image.Image):
        return _saved(found, "image/png")
    if isinstance(found, list):
        return tuple(str(path) for path in cast("list[object]", found))
    return None


def _opened(data: bytes) -> "Image":
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it takes for a bomb: that was looked at here
        return Image.open(BytesIO(data))


def _smaller(picture: "Image", attachment: Attachment) -> Attachment:
    """Scale until it fits, upright as its camera was held."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    share = min(1.0, MOST_PIXELS_A_SIDE / max(upright.size))
    data = attachment.data
    for number in range(_MOST_ROUNDS):
        if number or share < 1 or len(data) <= MOST_BYTES:
            data = _saved(_scaled(upright, share), attachment.media_type)
            if len(data) <= MOST_BYTES:
                return replace(attachment, data=data)
        share *= min(_AIM, (MOST_BYTES * _AIM / len(data)) ** 0.5)
    raise ValueError("it stays too large")


def _scaled(picture: "Image", share: float) -> "Image":
    from PIL import Image

    if share >= 1:
        return picture
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return plain.resize(size, Image.Resampling.LANCZOS)  # pyright: ignore[reportUnknownMemberType] - it mentions numpy


def _saved(picture: "Image", media_type: str) -> bytes:
    if media_type == "image/jpeg" and picture.mode not in ("RGB", "L", "CMYK"):
        picture = picture.convert("RGB")
    if media_type == "image/png" and picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        picture = picture.convert("RGBA")
    into = BytesIO()
    picture.save(into, _FORMATS[media_type], quality=_QUALITY)
    return into.getvalue()


def _measures(attachment: Attachment) -> str:
    size = image_size(attachment.data)
    size_of_file = short_size(len(attachment.data))
    return f"{size[0]:,}×{size[1]:,} pixels, {size_of_file}" if size else size_of_file
