"""Builds the provider for an endpoint, by the wire it speaks."""

from collections.abc import Callable

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import SettingsError
from conduit_tui.providers.base import Provider
from conduit_tui.providers.retry import Retrying
from conduit_tui.providers.structured import StructuredAnswers


def build(endpoint: Endpoint) -> Provider:
    """Return a provider that retries and answers with values. Opens nothing and imports no SDK yet.

    Raises SettingsError for an unknown kind and for a missing or impossible base URL.
    """
    make = _KINDS.get(endpoint.kind)
    if make is None:
        known = ", ".join(repr(kind) for kind in _KINDS)
        raise SettingsError(
            f"The provider {endpoint.name!r} is of kind {endpoint.kind!r}, which is unknown. "
            f"Set kind under [providers.{endpoint.name}] to one of {known}."
        )
    return StructuredAnswers(Retrying(make(endpoint)), takes_tools=endpoint.takes_tools)


def _openai_chat(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.adapters.openai_chat import OpenAIChat

    if not endpoint.base_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"The provider {endpoint.name!r} needs a base_url that begins with http:// or "
            f"https://, but has {endpoint.base_url!r}. Set it under [providers.{endpoint.name}]."
        )
    return OpenAIChat(endpoint)


def _scripted(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.guide import Guide
    from conduit_tui.providers.scripted import ScriptedProvider

    return ScriptedProvider(endpoint.name, Guide(), endpoint.models)


_KINDS: dict[str, Callable[[Endpoint], Provider]] = {
    "openai-chat": _openai_chat,
    "scripted": _scripted,
}
