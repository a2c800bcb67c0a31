"""Sampling settings at the prompt: /set, /with and /retry, and what is shown of them."""

import asyncio

import pytest

from conduit_tui.core.message import Attachment
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.start import Start
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.help import HelpScreen
from tests.tui.stage import Chat, Stage

COOL = ModelFacts("guide", refuses=frozenset({"temperature"}), efforts=("low", "ultra"))


def sampled(stage: Stage) -> dict[str, object]:
    """What the last request was sampled with."""
    return stage.provider.requests[-1].params.sampling()


def know(chat: Chat, facts: ModelFacts) -> None:
    """Let this be known of the model."""
    chat.controller.models.facts = lambda provider, model: facts  # type: ignore[method-assign]


async def test_set_is_for_the_session_and_there_after_a_restart(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/set temperature 0.2")
        await chat.is_told("temperature is 0.2 in this session.")
        await chat.run('/set stop "END" "###"')
        await chat.until(lambda: 'temp 0.2 · stop "END" "###"' in chat.status())
        await chat.ask("hi")
        assert sampled(stage) == {"temperature": 0.2, "stop": ("END", "###")}
        await chat.screen.leave()
    async with stage.open() as chat:
        assert "temp 0.2 · stop" in chat.status()
        await chat.ask("again")
        assert sampled(stage) == {"temperature": 0.2, "stop": ("END", "###")}
        await chat.run("/set temperature off")
        await chat.is_told("temperature is left to the provider.")
        await chat.until(lambda: "temp" not in chat.status())
        await chat.run("/new")
        await chat.until(lambda: "stop" not in chat.status())


async def test_reset_goes_back_to_those_of_the_settings(stage: Stage):
    stage.write_settings("[params]\ntemperature = 0.7\nsearch = true\n")
    async with stage.open() as chat:
        assert "temp 0.7 · search" in chat.status()
        await chat.run("/set search off")
        await chat.ask("hi")
        assert sampled(stage) == {"temperature": 0.7}
        await chat.run("/set reset")
        await chat.is_told("Parameters as usual.")
        await chat.ask("again")
        assert sampled(stage) == {"temperature": 0.7, "search": True}


async def test_set_alone_lists_what_is_set_and_what_the_model_takes(stage: Stage):
    async with stage.open(size=(110, 40)) as chat:
        know(chat, COOL)
        await chat.run("/set stop a|b")
        await chat.run("/set")
        await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))
        await chat.sees('"a|b"', "nothing: guide has no such setting", "low or ultra")


async def test_a_name_alone_shows_the_value(stage: Stage):
    async with stage.open() as chat:
        await chat.send("/set top")
        await chat.is_told("top_p is off. It takes a number from 0 to 1.")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/set temperature 3", "temperature must be a number from 0 to 2, not '3'."),
        ("/set temprature 1", "Did you mean temperature?"),
        ("/retry temperature=3", "not '3'"),
        ("/retry again", "'again' is no NAME=VALUE"),
    ],
)
async def test_a_mistake_is_told_and_changes_nothing(stage: Stage, typed: str, words: str):
    async with stage.open() as chat:
        await chat.run(typed)
        await chat.is_told(words)
        assert chat.session.params is None
        assert len(chat.session) == 0


async def test_with_is_for_one_message_and_stands_in_the_header_of_its_reply(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("/with temperature=0.9 effort=low Explain Raft")
        assert chat.path() == ["Explain Raft", "Re: Explain Raft"]
        assert sampled(stage) == {"temperature": 0.9, "effort": "low"}
        await chat.sees("temp 0.9 · effort low")
        assert "temp" not in chat.status()
        await chat.ask("again")
        assert sampled(stage) == {}
        await chat.press("up")
        await chat.press("up")
        assert chat.screen.prompt.text == "/with temperature=0.9 effort=low Explain Raft"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/with temperature=3 hi", "not '3'"),
        ("/with temprature=1 hi", "Did you mean temperature?"),
        ("/with hi", "Write the values, then the message"),
        ("/with seed=1 ", "Write the values, then the message"),
    ],
)
async def test_with_loses_nothing_when_it_is_wrong(stage: Stage, typed: str, words: str):
    notes = Attachment("text/plain", b"x", "notes.txt")
    attachments = () if typed.endswith(" ") else (notes,)
    async with stage.open() as chat:
        chat.screen.prompt.load("", attachments)
        await chat.send(typed)
        await chat.is_told(words)
        assert chat.screen.prompt.text == typed
        assert tuple(chat.screen.prompt.attachments) == attachments
        assert len(chat.session) == 0


async def test_with_takes_attachments_edits_and_waits_in_the_queue(stage: Stage):
    end = asyncio.Event()
    stage.answers("one", ["begun ", end, *reply("done")])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("/with seed=1 two")
        await chat.sees("queued: two")
        await chat.press("backspace")
        assert chat.screen.prompt.text == "/with seed=1 two"
        await chat.press("enter")
        end.set()
        await chat.sees("Re: two")
        await chat.until(lambda: not chat.is_running())
        assert sampled(stage) == {"seed": 1}
        await chat.run("/edit")
        await chat.until(lambda: chat.screen.composer.editing.message_id)
        chat.screen.prompt.load("", ())
        await chat.ask("/with seed=2 three")
        assert chat.path()[-2:] == ["three", "Re: three"]
        assert sampled(stage) == {"seed": 2}


async def test_retry_with_values_asks_again_with_them(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/retry temperature=1.5")
        await chat.until(lambda: len(chat.session) == 3 and not chat.is_running())
        assert sampled(stage) == {"temperature": 1.5}
        await chat.run("/retry")
        await chat.until(lambda: len(chat.session) == 4 and not chat.is_running())
        assert sampled(stage) == {}


async def test_what_the_model_refuses_is_told_once_and_again_when_it_is_asked_for(stage: Stage):
    words = "guide takes no temperature; it is left out."
    async with stage.open() as chat:
        know(chat, COOL)
        await chat.run("/set temperature 0.2")
        await chat.is_told(words)
        chat.app.clear_notifications()
        await chat.ask("hi")
        assert sampled(stage) == {}
        assert chat.notices() == []
        await chat.ask("/with temperature=0.3 hi")
        await chat.is_told(words)


async def test_names_and_values_complete_and_half_a_value_is_not_replaced(stage: Stage):
    async with stage.open() as chat:
        await chat.press(*"/set temper", "tab")
        assert chat.screen.prompt.text == "/set temperature"
        await chat.press(*" 0", "enter")
        await chat.is_told("temperature is 0 in this session.")
        await chat.press(*"/set seed 4", "enter")  # and not the 42 that is offered
        await chat.is_told("seed is 4 in this session.")
        await chat.press(*"/with eff", "tab")
        assert chat.screen.prompt.text == "/with effort="
        await chat.press(*"hi", "tab")
        assert chat.screen.prompt.text == "/with effort=high"
        await chat.press(*" e")
        await chat.press("enter")
        await chat.until(lambda: chat.path()[:1] == ["e"])


async def test_options_of_the_start_are_kept_with_the_session(stage: Stage):
    async with stage.open(Start(prompt="hi", params={"temperature": 0.5})) as chat:
        await chat.until(lambda: len(chat.session) == 2 and not chat.is_running())
        assert sampled(stage) == {"temperature": 0.5}
        assert (await stage.stored(chat.session)).params == Params(temperature=0.5)
        await chat.screen.leave()
    async with stage.open(Start(params={"seed": 1})) as chat:
        assert "temp 0.5 · seed 1" in chat.status()
        assert (await stage.stored(chat.session)).params == Params(temperature=0.5, seed=1)
