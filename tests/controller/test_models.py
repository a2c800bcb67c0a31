"""Names, facts and lists of models, as the controller answers for them."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conduit_tui.catalog.listings import Listing, Listings
from conduit_tui.controller import models as module
from conduit_tui.controller.cards import provider_cards
from conduit_tui.controller.models import Models
from conduit_tui.core.endpoint import Endpoint, Secret
from conduit_tui.core.errors import ConnectionLost, SettingsError
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.base import Provider
from conduit_tui.providers.scripted import ScriptedProvider, reply

HERE = Endpoint("here", "openai-chat", "https://here.example/v1", Secret("k"), models=("old",))
KEYLESS = Endpoint("keyless", "openai-chat", "https://keyless.example", api_key_env=("K",))
BIG = ModelFacts("big", context_window=8_000)


class Server(ScriptedProvider):
    """Lists what it is given, or raises it, and counts how often it was asked."""

    def __init__(self, answer: Sequence[ModelFacts] | Exception) -> None:
        super().__init__("here", lambda _: reply("hi"))
        self.answer = answer
        self.asked = 0

    async def list_models(self) -> tuple[ModelFacts, ...]:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return tuple(self.answer)


def models_of(
    tmp_path: Path, server: Provider, *endpoints: Endpoint, aliases: dict[str, str] | None = None
) -> Models:
    named = {endpoint.name: endpoint for endpoint in endpoints or (HERE, KEYLESS)}
    lists = Listings(tmp_path / "models")
    return Models(named, lambda _: server, lists=lists, aliases=aliases or {})


async def test_what_a_server_listed_is_known_in_the_next_run_without_asking(tmp_path: Path):
    await models_of(tmp_path, Server([BIG])).list_models("here")

    silent = Server(ConnectionLost("gone"))
    later = models_of(tmp_path, silent)

    assert later.known()["here"] == ("big",)
    assert later.facts("here", "big").context_window == 8_000
    assert later.full_name("big") == "here/big"
    assert silent.asked == 0


async def test_before_anybody_answered_the_suggestions_are_known(tmp_path: Path):
    models = models_of(tmp_path, Server([]))

    assert models.known() == {"here": ("old",), "keyless": ()}
    assert models.listing("here") is None


async def test_what_is_suggested_holds_where_a_server_has_no_list(tmp_path: Path):
    models = models_of(tmp_path, Server([]))
    await models.list_models("here")

    assert models.is_fresh("here")
    assert models.known()["here"] == ("old",)
    cards = provider_cards(models, "here", {}, datetime.now(UTC))
    assert [(card.facts.name, card.source) for card in cards] == [("old", "suggested")]


async def test_a_full_name_is_found_without_a_look_at_the_disk(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(Listings, "read", lambda *_: pytest.fail("read the disk"))

    assert models_of(tmp_path, Server([])).full_name("here/anything") == "here/anything"


async def test_aliases_are_names_and_a_model_tells_its_own(tmp_path: Path):
    models = models_of(
        tmp_path, Server([]), aliases={"best": "here/old", "top": "best", "lost": "no/where"}
    )

    assert models.full_name("Top") == "here/old"
    assert models.aliases_of("here/old") == ("best", "top")
    assert models.alias_targets() == {"best": "here/old", "top": "here/old"}


class TestRefreshing:
    """In the background, once a run, those who can be used and have not answered for a day."""

    async def test_a_stale_list_is_fetched_anew_once_in_a_run(self, tmp_path: Path):
        server = Server([BIG])
        old = Listing((ModelFacts("old"),), datetime.now(UTC) - timedelta(days=2))
        Listings(tmp_path / "models").write(HERE, old)
        models = models_of(tmp_path, server)

        await models.refresh()
        await models.refresh()

        assert models.known()["here"] == ("big",)
        assert server.asked == 1

    async def test_a_fresh_list_is_left_as_it_is(self, tmp_path: Path):
        server = Server([BIG])
        await models_of(tmp_path, server).list_models("here")

        await models_of(tmp_path, server).refresh()

        assert server.asked == 1

    async def test_who_has_no_key_is_not_asked(self, tmp_path: Path):
        server = Server([BIG])

        await models_of(tmp_path, server, KEYLESS).refresh()

        assert server.asked == 0

    async def test_an_idle_address_on_this_machine_costs_no_sdk(self, tmp_path: Path):
        server = Server([BIG])
        local = Endpoint("local", "openai-chat", "http://127.0.0.1:9/v1", key_optional=True)

        await models_of(tmp_path, server, local).refresh()

        assert server.asked == 0

    @pytest.mark.parametrize("error", [ConnectionLost("my words"), SettingsError("my words")])
    async def test_a_failure_is_a_line_in_the_log_and_no_more(
        self, tmp_path: Path, error: Exception, caplog: pytest.LogCaptureFixture
    ):
        models = models_of(tmp_path, Server(error))

        with caplog.at_level(logging.INFO, "conduit_tui.controller.models"):
            await models.refresh()

        assert f"models of here not listed: {type(error).__name__}" in caplog.text
        assert "my words" not in caplog.text
        assert models.known()["here"] == ("old",)

    async def test_a_server_that_never_answers_is_given_up(self, tmp_path: Path, monkeypatch):
        class Stalled(Server):
            async def list_models(self) -> tuple[ModelFacts, ...]:
                await asyncio.Event().wait()
                return ()

        monkeypatch.setattr(module, "REFRESH_SECONDS", 0.01)

        await models_of(tmp_path, Stalled([])).refresh()
