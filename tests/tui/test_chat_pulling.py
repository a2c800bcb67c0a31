"""`/pull`, and the Ollama that is found at the start."""

import asyncio
from typing import Any

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.pulling import PullProgress
from conduit_tui.tui.pulls import PullMeter, Wanted, wanted_model
from conduit_tui.tui.slash import Mistake
from conduit_tui.tui.widgets.pull_line import PullLine
from tests.servers.http import Reply, Stall
from tests.servers.ollama_server import CHATS, OllamaServer, line, lines, streamed
from tests.tui.stage import Chat, Stage

LAYER: dict[str, Any] = {"status": "pulling 3d0b", "digest": "sha256:3d0b", "total": 4_000_000_000}
QUARTER = line(LAYER | {"completed": 1_000_000_000})
SUCCESS = line({"status": "success"})


def pulling(chat: Chat) -> str:
    """What stands on the line, or nothing without it."""
    widget = chat.screen.query_one(PullLine)
    return "".join(chat.lines(widget)) if widget.display else ""


async def test_a_model_is_pulled_while_one_chats_and_can_be_used_then(stage: Stage):
    gate = asyncio.Event()
    pulls = lines(line({"status": "pulling manifest"}), line(LAYER), QUARTER, gate, SUCCESS)
    async with OllamaServer(streamed("From qwen."), models={}, pulls=pulls) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.run("/pull qwen3:8b")
            await chat.until(lambda: "25 %" in pulling(chat))
            assert "Pulling qwen3:8b" in pulling(chat)
            assert "1.0 GB of 4.0 GB" in pulling(chat)
            assert pulling(chat).rstrip().endswith("F8 stops")
            await chat.ask("meanwhile")
            assert chat.path() == ["meanwhile", "Re: meanwhile"]

            server.models["qwen3:8b"] = CHATS
            gate.set()
            await chat.is_told("qwen3:8b is here. /model ollama/qwen3:8b talks to it.")
            await chat.until(lambda: not pulling(chat))
            await chat.until(lambda: "qwen3:8b" in chat.controller.models.known()["ollama"])
            await chat.run("/model qwen3")
            await chat.until(lambda: "ollama/qwen3:8b" in chat.status())
            await chat.ask("hello")
            assert chat.path()[-1] == "From qwen."


async def test_the_key_that_is_named_stops_it_and_nothing_else(stage: Stage):
    async with OllamaServer(pulls=lines(QUARTER, Stall)) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.run("/pull qwen3:8b")
            await chat.until(lambda: "25 %" in pulling(chat))
            await chat.run("/pull llama3")
            await chat.is_told("qwen3:8b is being pulled; wait for it, or stop it with F8.")
            await chat.press("f8")
            await chat.is_told("Stopped. /pull qwen3:8b goes on from where it stopped.")
            await chat.until(lambda: not pulling(chat))
            await server.asked("/api/pull")[0].left.wait()
            await chat.press("f8")
            await chat.is_told("Nothing is being pulled.")


async def test_a_pull_that_fails_says_why_and_the_next_one_can_begin(stage: Stage):
    no = line({"error": "pull model manifest: file does not exist"})
    replies = [lines(no), lines(SUCCESS)]
    async with OllamaServer(pulls=lambda _: replies.pop(0)) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.run("/pull nope")
            await chat.is_told("Ollama's library has no model 'nope'.")
            await chat.until(lambda: not pulling(chat))
            await chat.run("/pull ollama/nope")
            await chat.is_told("nope is here.")


