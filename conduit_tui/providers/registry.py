"""Builds the provider for an endpoint, by the wire it speaks."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import SettingsError
from conduit_tui.providers.base import Provider
from conduit_tui.providers.installed import build_installed, installed_kinds
from conduit_tui.providers.retry import Retrying
from conduit_tui.providers.sound import Sound

if TYPE_CHECKING:
    from conduit_tui.providers.ollama_host import OllamaHost


def build(endpoint: Endpoint) -> Provider:
    """Return a provider that retries. Opens nothing and imports no SDK yet.

    Raises SettingsError for an unknown kind and for a missing or impossible base URL.
    """
    if (make := _KINDS.get(endpoint.kind)) is not None:
        return Retrying(Sound(make(endpoint)))
    if (offered := installed_kinds().get(endpoint.kind)) is not None:
        return Retrying(Sound(build_installed(endpoint, offered)))
    raise SettingsError(_unknown_kind(endpoint, list(_KINDS)))


def with_known_kinds(
    endpoints: Mapping[str, Endpoint], notices: list[str]
) -> Mapping[str, Endpoint]:
    """Leave out what is of a kind that neither we nor an installed package have.

    Words about that, and about packages that offer a kind of ours, go to `notices`. Packages are
    looked at only where a kind is not ours, and not imported.
    """
    if all(endpoint.kind in _KINDS for endpoint in endpoints.values()):
        return endpoints
    offered = installed_kinds()
    notices.extend(
        clean_line(
            f"The package {each.package!r} offers the kind {name!r}, which is built in; the "
            f"built-in one is used."
        )
        for name, each in offered.items()
        if name in _KINDS
    )
    known = _KINDS.keys() | offered.keys()
    unknown = [endpoint for endpoint in endpoints.values() if endpoint.kind not in known]
    notices.extend(
        clean_line(f"{_unknown_kind(endpoint, [*_KINDS, *offered])} It is left out.")
        for endpoint in unknown
    )
    return {name: endpoint for name, endpoint in endpoints.items() if endpoint not in unknown}


def _unknown_kind(endpoint: Endpoint, known: list[str]) -> str:
    names = ", ".join(repr(kind) for kind in known if kind != "scripted")  # that one is no server
    return (
        f"The provider {endpoint.name!r} is of kind {endpoint.kind!r}, which is unknown. "
        f"Set kind under [providers.{endpoint.name}] to one of {names}."
    )


def host(endpoint: Endpoint) -> "OllamaHost | None":
    """Return what fetches models for the server of an endpoint; None where nothing does."""
    if endpoint.kind != "ollama":
        return None
    from conduit_tui.providers.ollama_host import OllamaHost

    return OllamaHost(endpoint)


def _openai(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.openai_provider import OpenAI

    _check_base_url(endpoint)
    return OpenAI(endpoint)


def _openai_chat(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.adapters.openai_chat import OpenAIChat

    _check_base_url(endpoint)
    return OpenAIChat(endpoint)


def _openai_responses(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.adapters.openai_responses import OpenAIResponses

    _check_base_url(endpoint)
    return OpenAIResponses(endpoint)


def _anthropic(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.adapters.anthropic_messages import AnthropicMessages

    _check_base_url(endpoint)
    return AnthropicMessages(endpoint)


def _google(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.adapters.google_generate import GoogleGenerate

    _check_base_url(endpoint)
    return GoogleGenerate(endpoint)


def _ollama(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.adapters.ollama_chat import OllamaChat

    _check_base_url(endpoint)
    return OllamaChat(endpoint)


def _scripted(endpoint: Endpoint) -> Provider:
    from conduit_tui.providers.guide import Guide
    from conduit_tui.providers.scripted import ScriptedProvider

    return ScriptedProvider(endpoint.name, Guide(), endpoint.models)


def _check_base_url(endpoint: Endpoint) -> None:
    if not endpoint.base_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"The provider {endpoint.name!r} needs a base_url that begins with http:// or "
            f"https://, but has {endpoint.base_url!r}. Set it under [providers.{endpoint.name}]."
        )


_KINDS: dict[str, Callable[[Endpoint], Provider]] = {
    "openai-chat": _openai_chat,
    "openai-responses": _openai_responses,
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
    "ollama": _ollama,
    "scripted": _scripted,
}
