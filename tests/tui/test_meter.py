"""The meter: what would be sent next, kept up while one types."""

from decimal import Decimal
from pathlib import Path

import pytest

from conduit_tui.controller.models import Models
from conduit_tui.core.events import UsageReported
from conduit_tui.core.message import Attachment, new_id
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import reply
from tests.conftest import MakeMessage
from tests.tui.stage import Chat, Stage

USED = UsageReported(Usage(1200, 300))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A stage with one small tool, so that what is sent is of a known size."""
    stage = Stage(tmp_path)
    stage.write_settings('tools = ["current_time"]\n[permissions]\ndeny = ["enable_skill"]\n')
    return stage


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model takes 2,000 tokens."""
    facts = lambda _self, _provider, model: ModelFacts(model, context_window=2000)  # noqa: E731
    monkeypatch.setattr(Models, "facts", facts)


def tokens(chat: Chat) -> tuple[int, bool] | None:
    count = chat.screen.meter.count()
    return None if count is None else (count.whole, count.is_exact)


async def test_an_empty_session_shows_nothing_until_something_is_typed(stage: Stage) -> None:
    async with stage.open() as chat:
        assert tokens(chat) is None
        await chat.write("hello")
        await chat.until(lambda: "~" in chat.status())
        await chat.until(lambda: (tokens(chat) or (0, False))[0] > 20)  # with the tools
        found = tokens(chat)
        assert found is not None
        assert not found[1]
        await chat.press("ctrl+c")
        await chat.until(lambda: tokens(chat) is None)


async def test_a_command_is_not_counted_and_an_attachment_is(stage: Stage) -> None:
    async with stage.open() as chat:
        await chat.write("/title some long title")
        chat.screen.meter._count_typed()
        assert tokens(chat) is None
        await chat.press("ctrl+c")
        chat.screen.prompt.attach(Attachment("text/plain", b"word " * 5000, "a.txt"))
        await chat.until(lambda: "k tok" in chat.status())
        found = tokens(chat)
        assert found is not None
        assert found[0] > 4000


async def test_after_a_reply_it_is_exact_and_typing_makes_it_an_estimate(
    stage: Stage, window: None
) -> None:
    stage.answers("hi", (USED, *reply("ho")))
    async with stage.open() as chat:
        await chat.ask("hi")
        assert tokens(chat) == (1500, True)
        assert " 1.5k/2k " in chat.status()
        await chat.write("and now something else")
        await chat.until(lambda: "~1.5k/2k" in chat.status())
        found = tokens(chat)
        assert found is not None
        assert found[0] > 1500


async def test_it_follows_to_another_branch(stage: Stage) -> None:
    stage.answers("hi", (USED, *reply("ho")), (UsageReported(Usage(10, 5)), *reply("hm")))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.until(lambda: tokens(chat) == (15, True))
        await chat.press("h")
        await chat.until(lambda: tokens(chat) == (1500, True))


async def test_while_an_earlier_message_is_edited_what_lies_below_is_not_counted(
    stage: Stage,
) -> None:
    stage.answers("hi", (USED, *reply("ho")))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/edit")
        await chat.until(lambda: (tokens(chat) or (9999, True))[0] < 1000)


async def test_what_will_not_fit_is_told_and_sent_all_the_same(stage: Stage, window: None) -> None:
    async with stage.open() as chat:
        chat.screen.prompt.attach(Attachment("text/plain", b"word " * 5000, "a.txt"))
        await chat.send("hi")
        await chat.is_told("demo/guide takes 2k")
        await chat.until(lambda: len(chat.session) == 2)
        assert "F3" in chat.notices()[0]


async def test_what_fits_is_sent_without_a_word(stage: Stage, window: None) -> None:
    async with stage.open() as chat:
        await chat.ask("hi")
        assert chat.notices() == []


