import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.providers.registry import build
from conduit_tui.providers.retry import Retrying
from tests.providers.asking import endpoint, events_until_error, user
from tests.servers.openai_server import OpenAIServer


async def test_the_demo_offers_its_guide() -> None:
    provider = build(Endpoint("demo", "scripted", models=("guide",)))

    assert provider.name == "demo"
    assert await provider.list_models() == (ModelFacts("guide"),)


def test_every_provider_retries() -> None:
    assert isinstance(build(endpoint()), Retrying)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("openai-chat", "/v1/chat/completions"),
        ("openai-responses", "/v1/responses"),
        ("openai", "/v1/chat/completions"),
    ],
)
async def test_a_kind_is_a_wire(kind: str, path: str) -> None:
    async with OpenAIServer() as server:
        provider = build(Endpoint("openai", kind, server.url, key_optional=True))
        await events_until_error(provider, Request("gpt-4.1", (user("hello"),), Params()))
        await provider.aclose()

    assert [exchange.path for exchange in server.exchanges] == [path]


def test_an_unknown_kind_is_refused_in_words() -> None:
    with pytest.raises(SettingsError, match=r"\[providers.odd\] to one of 'openai-chat'"):
        build(Endpoint("odd", "telepathy", "http://127.0.0.1"))


@pytest.mark.parametrize("url", ["", "localhost:1234", "ftp://x", "file:///etc/passwd"])
def test_a_base_url_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(SettingsError, match=r"'local' needs a base_url that begins with http"):
        build(endpoint(url))


def test_geminis_own_wire_is_a_kind() -> None:
    google = Endpoint("google", "google", "https://g.example", key_optional=True)

    assert build(google).name == "google"
    with pytest.raises(SettingsError, match="'google' needs a base_url"):
        build(Endpoint("google", "google"))
