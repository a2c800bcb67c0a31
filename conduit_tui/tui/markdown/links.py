"""Which link targets may become links, and how a target is shown."""

import re
from urllib.parse import urlsplit

_SCHEMES = {"http", "https", "mailto"}
_LONGEST_SHOWN = 40
_PRINTABLE = re.compile(r"[!-~]+")

BARE_URL = re.compile(r"https?://[^\s<>\"'`│)\]}]+[^\s<>\"'`│)\]}.,;:!?]")
"""An address written out in running text, without the punctuation that ends the sentence."""


def safe_target(target: str) -> str | None:
    """Return the target as a terminal may be given it, or None if it must not become a link.

    A terminal gets it inside an escape sequence, unescaped: only printable ASCII.
    """
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES:
        return None
    if host != ascii_host:
        target = target.replace(host, ascii_host, 1)
    return target if _PRINTABLE.fullmatch(target) else None


def short_target(target: str) -> str:
    """Return a target as it is shown beside a link's text: without scheme, long ones cut."""
    shown = target.split("://", 1)[-1].removeprefix("mailto:").rstrip("/")
    if len(shown) <= _LONGEST_SHOWN:
        return shown
    host = shown.split("/", 1)[0]
    return f"{host[:_LONGEST_SHOWN]}/…"
