"""Files as the wires of OpenAI's SDK have them, and out of base64."""

import base64
import binascii
import re

from conduit_tui.core.message import Attachment

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
