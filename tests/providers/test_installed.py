"""Kinds of providers that installed packages bring."""

import sys

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse, SettingsError
from conduit_tui.core.events import TextDelta
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers import registry
from conduit_tui.providers.registry import build, with_known_kinds
from conduit_tui.providers.retry import Retrying
from tests.packages import Packages
from tests.providers.asking import endpoint, events_until_error

ECHO = """
from conduit_tui.providers.scripted import ScriptedProvider, reply

def make(endpoint):
    return ScriptedProvider(endpoint.name, lambda request: reply("hi"), ("parrot",))

def broken(endpoint):
    raise RuntimeError("my words")

def strange(endpoint):
    return object()

def crashing(endpoint):
    provider = make(endpoint)
    async def list_models():
        raise ValueError("my words")
    provider.list_models = list_models
    def script(request):
        yield "half"
        raise ValueError("my words")
    provider._play = script
    return provider
"""
MINE = Endpoint("mine", "echo")


async def test_a_package_makes_the_provider_of_its_kind(packages: Packages) -> None:
    packages.install("conduit-echo", ECHO, providers={"echo": "make"})

    provider = build(MINE)

    assert isinstance(provider, Retrying)
    assert provider.name == "mine"
    assert await provider.list_models() == (ModelFacts("parrot"),)


def test_a_package_is_not_imported_before_its_kind_is_needed(packages: Packages) -> None:
    module = packages.install("conduit-echo", ECHO, providers={"echo": "make"})
    notices: list[str] = []

    known = with_known_kinds({"mine": MINE}, notices)

    assert known == {"mine": MINE}
    assert notices == []
    assert module not in sys.modules


def test_packages_are_not_looked_at_for_kinds_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "installed_kinds", lambda: pytest.fail("looked"))
    endpoints = {"local": endpoint("http://127.0.0.1:1/v1")}

    assert with_known_kinds(endpoints, []) == endpoints
    build(endpoints["local"])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("broken", "'echo' of the package 'conduit-echo' failed with RuntimeError"),
        ("strange", "'echo' of the package 'conduit-echo' makes no provider"),
        ("nowhere", "'echo' of the package 'conduit-echo' failed with AttributeError"),
    ],
)
def test_a_broken_package_is_named(packages: Packages, target: str, words: str) -> None:
    packages.install("conduit-echo", ECHO, providers={"echo": target})

    with pytest.raises(SettingsError, match=words) as caught:
        build(MINE)

    assert "my words" not in str(caught.value)
    assert "'mine' cannot be used" in str(caught.value)


def test_a_package_that_cannot_be_imported_is_named(packages: Packages) -> None:
    packages.install("conduit-echo", "import no_such_module", providers={"echo": "make"})

    with pytest.raises(SettingsError, match="failed with ModuleNotFoundError"):
        build(MINE)


async def test_what_fails_inside_a_package_is_told_as_its_failure(packages: Packages) -> None:
    packages.install("conduit-echo", ECHO, providers={"echo": "crashing"})
    words = "'echo' of the package 'conduit-echo' failed with ValueError"
    provider = build(MINE)

    with pytest.raises(BadResponse, match=words):
        await provider.list_models()
    *received, failure = await events_until_error(provider)
    assert received == [TextDelta("half")]
    assert isinstance(failure, BadResponse)
    assert "failed with ValueError" in str(failure)
    assert "my words" not in str(failure)


def test_a_kind_of_ours_cannot_be_replaced_and_the_attempt_is_told(packages: Packages) -> None:
    packages.install("conduit-echo", ECHO, providers={"openai-chat": "make", "echo": "make"})
    notices: list[str] = []
    local = endpoint("http://127.0.0.1:1/v1")

    known = with_known_kinds({"local": local, "mine": MINE}, notices)

    assert known.keys() == {"local", "mine"}
    assert notices == [
        "The package 'conduit-echo' offers the kind 'openai-chat', which is built in; "
        "the built-in one is used."
    ]
    inner = build(local).provider.provider  # type: ignore[attr-defined]
    assert type(inner).__name__ == "OpenAIChat"


def test_a_kind_that_nobody_has_is_left_out_in_words(packages: Packages) -> None:
    packages.install("conduit-echo", ECHO, providers={"echo": "make"})
    notices: list[str] = []

    known = with_known_kinds({"mine": MINE, "odd": Endpoint("odd", "ecco")}, notices)

    assert known.keys() == {"mine"}
    assert len(notices) == 1
    assert "'odd' is of kind 'ecco', which is unknown" in notices[0]
    assert "'echo'" in notices[0]


def test_metadata_that_cannot_be_read_counts_as_none(packages: Packages) -> None:
    module = packages.install("conduit-echo", ECHO, providers={"echo": "make"})
    points = packages.directory / f"{module}-1.0.dist-info" / "entry_points.txt"
    points.write_bytes(b"[conduit_tui.providers]\necho = \xff\xfe\n")

    with pytest.raises(SettingsError, match="kind 'echo', which is unknown"):
        build(MINE)
