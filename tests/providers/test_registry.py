import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.registry import build
from conduit_tui.providers.structured import StructuredAnswers
from tests.providers.asking import endpoint, request


async def test_the_demo_offers_its_guide() -> None:
    provider = build(Endpoint("demo", "scripted", models=("guide",)))

    assert provider.name == "demo"
    assert await provider.list_models() == (ModelFacts("guide"),)


def test_every_provider_answers_with_values_where_they_are_asked_for() -> None:
    assert isinstance(build(endpoint()), StructuredAnswers)


def test_every_provider_retries() -> None:
    plain = build(endpoint()).stream(request())
    assert plain.__qualname__ == "Retrying.stream"


def test_an_unknown_kind_is_refused_in_words() -> None:
    with pytest.raises(SettingsError, match=r"\[providers.odd\] to one of 'openai-chat'"):
        build(Endpoint("odd", "telepathy", "http://127.0.0.1"))


@pytest.mark.parametrize("url", ["", "localhost:1234", "ftp://x", "file:///etc/passwd"])
def test_a_base_url_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(SettingsError, match=r"'local' needs a base_url that begins with http"):
        build(endpoint(url))
