"""Flags over environment over settings.toml over defaults."""

import subprocess
import sys
from pathlib import Path

import pytest

from conduit_tui.core.endpoint import EndpointSettings, Secret
from conduit_tui.settings import Flags
from tests.settings.conftest import LoadText

WHOLE = """
model = "openai/gpt-5"
theme = "dark"
system_prompt = "Be brief."
tools = []
max_steps = 3
idle_seconds = 7
notify = "both"
notify_when = "always"
print_on_quit = true
cache = true

[params]
temperature = 0
top_p = 0.9
max_tokens = 4096
stop = ["END", "###"]
effort = "high"
thinking_tokens = 0
seed = -7
search = true

[keys]
quit = "ctrl+x"
help = ["f1", "ctrl+h"]

[providers.local]
kind = "openai-chat"
base_url = "http://127.0.0.1:1234/v1"
api_key_env = "LOCAL_KEY"
api_key = "sk-secret"
models = ["one", "two"]
tools = false
idle_seconds = 90.5
think_tags = "implied"
"""


def test_without_a_file_the_defaults_hold(load: LoadText) -> None:
    settings = load()
    assert settings.model is None
    assert settings.system_prompt is None
    assert settings.tools is None
    assert settings.permissions == ()
    assert (settings.max_steps, settings.idle_seconds) == (10, 60.0)
    assert (settings.notify, settings.notify_when) == ("bell", "unfocused")
    assert settings.print_on_quit is False
    assert (settings.params, settings.cache) == ({}, False)
    assert settings.notices == ()


def test_everything_in_the_file_is_understood(load: LoadText) -> None:
    settings = load(WHOLE)
    assert settings.notices == ()
    assert (settings.model, settings.theme) == ("openai/gpt-5", "dark")
    assert settings.system_prompt == "Be brief."
    assert (settings.tools, settings.max_steps, settings.idle_seconds) == ((), 3, 7.0)
    assert (settings.notify, settings.notify_when) == ("both", "always")
    assert settings.print_on_quit is True
    assert settings.cache is True
    assert settings.params == {
        "temperature": 0,
        "top_p": 0.9,
        "max_tokens": 4096,
        "stop": ("END", "###"),
        "effort": "high",
        "thinking_tokens": 0,
        "seed": -7,
        "search": True,
    }
    assert settings.keys == {"quit": "ctrl+x", "help": "f1,ctrl+h"}
    assert settings.providers == {
        "local": EndpointSettings(
            kind="openai-chat",
            base_url="http://127.0.0.1:1234/v1",
            api_key=Secret("sk-secret"),
            api_key_env="LOCAL_KEY",
            models=("one", "two"),
            takes_tools=False,
            idle_seconds=90.5,
            think_tags="implied",
        )
    }


def test_the_environment_goes_over_the_file_and_flags_over_both(load: LoadText) -> None:
    environ = {"CONDUIT_MODEL": "b/b", "CONDUIT_THEME": "light", "CONDUIT_SYSTEM_PROMPT": "Env."}
    by_environ = load(WHOLE, **environ)
    assert (by_environ.model, by_environ.theme, by_environ.system_prompt) == (
        "b/b",
        "light",
        "Env.",
    )
    by_flags = load(WHOLE, Flags("c/c", "Flag.", "own"), **environ)
    assert (by_flags.model, by_flags.theme, by_flags.system_prompt) == ("c/c", "own", "Flag.")


def test_an_empty_system_prompt_means_none_and_an_empty_variable_nothing(load: LoadText) -> None:
    assert load(WHOLE, Flags(system_prompt="")).system_prompt is None
    assert load(WHOLE, Flags(cache=False)).cache is False
    assert load(None, Flags(cache=True)).cache is True
    by_flags = load(
        "[params]\nseed = 3\ntop_p = 0.5", Flags(params={"seed": None, "temperature": 1})
    )
    assert by_flags.params == {"seed": None, "top_p": 0.5, "temperature": 1}
    assert load(WHOLE, CONDUIT_MODEL="").model == "openai/gpt-5"


def test_no_key_is_in_the_repr(load: LoadText) -> None:
    shown = repr(load(WHOLE, OPENAI_API_KEY="sk-environment"))
    assert "sk-" not in shown
    assert "***" in shown


def test_pydantic_is_imported_only_where_there_is_a_file(tmp_path: Path) -> None:
    code = (
        "import sys; from conduit_tui.settings import *; "
        f"load_settings(Flags(), {{'CONDUIT_HOME': {str(tmp_path)!r}}}); "
        "print(*sorted({'pydantic', 'tomllib', 'platformdirs'} & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "\n"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("")
    assert "pydantic" in subprocess.run(run, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("text", "num_ctx"),
    [
        ("num_ctx = 16384", {"": 16384}),
        ('num_ctx = { "qwen3:8b" = 32768 }', {"qwen3:8b": 32768}),
        ('[providers.ollama.num_ctx]\n"qwen3:8b" = 32768', {"qwen3:8b": 32768}),
    ],
)
def test_a_context_is_read_for_all_models_or_by_model(
    load: LoadText, text: str, num_ctx: dict[str, int]
) -> None:
    assert load(f"[providers.ollama]\n{text}\n").providers["ollama"].num_ctx == num_ctx
