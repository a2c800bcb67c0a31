from dataclasses import replace

from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.welcome import Found, OllamaHere, welcome

NOTHING = Found(
    keys=(),
    missing=(("openai", "OPENAI_API_KEY"), ("mistral", "MISTRAL_API_KEY")),
    ollama=None,
    model="demo/guide",
    settings_path="~/.config/conduit/settings.toml",
    keys_path="~/.config/conduit/keys.toml",
)
KEY = replace(NOTHING, keys=(("openai", "OPENAI_API_KEY"),), model="openai/gpt-5")

HERE = OllamaHere("127.0.0.1:11434")


def shown(found, overrides=None):
    return welcome(found, load_keymap(overrides or {})).plain


def test_without_a_key_it_says_how_to_add_a_model_and_what_to_try():
    text = shown(NOTHING)
    for words in (
        "demo/guide",
        "no AI",
        "no API key",
        "/key",
        "~/.config/conduit/keys.toml",
        "export  OPENAI_API_KEY, then start again",
        "~/.config/conduit/settings.toml",
        "[providers.local]",
        "code · table · think · tools · write a file",
    ):
        assert words in text


def test_it_fits_beside_the_sidebar_on_a_screen_of_80_columns():
    lines = shown(NOTHING).split("\n")
    assert len(lines) <= 18
    assert max(map(len, lines)) <= 52


def test_with_a_key_it_is_shorter_and_names_what_was_found():
    text = shown(replace(KEY, ollama=HERE))
    assert len(text.split("\n")) < len(shown(NOTHING).split("\n"))
    assert "Found   openai (OPENAI_API_KEY)\n        Ollama at 127.0.0.1:11434\n" in text
    assert "openai/gpt-5  F3 chooses another" in text
    assert "Tools   /tools what it may do, /skills what it may learn\n" in text
    assert "show me code" not in text


def test_an_ollama_tells_what_it_has_and_is_offered_in_place_of_the_guide():
    text = shown(replace(NOTHING, ollama=replace(HERE, version="0.12.6", models=("q:8b", "b"))))
    assert "Ollama 0.12.6, 2 models" in text
    assert "/model ollama/q:8b talks to it" in text
    assert "export" not in text


def test_an_ollama_without_models_says_how_to_get_one():
    text = shown(replace(NOTHING, ollama=replace(HERE, models=())))
    assert "Ollama no models" in text
    assert "/pull NAME gets it a model" in text


def test_an_ollama_is_not_pressed_on_who_uses_another_model():
    text = shown(replace(KEY, ollama=replace(HERE, version="1", models=("q:8b",))))
    assert "Ollama 1, 1 model" in text
    assert "q:8b" not in text


def test_many_keys_are_counted():
    keys = tuple((f"p{number}", f"P{number}") for number in range(9))
    assert "Found   p0, p1, p2, p3, p4, p5, 3 more\n" in shown(replace(KEY, keys=keys))


def test_many_keys_do_not_run_under_the_name_of_their_line():
    names = ("openai", "anthropic", "google", "perplexity", "openrouter", "mistral")
    keys = tuple((name, name.upper()) for name in names)
    text = shown(replace(KEY, keys=keys))
    assert ("Found   openai, anthropic, google, perplexity,\n        openrouter, mistral\n") in text


def test_a_vendor_is_found_once_though_two_rows_take_its_key():
    keys = (("google", "GOOGLE_API_KEY"), ("google-openai", "GOOGLE_API_KEY"))
    assert "Found   google (GOOGLE_API_KEY)\n" in shown(replace(KEY, keys=keys))
    stored = (("google", "stored key"), ("mistral", "stored key"))
    assert "Found   google, mistral\n" in shown(replace(KEY, keys=stored))


def test_the_keys_are_those_in_force():
    text = shown(KEY, {"model": "f7", "regenerate": ""})
    assert "F7 chooses another" in text
    assert "regenerates" not in text


def test_notices_are_shown_and_nothing_in_them_is_active():
    text = shown(replace(KEY, notices=("settings.toml line 3: \x1b[2J [bold",)))
    assert "settings.toml line 3: ␛[2J [bold" in text
