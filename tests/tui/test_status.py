"""What the status bar is given, as the chat goes through its states."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from conduit_tui.core.events import GenerationStopped, ToolCallDelta
from conduit_tui.core.message import new_id
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.status import Status
from conduit_tui.tui.widgets.title_line import TitleLine
from tests.conftest import MakeMessage
from tests.tui.stage import Chat, Stage


def view(chat: Chat):
    """The values as they are now."""
    return chat.screen.status.view("demo/guide")


async def test_counts_are_those_of_the_path_and_costs_are_its_sum(
    stage: Stage, make_message: MakeMessage
):
    session = Session(new_id(), title="counted")
    ask = make_message("user", "a", session_id=session.id)
    one = make_message("assistant", "b", after=ask, usage=Usage(10, 5), cost_usd=Decimal("0.01"))
    more = make_message("user", "c", after=one)
    two = make_message("assistant", "d", after=more, usage=Usage(100, 50), cost_usd=Decimal("0.02"))
    aside = make_message("assistant", "e", after=more, usage=Usage(9, 9), cost_usd=Decimal("5"))
    for message in (ask, one, more, aside, two):
        session.add(message)
    session.visit(two.id)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        shown = view(chat)
    assert shown.context_tokens == 150
    assert shown.cost_usd == Decimal("0.03")


async def test_nothing_is_counted_or_running_in_an_empty_session(stage: Stage):
    async with stage.open() as chat:
        shown = view(chat)
        assert (shown.context_tokens, shown.cost_usd) == (None, None)
        assert (shown.activity, shown.tokens_per_second) == ("", None)
        assert (shown.mode, shown.hint, shown.notice) == ("INSERT", "Esc reads", "")


async def test_the_tool_that_runs_is_named(stage: Stage, monkeypatch):
    end = asyncio.Event()
    call = ToolCallDelta(0, "c1", "current_time", "{}")
    stage.answers("time", [call, GenerationStopped("tool_calls")])
    stage.answers("", reply("late"))
    async with stage.open() as chat:
        tooling = chat.controller.tooling
        await tooling.load()
        clock = tooling.toolbox.get("current_time")
        assert clock is not None

        async def slowly(context, arguments):
            await end.wait()
            return await clock.run(context, arguments)

        monkeypatch.setitem(tooling.toolbox._tools, "current_time", replace(clock, run=slowly))
        await chat.send("time")
        await chat.until(lambda: "running current_time" in chat.status())
        end.set()
        await chat.sees("late")
        await chat.until(lambda: view(chat).activity == "")


async def test_a_hint_stays_until_another_key(stage: Stage):
    async with stage.open() as chat:
        status: Status = chat.screen.status
        status.hint = "look here"
        assert view(chat).hint == "look here"
        status.key_pressed("ctrl+c")
        assert view(chat).hint == "look here", "the key it speaks of"
        status.key_pressed("x")
        assert view(chat).hint == "Esc reads"


async def test_what_ends_while_the_app_closes_may_ask_for_the_status(stage: Stage):
    async with stage.open() as chat:
        await chat.screen.query_one(TitleLine).remove()
        chat.screen.refresh_status()


async def test_the_hint_in_the_tree_tells_what_enter_and_escape_do_there(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hello")
        await chat.press("escape", "t")
        assert view(chat).hint == "Enter goes there  Esc leaves  / filters"
        await chat.press("slash", "h")
        await chat.until(lambda: view(chat).hint == "Enter goes there  Esc clears")
        assert "Esc clears" in chat.status()
        await chat.press("escape")
        await chat.until(lambda: "Esc leaves" in chat.status())
        await chat.press("T")
        assert view(chat).hint == "Enter goes there  Esc leaves  / filters"
        await chat.press("escape", "x", "j")
        assert view(chat).hint.startswith("p copies")
        await chat.press("s")
        assert "p pins" in view(chat).hint


async def test_a_find_that_is_lit_is_not_what_escape_ends_in_the_tree(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hello")
        await chat.press("escape", "slash", *"hello", "enter")
        assert "n N go on" in view(chat).hint
        await chat.press("t")
        assert "Esc leaves" in view(chat).hint


async def test_tokens_and_cost_in_the_tree_are_told_of_where_none_are_known(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hello")
        await chat.press("escape", "t", "#")
        await chat.until(lambda: "tokens and cost: where they are known" in chat.status())
        await chat.press("#")
        await chat.until(lambda: "tokens and cost: hidden" in chat.status())


async def test_counts_give_way_to_the_keys_of_a_pane_but_a_reply_does_not(stage: Stage):
    gate = asyncio.Event()
    stage.answers("more", (gate, *reply("there")))
    async with stage.open() as chat:
        await chat.ask("hello")
        await chat.press("escape", "t")
        assert view(chat).hint_is_news
        await chat.press("i")
        await chat.send("more")
        await chat.until(lambda: chat.is_running())
        await chat.press("escape", "s")
        assert "p pins" in view(chat).hint
        assert not view(chat).hint_is_news
        gate.set()
        await chat.until(lambda: view(chat).hint_is_news)
