"""Lists of models as servers gave them, kept on disk: one file for each provider."""

import json
import logging
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import cast, get_args
from urllib.parse import quote, urlsplit

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts, ThinkingStyle

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(days=1)
MOST_BYTES = 16 * 1024 * 1024
MOST_MODELS = 20_000
MOST_TOKENS = 10**10


@dataclass(frozen=True)
class Listing:
    """What a server listed, and when; `fetched_at` is aware UTC."""

    models: tuple[ModelFacts, ...]
    fetched_at: datetime

    @cached_property
    def by_name(self) -> Mapping[str, ModelFacts]:
        """The facts by the vendor's own name; of routers there are a thousand."""
        return {facts.name: facts for facts in self.models}

    def is_stale(self, now: datetime) -> bool:
        """Whether it is time to ask anew. A date in the future is no date."""
        return not timedelta(0) <= now - self.fetched_at < STALE_AFTER


class Listings:
    """The lists in a directory. Nothing here raises: without a list there is just none.

    Without `keeps` nothing is written.
    """

    def __init__(self, directory: Path, *, keeps: bool = True) -> None:
        self._directory = directory
        self._keeps = keeps

    def read(self, endpoint: Endpoint) -> Listing | None:
        """The list of a provider, if it came from the server the provider has now."""
        file = self._file(endpoint)
        try:
            content = _read(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("list of models not read: %s: %s", file.name, error.strerror)
            return None
        try:
            listing, origin = _decoded(json.loads(content))
        except (ValueError, RecursionError):
            log.warning("list of models is damaged and not used: %s", file.name)
            return None
        return listing if origin == _origin(endpoint.base_url) else None

    def write(self, endpoint: Endpoint, listing: Listing) -> None:
        """Keep a list, in place of the one before, in a file of mode 0600."""
        if not self._keeps:
            return
        file = self._file(endpoint)
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(file, json.dumps(_encoded(endpoint, listing)))
        except OSError as error:
            log.warning("list of models not kept: %s: %s", file.name, error.strerror)

    def _file(self, endpoint: Endpoint) -> Path:
        return self._directory / f"{quote(endpoint.name, safe='')}.json"


def _read(file: Path) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            return b""  # reads as damaged
        return opened.read(MOST_BYTES)


def _replace(file: Path, text: str) -> None:
    from tempfile import mkstemp

    descriptor, name = mkstemp(dir=file.parent, prefix=".new-")  # of mode 0600
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(text)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _origin(base_url: str) -> str:
    """The address without user and password, which have no place in a file."""
    try:
        parts = urlsplit(base_url)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or ''}{parts.path}"
    except ValueError:
        return ""


def _encoded(endpoint: Endpoint, listing: Listing) -> dict[str, Json]:
    return {
        "base_url": _origin(endpoint.base_url),
        "fetched_at": listing.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        "models": [_encoded_facts(facts) for facts in listing.models[:MOST_MODELS]],
    }


def _encoded_facts(facts: ModelFacts) -> dict[str, Json]:
    fields: dict[str, Json] = {
        "name": facts.name,
        "context_window": facts.context_window,
        "max_output_tokens": facts.max_output_tokens,
        "has": cast("list[Json]", sorted(facts.has)),
        "lacks": cast("list[Json]", sorted(facts.lacks)),
        "refuses": cast("list[Json]", sorted(facts.refuses)),
        "efforts": list(facts.efforts),
        "thinking": facts.thinking,
        "title": facts.title,
        "note": facts.note,
    }
    return {name: value for name, value in fields.items() if value}


def _decoded(value: Json) -> tuple[Listing, str]:
    """The list and where it came from. Raises ValueError for what cannot be one."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    models, fetched_at, origin = value.get("models"), value.get("fetched_at"), value.get("base_url")
    if not isinstance(models, list) or not isinstance(fetched_at, str):
        raise ValueError("no list")
    at = datetime.fromisoformat(fetched_at)
    if at.tzinfo is None or not isinstance(origin, str):
        raise ValueError("no place or time")
    facts: Sequence[ModelFacts] = [_decoded_facts(model) for model in models[:MOST_MODELS]]
    return Listing(tuple(facts), at.astimezone(UTC)), origin


def _decoded_facts(value: Json) -> ModelFacts:
    if not isinstance(value, dict) or not (name := _text(value.get("name"))):
        raise ValueError("a model without a name")
    abilities = frozenset(get_args(Ability))
    thinking = _text(value.get("thinking"))
    return ModelFacts(
        name,
        context_window=_tokens(value.get("context_window")),
        max_output_tokens=_tokens(value.get("max_output_tokens")),
        has=frozenset(cast("set[Ability]", abilities & set(_texts(value.get("has"))))),
        lacks=frozenset(cast("set[Ability]", abilities & set(_texts(value.get("lacks"))))),
        refuses=frozenset(_texts(value.get("refuses"))),
        efforts=_texts(value.get("efforts")),
        thinking=cast("ThinkingStyle", thinking if thinking in get_args(ThinkingStyle) else ""),
        title=_text(value.get("title")),
        note=_text(value.get("note")),
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _tokens(value: Json) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value < MOST_TOKENS else None
