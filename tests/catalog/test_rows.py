import pytest

from conduit_tui.catalog.rows import builtin_rows

ROWS = builtin_rows()


def test_the_known_providers_are_there() -> None:
    assert {"openai", "anthropic", "google", "perplexity", "ollama", "openrouter"} <= ROWS.keys()
    assert {"groq", "mistral", "deepseek", "xai", "demo"} <= ROWS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_every_row_makes_sense(name: str) -> None:
    row = ROWS[name]

    assert row.kind in {"openai", "openai-chat", "scripted"}
    assert row.key_optional or row.api_key_env
    if row.kind.startswith("openai"):
        assert row.base_url.startswith("https://") or name == "ollama"
        assert not row.base_url.endswith("/")
        assert row.base_url.endswith(row.base_url_suffix)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("", "http://127.0.0.1:11434/v1"),
        ("  ", "http://127.0.0.1:11434/v1"),
        ("box", "http://box:11434/v1"),
        ("box:8000", "http://box:8000/v1"),
        (":8000", "http://127.0.0.1:8000/v1"),
        ("http://box:8000", "http://box:8000/v1"),
        ("http://box", "http://box/v1"),
        ("https://box/", "https://box/v1"),
        ("https://box/ollama", "https://box/ollama/v1"),
        ("http://box:8000/v1", "http://box:8000/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000/v1"),
        ("[::]:8000", "http://127.0.0.1:8000/v1"),
        ("[::1]", "http://[::1]:11434/v1"),
        ("http://[fe80::1]:8000", "http://[fe80::1]:8000/v1"),
    ],
)
def test_ollama_host_as_people_write_it(value: str, url: str) -> None:
    assert ROWS["ollama"].url({"OLLAMA_HOST": value}) == url


@pytest.mark.parametrize(
    ("name", "variable", "value", "url"),
    [
        ("openai", "OPENAI_BASE_URL", "http://localhost:1/v1/", "http://localhost:1/v1"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://proxy", "https://proxy/v1"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://proxy/v1", "https://proxy/v1"),
        ("google", "GOOGLE_GEMINI_BASE_URL", "https://g", "https://g/v1beta/openai"),
        ("perplexity", "PERPLEXITY_BASE_URL", "https://p", "https://p"),
    ],
)
def test_vendors_variables_move_their_servers(
    name: str, variable: str, value: str, url: str
) -> None:
    assert ROWS[name].url({variable: value}) == url
