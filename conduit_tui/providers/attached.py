"""Attachments as the wires of OpenAI's SDK take them: images, documents, text, else words."""

import base64
import binascii
import re

from conduit_tui.core.message import Attachment
from conduit_tui.core.request import Request
from conduit_tui.providers.attached_text import left_out, text_of

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PDF = "application/pdf"

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w=.+-]+)*;base64,", re.ASCII)


def data_url(part: Attachment) -> str:
    """The bytes of a part as a `data:` URL."""
    return f"data:{part.media_type};base64,{base64.b64encode(part.data).decode('ascii')}"


def file_in(url: str, stem: str) -> Attachment | None:
    """The file in a `data:` URL, named after its type; None for any other address."""
    found = _DATA_URL.match(url)
    return None if found is None else decoded(url[found.end() :], found[1], stem)


def decoded(encoded: str, media_type: str, stem: str) -> Attachment | None:
    """A file out of base64; None where it is none."""
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    ending = media_type.partition("/")[2].partition("+")[0]
    return Attachment(media_type, data, f"{stem}.{'jpg' if ending == 'jpeg' else ending}")


def is_image(part: Attachment, request: Request) -> bool:
    """Whether a part goes as an image: of a type that is taken, to a model not known as blind."""
    return part.media_type in IMAGE_TYPES and request.known.can("vision") is not False


def in_words(part: Attachment, request: Request) -> str:
    """Text in a fence; of a file that cannot be sent, that it was left out and why."""
    if (text := text_of(part)) is not None:
        return text
    if part.media_type in IMAGE_TYPES:
        return left_out(part, f"{request.model} cannot see images")
    return left_out(part)


def made_here(part: Attachment) -> str:
    """What stands for a file that a model made, where it cannot be sent back."""
    return f"(The file {part.name!r}, {part.media_type}, was made here and is not sent again.)"