async def test_without_an_ollama_it_says_how_to_start_one(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/pull qwen3:8b")
        await chat.is_told("Is Ollama running? Start it with `ollama serve`.")
        await chat.run("/pull openai/gpt-5")
        await chat.is_told("Only Ollama pulls models; 'openai' has its own.")


async def test_without_a_name_it_asks_for_one(stage: Stage):
    async with OllamaServer(pulls=lines(SUCCESS)) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.run("/pull")
            await chat.sees("Pull a model")
            await chat.press(*"qwen3:8b", "enter")
            await chat.is_told("qwen3:8b is here.")


async def test_leaving_in_the_middle_of_a_pull_ends_well(stage: Stage):
    async with OllamaServer(pulls=lines(QUARTER, Stall)) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.run("/pull qwen3:8b")
            await chat.until(lambda: "25 %" in pulling(chat))
            await chat.press("ctrl+q")
            await chat.until(lambda: not chat.app.is_running)
        await server.asked("/api/pull")[0].left.wait()


async def test_the_welcome_and_the_picker_tell_what_is_installed(stage: Stage):
    models = {"qwen3:8b": CHATS, "llama3:latest": CHATS}
    async with OllamaServer(models=models) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.sees("Ollama 0.12.6, 2 models", "/model ollama/qwen3:8b talks to it")
            assert "demo/guide" in chat.status()
            await chat.press("f3")
            await chat.sees("0.12.6, 2 models", "llama3:latest")


@pytest.mark.parametrize("tags", [Reply([b"<html>"]), Reply([Stall])])
async def test_what_listens_there_without_being_an_ollama_does_no_harm(stage: Stage, tags: Reply):
    async with OllamaServer(tags=tags) as server:
        stage.environ["OLLAMA_HOST"] = server.url
        async with stage.open() as chat:
            await chat.sees(f"Ollama at 127.0.0.1:{server.port}")
            await chat.ask("hi")
            assert chat.notices() == []


def endpoints(**kinds: str) -> dict[str, Endpoint]:
    return {name: Endpoint(name, kind) for name, kind in kinds.items()}


KNOWN = endpoints(openai="openai-chat", ollama="ollama", box="ollama")


@pytest.mark.parametrize(
    ("name", "current", "wanted"),
    [
        ("qwen3:8b", "demo", Wanted("ollama", "qwen3:8b")),
        (" qwen3 ", "box", Wanted("box", "qwen3")),
        ("box/qwen3", "demo", Wanted("box", "qwen3")),
        ("hf.co/some/model:Q4", "demo", Wanted("ollama", "hf.co/some/model:Q4")),
    ],
)
def test_what_is_meant_is_read_from_the_name(name: str, current: str, wanted: Wanted):
    assert wanted_model(name, current, KNOWN) == wanted


@pytest.mark.parametrize("name", ["", "two words", "a\x1bb", "openai/gpt-5"])
def test_what_cannot_be_meant_is_said(name: str):
    assert isinstance(wanted_model(name, "demo", KNOWN), Mistake)


def test_without_an_ollama_among_the_providers_it_is_said():
    assert isinstance(wanted_model("x", "demo", endpoints(openai="openai-chat")), Mistake)


class TestMeter:
    """Views of progress, a few a second."""

    def test_it_shows_the_first_and_then_four_a_second(self):
        meter = PullMeter("m", "")
        views = [meter.take(PullProgress("p", at, 1000), at / 100) for at in range(1, 100)]
        assert 3 <= sum(view is not None for view in views) <= 5

    def test_other_words_are_shown_at_once(self):
        meter = PullMeter("m", "")
        assert meter.take(PullProgress("pulling manifest"), 0.0)
        assert meter.take(PullProgress("verifying", 9, 9), 0.01)
        assert meter.take(PullProgress("verifying", 9, 9), 0.02) is None

    def test_the_speed_is_that_of_the_last_seconds(self):
        meter = PullMeter("m", "")
        done = 0
        for second in range(20):
            done += 100 if second < 10 else 1000
            view = meter.take(PullProgress("p", done, 10**6), float(second))
            assert view is not None
            if second == 0:
                assert view.bytes_per_second is None
            if second == 9:
                assert view.bytes_per_second == 100
        assert view.bytes_per_second == 1000
