import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from conduit_tui.catalog.catalog import KeyFound, is_listening, keys_found, load_endpoints, resolve
from conduit_tui.core.endpoint import Endpoint, EndpointSettings, Secret
from conduit_tui.core.errors import UnknownModel


def loaded(
    overrides: Mapping[str, EndpointSettings] | None = None,
    environ: Mapping[str, str] | None = None,
    stored: Mapping[str, Secret] | None = None,
) -> dict[str, Endpoint]:
    return load_endpoints(overrides or {}, environ or {}, stored or {}, 45.0)


def known(**models: tuple[str, ...]) -> dict[str, Endpoint]:
    """Usable endpoints with these models."""
    return {
        name: Endpoint(name, "openai-chat", key_optional=True, models=names)
        for name, names in models.items()
    }


class TestLoading:
    """Rows, settings, environment and stored keys come together."""

    def test_without_anything_set_only_local_ones_can_be_used(self) -> None:
        endpoints = loaded()

        assert [name for name, one in endpoints.items() if one.is_usable] == ["ollama", "demo"]
        assert {one.idle_seconds for one in endpoints.values()} == {45.0}

    def test_a_key_is_taken_from_the_first_variable_that_is_set(self) -> None:
        environ = {"GOOGLE_API_KEY": " ", "GEMINI_API_KEY": " key\n"}

        assert loaded(environ=environ)["google"].api_key == Secret("key")

    def test_settings_before_environment_before_stored_keys(self) -> None:
        overrides = {"openai": EndpointSettings(api_key=Secret("settings"))}
        environ, stored = {"OPENAI_API_KEY": "environment"}, {"openai": Secret("stored")}

        assert loaded(overrides, environ, stored)["openai"].api_key == Secret("settings")
        assert loaded({}, environ, stored)["openai"].api_key == Secret("environment")
        assert loaded({}, {}, stored)["openai"].api_key == Secret("stored")

    def test_a_built_in_provider_can_be_changed_in_any_field(self) -> None:
        settings = EndpointSettings(
            base_url="https://proxy.example/v1/",
            api_key_env="PROXY_KEY",
            models=("m",),
            takes_tools=False,
            idle_seconds=5.0,
            think_tags="implied",
        )
        environ = {"PROXY_KEY": "k", "OPENAI_BASE_URL": "https://ignored.example"}

        assert loaded({"openai": settings}, environ)["openai"] == Endpoint(
            name="openai",
            kind="openai",
            base_url="https://proxy.example/v1",
            api_key=Secret("k"),
            api_key_env=("PROXY_KEY",),
            models=("m",),
            takes_tools=False,
            idle_seconds=5.0,
            quirks={"takes_files": True, "think_tags": "implied"},
            price_list="openai",
        )

    def test_a_vendors_key_goes_along_when_its_server_is_moved_on_purpose(self) -> None:
        overrides = {"openai": EndpointSettings(base_url="https://proxy.example/v1")}

        moved = loaded(overrides, {"OPENAI_API_KEY": "k"})["openai"]

        assert moved.api_key == Secret("k")

    @pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://127.0.0.1:1", "http://[::1]"])
    def test_a_server_on_this_machine_needs_no_key(self, url: str) -> None:
        assert loaded(environ={"OPENAI_BASE_URL": url})["openai"].is_usable

    def test_a_provider_of_ones_own_needs_a_key_only_if_it_names_one(self) -> None:
        overrides = {
            "free": EndpointSettings(base_url="https://a.example/v1"),
            "paid": EndpointSettings(base_url="https://b.example/v1", api_key_env="B_KEY"),
        }

        endpoints = loaded(overrides)

        assert (endpoints["free"].kind, endpoints["free"].is_usable) == ("openai-chat", True)
        assert not endpoints["paid"].is_usable
        assert loaded(overrides, {"B_KEY": "k"})["paid"].is_usable

    def test_a_provider_without_a_base_url_does_not_stop_the_others(self) -> None:
        assert loaded({"odd": EndpointSettings()})["odd"].base_url == ""

    def test_no_key_is_shown(self) -> None:
        assert "sk-secret" not in repr(loaded(environ={"OPENAI_API_KEY": "sk-secret"}))


