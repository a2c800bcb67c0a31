"""The encodings of OpenAI's models, where tiktoken has them on this machine.

tiktoken downloads an encoding at its first use, and again when the file it kept is damaged. Nobody
asked for that, so it is only called when the file it would read is there and whole.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from conduit_tui.catalog.tokens import CountText

log = logging.getLogger(__name__)

_PIECE = 4_000
"""Characters encoded at once: a text without any space costs tiktoken more than its length."""


class Origin(NamedTuple):
    """Where tiktoken gets the file of an encoding, and the SHA-256 it must have."""

    url: str
    sha256: str


_STORE = "https://openaipublic.blob.core.windows.net/encodings/"
_O200K = Origin(
    f"{_STORE}o200k_base.tiktoken",
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
)
_CL100K = Origin(
    f"{_STORE}cl100k_base.tiktoken",
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
)
ORIGINS: Mapping[str, Origin] = MappingProxyType(
    {"o200k_base": _O200K, "o200k_harmony": _O200K, "cl100k_base": _CL100K}
)
"""The encodings of models one can talk to; those of older models are not looked for."""


def encoding_name(model: str) -> str | None:
    """The encoding of a model, by the vendor's own name or a router's; None if nobody knows."""
    from tiktoken.model import encoding_name_for_model

    try:
        return encoding_name_for_model(model.rpartition("/")[2])
    except KeyError:
        return None


def is_here(name: str, environ: Mapping[str, str], origins: Mapping[str, Origin] = ORIGINS) -> bool:
    """Whether tiktoken can load an encoding without the network."""
    origin = origins.get(name)
    folder = _folder(environ)
    if origin is None or not folder:
        return False
    kept = Path(folder) / hashlib.sha1(origin.url.encode()).hexdigest()
    try:
        return hashlib.sha256(kept.read_bytes()).hexdigest() == origin.sha256
    except OSError:
        return False


def load_counter(
    name: str, environ: Mapping[str, str], origins: Mapping[str, Origin] = ORIGINS
) -> CountText | None:
    """Return what counts by an encoding, or None where it is not on this machine.

    Takes half a second of CPU: for a thread.
    """
    if not is_here(name, environ, origins):
        return None
    import tiktoken

    try:
        encode = tiktoken.get_encoding(name).encode_ordinary
    except Exception as error:  # a plugin of tiktoken's may fail in any way
        log.warning("the encoding %s was not loaded: %s", name, type(error).__name__)
        return None

    def count(text: str) -> float:
        pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
        return float(sum(len(encode(piece)) for piece in pieces))

    return count


def _folder(environ: Mapping[str, str]) -> str:
    """The folder tiktoken keeps its files in, found as its `load` finds it; empty: it keeps none.

    It reads the process's own environment, so what that says is what counts.
    """
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in environ:
            return environ[variable] if os.environ.get(variable) == environ[variable] else ""
    return str(Path(tempfile.gettempdir()) / "data-gym-cache")
