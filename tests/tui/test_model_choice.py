"""/models: the picker with what is known beside each model, and the card of one."""

from datetime import UTC, datetime, timedelta

from conduit_tui.catalog.listings import Listing, Listings
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.tui import surroundings
from conduit_tui.tui.screens.model_picker import ModelPicker
from conduit_tui.tui.screens.text_view import TextView
from tests.servers.openai_server import OpenAIServer, refused
from tests.tui.stage import Stage


async def test_the_picker_shows_what_is_known_beside_each_model(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.run("/models")
        await chat.until(lambda: "$1.25/$10.00" in chat.text())
        assert isinstance(chat.app.screen, ModelPicker)
        line = next(line for line in chat.text().splitlines() if "$1.25/$10.00" in line)
        assert "gpt-5 " in line
        assert "400k" in line
        assert "vision reasoning tools" in line


async def test_a_list_that_cannot_be_fetched_anew_says_how_old_it_is(stage: Stage):
    async with OpenAIServer(models=refused(500, {})) as server:
        stage.environ |= {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": server.url}
        endpoint = Endpoint("openai", "openai-chat", base_url=server.url)
        old = Listing((ModelFacts("kept-one"),), datetime.now(UTC) - timedelta(days=3))
        Listings(stage.settings.paths.model_lists).write(endpoint, old)
        async with stage.open(size=(120, 40)) as chat:
            await chat.run("/models")
            await chat.until(lambda: "from 3 days ago" in chat.text())
            assert "kept-one" in chat.text()


async def test_models_with_a_name_shows_its_card(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/models opus")
        await chat.until(lambda: isinstance(chat.app.screen, TextView))
        await chat.until(lambda: "1,000,000 tokens" in chat.text())
        assert "anthropic/claude-opus-5-5" in chat.text()
        assert "$4.00 per million tokens" in chat.text()


async def test_models_with_an_unknown_name_names_the_nearest(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/models sonet")
        await chat.until(lambda: "nearest are sonnet" in chat.text())


async def test_an_alias_chooses_a_model(stage: Stage):
    (stage.home / "config").mkdir(parents=True)
    (stage.home / "config" / "aliases.toml").write_text('spare = "demo/other"\n')
    async with stage.open() as chat:
        assert "spare" in chat.screen.commands.arguments.of("model", "spa")
        await chat.run("/model spare")
        await chat.until(lambda: chat.session.model == "demo/other")


async def test_after_the_start_servers_are_asked_for_lists_that_are_old(stage: Stage, monkeypatch):
    monkeypatch.setattr(surroundings, "LOAD_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(surroundings, "ASK_AFTER_SECONDS", 0.0)
    async with OpenAIServer(models=("fresh-one",)) as server:
        stage.environ |= {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": server.url}
        async with stage.open() as chat:
            models = chat.controller.models
            await chat.until(lambda: models.known()["openai"] == ("fresh-one",))
        assert [exchange.path for exchange in server.exchanges] == ["/v1/models"]
