import pytest

from conduit_tui.catalog.rows import builtin_rows

ROWS = builtin_rows()


def test_the_known_providers_are_there() -> None:
    assert {"openai", "anthropic", "google", "perplexity", "ollama", "openrouter"} <= ROWS.keys()
    assert {"groq", "mistral", "deepseek", "xai", "demo"} <= ROWS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_every_row_makes_sense(name: str) -> None:
    row = ROWS[name]

    kinds = {"openai-chat", "openai", "anthropic", "google", "ollama", "scripted"}
    assert row.kind in kinds
    assert row.key_optional or row.api_key_env
    if row.kind != "scripted":
        assert row.base_url.startswith("https://") or name == "ollama"
        assert not row.base_url.endswith("/")
        assert row.base_url.endswith(row.base_url_suffix)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("  ", "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        ("box:8000", "http://box:8000"),
        (":8000", "http://127.0.0.1:8000"),
        ("http://box:8000", "http://box:8000"),
        ("http://box", "http://box"),
        ("https://box/", "https://box"),
        ("https://box/ollama", "https://box/ollama"),
        ("http://box:8000/v1", "http://box:8000/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("[::]:8000", "http://127.0.0.1:8000"),
        ("[::1]", "http://[::1]:11434"),
        ("http://[fe80::1]:8000", "http://[fe80::1]:8000"),
        ("[::1", "http://[::1"),  # no address, which the request says
    ],
)
def test_ollama_host_as_people_write_it(value: str, url: str) -> None:
    assert ROWS["ollama"].url({"OLLAMA_HOST": value}) == url


@pytest.mark.parametrize(
    ("name", "variable", "value", "url"),
    [
        ("openai", "OPENAI_BASE_URL", "http://localhost:1/v1/", "http://localhost:1/v1"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://proxy/", "https://proxy"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://proxy/v1", "https://proxy/v1"),
        ("google", "GOOGLE_GEMINI_BASE_URL", "https://g/", "https://g"),
        ("google-openai", "GOOGLE_GEMINI_BASE_URL", "https://g", "https://g/v1beta/openai"),
        ("perplexity", "PERPLEXITY_BASE_URL", "https://p", "https://p"),
    ],
)
def test_vendors_variables_move_their_servers(
    name: str, variable: str, value: str, url: str
) -> None:
    assert ROWS[name].url({variable: value}) == url