class TestResolving:
    """Names as people type them."""

    @pytest.mark.parametrize("name", ["a/anything", "a/vendor/model:free", " a/x "])
    def test_a_known_provider_takes_any_model(self, name: str) -> None:
        assert resolve(name, known(a=("m",)), {}) == ("a", name.strip()[2:])

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            ("gpt-5", ("a", "gpt-5")),
            ("GPT-5-Mini", ("a", "gpt-5-mini")),
            ("sonnet", ("b", "claude-sonnet")),
            ("b/claude-o", ("b", "claude-o")),
            ("b", ("b", "claude-sonnet")),
            ("llama", ("c", "meta/llama")),
            ("meta/llama", ("c", "meta/llama")),
        ],
    )
    def test_a_models_own_name_a_providers_or_a_part_of_one(
        self, name: str, found: tuple[str, str]
    ) -> None:
        endpoints = known(
            a=("gpt-5", "gpt-5-mini"), b=("claude-sonnet", "claude-opus"), c=("meta/llama",)
        )

        assert resolve(name, endpoints, {}) == found

    def test_what_a_server_listed_counts_more_than_what_is_suggested(self) -> None:
        assert resolve("new", known(a=("old",)), {"a": ("brand-new",)}) == ("a", "brand-new")

    def test_providers_with_a_key_go_first(self) -> None:
        endpoints = known(a=("llama-3",)) | {
            "b": Endpoint("b", "openai-chat", models=("llama-3",)),
        }

        assert resolve("llama-3", endpoints, {}) == ("a", "llama-3")
        assert resolve("llama", endpoints, {}) == ("a", "llama-3")

    def test_a_provider_without_a_key_is_still_found(self) -> None:
        assert resolve("sonnet", loaded(), {})[0] == "anthropic"

    def test_a_name_that_fits_several_is_answered_with_them(self) -> None:
        with pytest.raises(UnknownModel, match="'gpt' fits more than one model") as caught:
            resolve("gpt", known(a=("gpt-5", "gpt-4"), b=("x",)), {})

        assert set(caught.value.nearest[:2]) == {"a/gpt-5", "a/gpt-4"}

    def test_the_same_name_at_two_providers_fits_both(self) -> None:
        with pytest.raises(UnknownModel, match="fits more than one"):
            resolve("m", known(a=("m",), b=("m",)), {})

    def test_an_unknown_name_is_answered_with_the_nearest_three(self) -> None:
        endpoints = known(a=("gpt-5", "gpt-5-mini", "gpt-4", "whisper"))

        with pytest.raises(UnknownModel) as caught:
            resolve("openai/gtp-5", endpoints, {})

        assert caught.value.nearest[0] == "a/gpt-5"
        assert len(caught.value.nearest) == 3
        words = "No model is named 'openai/gtp-5'. The nearest are a/gpt-5"
        assert str(caught.value).startswith(words)

    @pytest.mark.parametrize("name", ["", "  ", "/", "a/"])
    def test_no_name_is_no_model(self, name: str) -> None:
        with pytest.raises(UnknownModel):
            resolve(name, known(a=("m", "n")), {})

    def test_where_nothing_is_known_nothing_is_near(self) -> None:
        with pytest.raises(UnknownModel) as caught:
            resolve("x", {}, {})

        assert caught.value.nearest == ()


def test_keys_are_reported_by_the_names_of_their_variables() -> None:
    environ: Any = {"OPENAI_API_KEY": "sk-secret", "XAI_API_KEY": ""}
    stored = {"groq": Secret("sk-secret")}

    found = {one.provider: one for one in keys_found(loaded({}, environ, stored), environ)}

    assert found["openai"] == KeyFound("openai", True, "OPENAI_API_KEY", ("OPENAI_API_KEY",))
    assert found["groq"] == KeyFound("groq", True, "", ("GROQ_API_KEY",))
    assert found["xai"] == KeyFound("xai", False, "", ("XAI_API_KEY",))
    assert found["demo"] == KeyFound("demo", True, "", ())
    assert "sk-secret" not in repr(found)


async def test_a_server_that_listens_is_seen_and_one_that_does_not_is_not() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"

    assert await is_listening(url, seconds=5)
    server.close()
    await server.wait_closed()
    assert not await is_listening(url, seconds=5)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999/v1", "http://nowhere.invalid", "nonsense:x"]
)
async def test_an_impossible_address_does_not_listen(url: str) -> None:
    assert not await is_listening(url)


def test_one_vendors_model_behind_two_rows_is_one_model() -> None:
    endpoints = loaded(environ={"GOOGLE_API_KEY": "k"})
    listed = {"google": ("gemini-a", "gemini-b"), "google-openai": ("gemini-a", "gemini-b")}

    assert resolve("gemini-b", endpoints, listed) == ("google", "gemini-b")
    assert resolve("google-openai/gemini-b", endpoints, listed) == ("google-openai", "gemini-b")
    assert resolve("google-openai", endpoints, listed) == ("google-openai", "gemini-a")
