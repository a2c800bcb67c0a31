"""Answers that are values: `/schema`, and what the screen shows of them."""

import asyncio
import json

from conduit_tui.core.message import Structured
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.help import HelpScreen
from tests.conftest import stalling, until
from tests.tui.stage import Stage

ADA = {"name": "Ada", "age": 36}


async def test_a_schema_stays_until_it_is_switched_off(stage: Stage):
    stage.answers("who", reply(json.dumps(ADA)))
    stage.answers("and?", reply(json.dumps(ADA)))
    async with stage.open() as chat:
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        assert "schema answer" in chat.status()
        await chat.ask("who")
        await chat.ask("and?")
        assert chat.session[str(chat.session.leaf_id)].parts == (Structured("answer", ADA),)
        stored = await stage.stored(chat.session)
        assert stored.params.schema == chat.session.params.schema
        await chat.run("/schema off")
        await chat.is_told("words again")
        assert "schema" not in chat.status()
        await chat.ask("plain")
        assert chat.path()[-1] == "Re: plain"


async def test_the_value_is_shown_while_it_grows_and_whole_at_the_end(stage: Stage):
    reached = asyncio.Event()
    stage.answers("who", stalling(reached, 'So: {"name": "Ada Love'))
    async with stage.open() as chat:
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        await chat.send("who")
        await until(reached)
        await chat.sees('"name": "Ada Love')
        assert "So:" not in chat.transcript()
        assert '"Ada Love"' not in chat.transcript()
        await chat.press("ctrl+c")
        await chat.until(lambda: not chat.is_running())
        await chat.sees('So: {"name": "Ada Love', "interrupted")


async def test_a_second_try_is_told_below_the_reply(stage: Stage):
    reached = asyncio.Event()
    stage.answers("who", reply('{"name": "Ada"}'))
    async with stage.open() as chat:
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        told = (
            "Correct your JSON ONLY RESPONSE, based on the following errors:\nage: Field required"
        )
        stage.answers(told, stalling(reached))
        await chat.send("who")
        await until(reached)
        await chat.sees("does not fit the schema", "Asking again.")


async def test_what_never_fits_is_an_error_with_what_came(stage: Stage):
    async with stage.open() as chat:
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        await chat.ask("who")
        await chat.sees("Re: who", "does not fit the schema", "Press r to try again.")


async def test_the_schema_in_force_can_be_looked_at(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/schema")
        await chat.is_told("No schema is set")
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        await chat.run("/schema")
        await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))
        await chat.sees('"integer"')


async def test_what_is_no_schema_changes_nothing_and_is_told(stage: Stage):
    async with stage.open() as chat:
        await chat.send("/schema name strr")
        await chat.is_told("no known type 'strr'")
        await chat.send("/schema nowhere.json")
        await chat.is_told("There is no schema file 'nowhere.json'.")
        assert chat.controller.params_of(chat.session).schema is None


async def test_a_value_is_copied_as_json_and_its_block_too(stage: Stage, monkeypatch):
    copied: list[str] = []
    stage.answers("who", reply(json.dumps(ADA)))
    async with stage.open() as chat:
        monkeypatch.setattr(chat.screen.actions, "copy_text", copied.append)
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        await chat.ask("who")
        await chat.press("escape", "y")
        await chat.until(lambda: copied)
        await chat.send(":copy 1")
        await chat.until(lambda: len(copied) == 2)
    assert [json.loads(each) for each in copied] == [ADA, ADA]


async def test_a_value_can_be_edited_as_json(stage: Stage):
    stage.answers("who", reply(json.dumps(ADA)))
    async with stage.open() as chat:
        await chat.send("/schema name, age int")
        await chat.is_told("until /schema off")
        await chat.ask("who")
        await chat.press("escape", "e")
        await chat.until(lambda: chat.screen.prompt.text)
        assert json.loads(chat.screen.prompt.text) == ADA