async def test_what_was_learned_of_a_model_is_there_at_the_next_start(stage: Stage) -> None:
    stage.answers("hi there, how are you", (USED, *reply("ho")))
    async with stage.open() as chat:
        await chat.ask("hi there, how are you")
        ratio = chat.controller.counting.ratio("demo/guide")
        assert ratio > 2
        await chat.until(lambda: chat.screen.meter._stored == {"demo/guide": ratio})
        await chat.until(lambda: not any(w.group == "tokenizer" for w in chat.app.workers))
    async with stage.open() as chat:
        await chat.run("/new")
        await chat.write("x")
        await chat.until(lambda: chat.controller.counting.ratio("demo/guide") == ratio)


async def test_a_key_on_a_long_path_costs_a_look_and_no_walk(
    stage: Stage, make_message: MakeMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(new_id(), title="long")
    above = None
    for _ in range(150):
        above = make_message("user", "word " * 20, after=above, session_id=session.id)
        session.add(above)
    session.visit(above.id)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.until(lambda: tokens(chat) is not None)
        walks: list[str | None] = []
        path = chat.controller.sending
        monkeypatch.setattr(
            chat.controller, "sending", lambda s, above: walks.append(above) or path(s, above)
        )
        before = tokens(chat)
        assert before is not None
        assert before[0] > 3000
        await chat.write("hello there")
        await chat.until(lambda: (tokens(chat) or before)[0] > before[0])
        assert walks == []


async def test_cost_of_session_path_and_today_is_said(
    stage: Stage, make_message: MakeMessage
) -> None:
    session = Session(new_id(), title="counted")
    ask = make_message("user", "a", session_id=session.id)
    by = {"provider": "openai", "model": "m", "usage": Usage(100, 50)}
    one = make_message("assistant", "b", after=ask, cost_usd=Decimal("0.01"), **by)
    two = make_message("assistant", "c", after=ask, cost_usd=Decimal("0.02"), **by)
    three = make_message("assistant", "d", after=ask, **by)
    for message in (ask, one, two, three):
        session.add(message)
    session.visit(one.id)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.run("/cost")
        words = "This session: $0.030 and 1 reply of unknown price; this path: $0.010."
        await chat.is_told(f"{words}\nToday: ")


async def test_tokens_are_said_with_how_they_were_counted(stage: Stage, window: None) -> None:
    stage.answers("hi", (USED, *reply("ho")))
    async with stage.open() as chat:
        await chat.run("/tokens")
        await chat.is_told("Nothing would be sent.")
        await chat.ask("hi")
        await chat.run("/tokens")
        await chat.is_told("1,500 of 2,000 tokens to demo/guide, as its server counted.")
        await chat.run("/tokens exact")
        await chat.is_told("The server of demo counts no tokens on request.")
        await chat.run("/tokens please")
        await chat.is_told("Write /tokens, or /tokens exact")


async def test_the_servers_own_count_is_asked_for_with_what_is_typed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = []

    async def count_tokens(request, /) -> int:
        requests.append(request)
        return 4321

    monkeypatch.setattr(stage.provider, "count_tokens", count_tokens)
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/set search on")
        await chat.is_told("search is on in this session.")
        await chat.run("/tokens exact")
        await chat.is_told("4,321 tokens to demo/guide, by its server.")
    (request,) = requests
    assert request.params.search
    assert [each.text for each in request.messages] == ["hi", "Re: hi"]
    assert "current_time" in [tool.name for tool in request.tools]


async def test_the_usage_screen_opens_on_what_was_used(
    stage: Stage, make_message: MakeMessage
) -> None:
    session = Session(new_id(), title="counted")
    ask = make_message("user", "a", session_id=session.id)
    usage = Usage(100_000, 50)
    answer = make_message("assistant", "b", after=ask, provider="x", model="m", usage=usage)
    for message in (ask, answer):
        session.add(message)
    session.visit(answer.id)
    await stage.keep(session, last=session)
    async with stage.open(size=(80, 24)) as chat:
        await chat.run("/usage")
        await chat.sees("x/m", "100k in", "1 reply of unknown price")
        await chat.press("s")
        await chat.sees("counted", "unknown")
        await chat.press("escape")
        await chat.sees("INSERT")
