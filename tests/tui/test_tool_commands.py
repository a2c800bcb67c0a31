"""`/tools`: on its screen, by words, and while one types."""

from dataclasses import replace

import pytest

from conduit_tui.core.rule import Rule
from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tui.screens.help import HelpScreen
from conduit_tui.tui.screens.tools import ToolsScreen
from tests.tui.stage import Chat, Stage


@pytest.fixture(autouse=True)
def only_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tools: a clock, and another one that lacks something."""
    clock = current_time()
    spec = replace(clock.spec, name="other_time", description="Another clock. It is off.")
    others = [clock, replace(clock, spec=spec, lacks="SUN is not set", effect="network")]
    monkeypatch.setattr("conduit_tui.runtime.builtin_tools", lambda *_: others)
    monkeypatch.setattr("conduit_tui.runtime.installed_tools", lambda _taken, _notices: [])
    monkeypatch.setattr("conduit_tui.runtime.USUAL", ("current_time",))


async def opened(chat: Chat) -> None:
    await chat.run("/tools")
    await chat.until(lambda: isinstance(chat.app.screen, ToolsScreen))
    await chat.sees("current_time")


async def test_the_screen_lists_all_and_switches_them_for_the_session(stage: Stage):
    async with stage.open() as chat:
        await opened(chat)
        assert "on   current_time           The current date and time" in chat.text()
        assert "off  other_time    network  Another clock" in chat.text()
        assert "SUN is not set" in chat.text()
        await chat.press("space", "down", "space")
        await chat.until(lambda: chat.session.tools == ("other_time",))
        await chat.press("escape")
        await chat.ask("hi")
        assert stage.provider.requests[-1].tools == (), "one that lacks something is not offered"
        stored = await stage.stored(chat.session)
    assert stored.tools == ("other_time",)


async def test_switching_one_off_keeps_the_others_that_are_usual(stage: Stage):
    stage.write_settings('tools = ["current_time", "other_time"]')
    async with stage.open() as chat:
        assert chat.session.tools is None
        await chat.run("/tools off other_time")
        await chat.is_told("other_time off in this session.")
        assert chat.session.tools == ("current_time",)


async def test_by_words_several_are_switched_and_what_is_missing_is_told(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/tools off")
        await chat.is_told("All tools are off in this session.")
        await chat.run("/tools on Other_Time, current_time")
        await chat.is_told("other_time, current_time on in this session.")
        await chat.is_told("other_time is not offered: SUN is not set.")
        assert chat.session.tools == ("other_time", "current_time")


async def test_of_an_unknown_name_nothing_is_switched_and_the_nearest_is_told(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/tools off current_time current_tme")
        await chat.is_told("There is no tool named 'current_tme'. Near it: current_time")
        assert chat.session.tools is None


@pytest.mark.parametrize("argument", ["maybe", "schema"])
async def test_what_cannot_be_read_is_told_how_to_write(stage: Stage, argument: str):
    async with stage.open() as chat:
        await chat.run(f"/tools {argument} ")
        await chat.is_told("Write /tools, /tools on NAME...")


async def test_a_schema_is_shown_by_name(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/tools schema current_time ")
        await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))
        await chat.sees("An IANA time zone such as Europe/Oslo")


async def test_a_denied_tool_is_marked_and_the_rule_is_read(stage: Stage):
    stage.write_settings('[permissions]\ndeny = ["current_time"]')
    async with stage.open(size=(120, 40)) as chat:
        await opened(chat)
        await chat.sees("a rule denies it", "deny   current_time  (settings.toml)")
        await chat.press("escape")
        await chat.run("/tools on current_time ")
        await chat.is_told("current_time is not offered: a rule denies it.")


async def test_a_rule_of_the_session_is_among_those_read(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        chat.session.rules = (Rule("allow", "current_time", "**", "session"),)
        await opened(chat)
        await chat.sees("allow  current_time  (this session)")


async def test_a_model_that_takes_no_tools_is_said_above(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/model perplexity/sonar")
        await opened(chat)
        await chat.sees("perplexity/sonar is offered no tools")


async def test_names_are_completed_one_after_the_other(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/tools off ")
        await chat.until(lambda: chat.session.tools == ())
        await chat.press(*"/tools on curr", "tab")
        assert chat.screen.prompt.text == "/tools on current_time"
        await chat.press(*" oth", "tab", "enter")
        await chat.until(lambda: chat.session.tools == ("current_time", "other_time"))


async def test_a_store_that_fails_is_told_and_the_switch_holds_in_this_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    from conduit_tui.core.errors import StorageError

    async with stage.open() as chat:
        await chat.ask("hi")
        await opened(chat)

        async def fail(*_: object) -> None:
            raise StorageError("The disk is full.")

        monkeypatch.setattr(chat.controller.shelf._store, "set_tools", fail)
        await chat.press("space")
        await chat.is_told("Not saved: The disk is full.")
        assert chat.session.tools == ()
