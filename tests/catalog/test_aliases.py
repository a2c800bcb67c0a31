import pytest

from conduit_tui.catalog.aliases import all_aliases, builtin_aliases, meaning
from conduit_tui.catalog.catalog import load_endpoints, resolve
from conduit_tui.catalog.rows import builtin_rows
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import UnknownModel

ENDPOINTS = load_endpoints({}, {}, {}, 60.0)


def local(*models: str, name: str = "local") -> dict[str, Endpoint]:
    return {name: Endpoint(name, "openai-chat", key_optional=True, models=models)}


@pytest.mark.parametrize(("alias", "target"), builtin_aliases().items())
def test_every_alias_of_ours_stands_for_a_suggested_model(alias: str, target: str) -> None:
    provider, _, model = target.partition("/")

    assert model in builtin_rows()[provider].models
    assert alias == alias.casefold()
    assert alias not in builtin_rows()
    assert resolve(alias.upper(), ENDPOINTS, {}, builtin_aliases()) == (provider, model)


def test_a_persons_own_aliases_go_before_ours() -> None:
    aliases = all_aliases({"Opus": "work", "work": "local/m"}, ENDPOINTS)

    assert meaning("opus", aliases) == "local/m"
    assert meaning("haiku", aliases) == builtin_aliases()["haiku"]
    assert meaning("nobody", aliases) is None


def test_an_alias_of_ours_steps_back_for_a_provider_or_model_a_person_wrote_down() -> None:
    aliases = all_aliases({}, ENDPOINTS | local("Opus", name="Gpt"))

    assert "opus" not in aliases
    assert "gpt" not in aliases
    assert "mini" in aliases


def test_an_alias_may_stand_for_a_provider_or_a_part_of_a_name() -> None:
    endpoints = local("first", "second-long")
    aliases = {"place": "local", "piece": "second", "chain": "piece"}

    assert resolve("place", endpoints, {}, aliases) == ("local", "first")
    assert resolve("piece", endpoints, {}, aliases) == ("local", "second-long")
    assert resolve("chain", endpoints, {}, aliases) == ("local", "second-long")


def test_an_alias_goes_before_a_part_that_several_models_have() -> None:
    endpoints = local("mini-1", "mini-2")

    assert resolve("mini", endpoints, {}, {"mini": "local/mini-2"}) == ("local", "mini-2")


def test_an_alias_of_nothing_says_what_it_stands_for() -> None:
    with pytest.raises(UnknownModel, match="'work' stands for 'gone'"):
        resolve("work", local("m"), {}, {"work": "gone"})


def test_aliases_that_lead_in_a_circle_are_no_model() -> None:
    with pytest.raises(UnknownModel):
        resolve("q", local("m"), {}, {"q": "z", "z": "q"})


def test_the_nearest_of_a_miss_may_be_an_alias() -> None:
    with pytest.raises(UnknownModel) as caught:
        resolve("sonet", local("zzz"), {}, {"sonnet": "local/zzz"})

    assert caught.value.nearest[0] == "sonnet"


def test_a_part_keeps_its_meaning_when_a_servers_list_comes_in() -> None:
    endpoints = local("gpt-5-mini", "gpt-5")
    listed = {"local": ("gpt-5-mini-2025", "gpt-5-mini", "gpt-4-mini")}

    assert resolve("mini", endpoints, {}) == ("local", "gpt-5-mini")
    assert resolve("mini", endpoints, listed) == ("local", "gpt-5-mini")
