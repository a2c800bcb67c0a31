"""The rows of `endpoints.toml`: what is known of a provider before settings and environment."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from conduit_tui.core.json import Json


@dataclass(frozen=True, slots=True)
class Row:
    """One row; see the comments at the top of `endpoints.toml`."""

    kind: str = "openai-chat"
    base_url: str = ""
    base_url_env: str = ""
    base_url_suffix: str = ""
    default_port: int = 0
    api_key_env: tuple[str, ...] = ()
    key_optional: bool = False
    models: tuple[str, ...] = ()
    takes_tools: bool = True
    price_list: str = ""
    quirks: Mapping[str, Json] = field(default_factory=dict[str, Json])

    def url(self, environ: Mapping[str, str]) -> str:
        """The base URL, as the vendor's own variable has it if that is set."""
        value = environ.get(self.base_url_env, "").strip() if self.base_url_env else ""
        if not value:
            return self.base_url
        if self.default_port:
            value = _from_host(value, self.default_port)
        value = value.rstrip("/")
        return value if value.endswith(self.base_url_suffix) else value + self.base_url_suffix


@cache
def builtin_rows() -> Mapping[str, Row]:
    """Read the rows that come with the program, once."""
    text = files("conduit_tui.catalog").joinpath("endpoints.toml").read_text("utf-8")
    return {name: _row(fields) for name, fields in tomllib.loads(text).items()}


def _row(fields: dict[str, Any]) -> Row:
    # the file is ours: Row refuses names it does not know, and a test reads every row
    def as_tuple(name: str) -> tuple[str, ...]:
        return tuple(fields.get(name, ()))

    fields |= {"api_key_env": as_tuple("api_key_env"), "models": as_tuple("models")}
    return Row(**fields)


def _from_host(value: str, default_port: int) -> str:
    """The URL of an OLLAMA_HOST, by the rules of Ollama's own clients.

    Scheme and port may be missing; with a scheme, the port is that scheme's. The address to
    listen on everywhere is, for a client, this machine.
    """
    has_scheme = "://" in value
    url = value if has_scheme else f"http://{value}"
    try:
        parts = urlsplit(url)
    except ValueError:  # the request says that it is no address
        return url
    host, port = parts.hostname or "127.0.0.1", _port(parts.netloc)
    if host in {"0.0.0.0", "::"}:
        host = "127.0.0.1"
    if port is None and not has_scheme:
        port = default_port
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path}"


def _port(netloc: str) -> int | None:
    digits = netloc.rpartition("]")[2].rpartition(":")[2]
    return int(digits) if ":" in netloc and digits.isdecimal() else None
