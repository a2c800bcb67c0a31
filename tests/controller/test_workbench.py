"""Calls that ask while they run: side by side, cancelled, and in several sessions."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conduit_tui.controller import workbench
from conduit_tui.controller.workbench import LONGEST_AT_ONCE
from conduit_tui.core.asked import asked_of
from conduit_tui.core.consent import Act, Asked, Decision
from conduit_tui.core.conversation import NO_RESULT
from conduit_tui.core.events import ApprovalSettled, Event, ToolFinished, ToolStarted
from conduit_tui.core.message import ToolCall
from conduit_tui.storage.database import Database
from tests.controller.workshop import Workshop, ended, outputs, questions, reopened, results

CANCELLED = "Cancelled before it finished."


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Workshop]:
    database = await Database.open(tmp_path / "conduit.db")
    shop = Workshop(database)
    try:
        yield shop
    finally:
        await shop.aclose()


async def test_the_answer_to_one_settles_the_others_it_covers(shop: Workshop) -> None:
    shop.wider = "/a/**"
    shop.calls("go", ("write", "/a/1"), ("write", "/a/2"), ("write", "/b/1"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.answer("session", of=3)
    await shop.answer("no")  # of /b/1, which alone is left
    events = await ended(turn)

    assert outputs(session)[:2] == ["write did /a/1", "write did /a/2"]
    assert results(session)[2].is_error
    assert sorted(questions(events)) == [
        ("/a/1", "asked"),
        ("/a/1", "session"),
        ("/a/2", "asked"),
        ("/a/2", "once"),
        ("/b/1", "asked"),
        ("/b/1", "no"),
    ]
    await shop.assert_stored(session)


async def test_yes_for_a_session_settles_nothing_in_another_and_always_does(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"))
    sessions = [shop.shelf.new() for _ in range(3)]
    turns = [shop.controller.send(session, "go") for session in sessions]
    await shop.answer("session", of=3)
    await shop.answer("always", of=2)
    for turn in turns:
        await ended(turn)
    assert [outputs(session) for session in sessions] == [["write did /a"]] * 3
    assert shop.tooling.open_approvals() == ()


async def test_calls_that_share_an_id_are_told_apart(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"), ("write", "/b"), ids=("c", "c"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    first, second = await shop.asked(2)
    assert (first.index, second.index) == (0, 1)
    assert first.message_id == second.message_id
    assert shop.tooling.answer(second.id, Decision("once"))
    assert shop.tooling.answer(first.id, Decision("no"))
    await ended(turn)
    assert [each.is_error for each in results(session)] == [True, False]
    assert shop.done == ["write /b"]


async def test_a_tool_switched_off_in_mid_turn_is_neither_offered_nor_run_from_then_on(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"))
    shop.calls("then", ("write", "/b"))
    shop.scripts[""] = shop.scripts["then"]  # whatever the results are, it calls again
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.asked()
    await shop.shelf.set_tools(session, ("look",))
    await shop.answer("always")
    await ended(turn)
    assert shop.done == ["write /a"]
    offered = [[tool.name for tool in request.tools] for request in shop.provider.requests]
    assert offered[0] == ["look", "write", "shell", "fetch"]
    assert set(map(tuple, offered[1:])) == {("look",)}
    assert "There is no tool named 'write' here." in outputs(session)[1]


async def test_an_answer_counts_once_and_only_while_it_is_asked_for(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    (approval,) = await shop.asked()
    assert not shop.tooling.answer("nothing", Decision("once"))
    assert shop.tooling.answer(approval.id, Decision("no"))
    assert not shop.tooling.answer(approval.id, Decision("once"))
    await ended(turn)
    assert not shop.tooling.answer(approval.id, Decision("once"))
    assert shop.done == []


async def test_cancelling_a_turn_answers_every_call_and_closes_its_questions(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"), ("write", "/b"), ("unknown", "x"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.asked(2)
    await shop.controller.cancel(turn.id)

    assert shop.tooling.open_approvals() == ()
    assert [each.is_error for each in results(session)] == [True] * 3
    assert outputs(session)[:2] == [CANCELLED, CANCELLED]
    assert "no tool named 'unknown'" in outputs(session)[2]
    assert shop.done == []
    await shop.assert_stored(session)
    await shop.talk(session, "hello")  # what is stored can be sent again
    assert shop.provider.requests[-1].messages[-2].role == "tool"


async def test_a_call_cancelled_while_it_asks_tells_that_nothing_was_said(shop: Workshop) -> None:
    session = shop.shelf.new()
    told: list[Event] = []
    call = ToolCall("c", "write", '{"what": "/a"}')
    work = shop.tooling.workbench(session).run("m", 0, call, ("write",), told.append)
    task = asyncio.create_task(work)
    (approval,) = await shop.asked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told[-1] == ApprovalSettled(approval, None)
    assert not shop.tooling.answer(approval.id, Decision("once"))


async def test_three_branches_may_ask_at_once(shop: Workshop) -> None:
    session = shop.shelf.new()
    await shop.talk(session, "hello")
    root = session.leaf_id
    turns = []
    for name in "abc":
        shop.calls(name, ("write", f"/{name}"))
        session.visit(root)
        turns.append(shop.controller.send(session, name))
    approvals = {each.act.subject: each for each in await shop.asked(3, session)}
    for path, choice in (("/b", "no"), ("/c", "once"), ("/a", "session")):
        assert shop.tooling.answer(approvals[path].id, Decision(choice))
    for turn in turns:
        await ended(turn)
    assert sorted(shop.done) == ["write /a", "write /c"]
    answered = [each for message in session for each in message.tool_results]
    assert sorted(each.is_error for each in answered) == [False, False, True]
    assert list(await shop.stored(session)) == list(session)


async def test_one_that_waits_holds_up_no_other_branch(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    await shop.talk(session, "hello")
    waiting = shop.controller.send(session, "go")
    await shop.asked()
    other = shop.shelf.new()
    assert [message.text for message in await shop.talk(other, "hi")] == ["hi", "Re: hi"]
    await shop.answer("once")
    await ended(waiting)
    assert shop.done == ["write /a"]


async def test_a_started_call_is_told_before_its_question_and_its_end_behind(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.answer("once")
    events = await ended(turn)
    kinds = [type(event).__name__ for event in events]
    first = kinds.index("ToolStarted")
    assert kinds[first : first + 4] == [
        "ToolStarted",
        "ApprovalNeeded",
        "ApprovalSettled",
        "ToolFinished",
    ]
    started, finished = events[first], events[first + 3]
    assert isinstance(started, ToolStarted)
    assert isinstance(finished, ToolFinished)
    assert (started.message_id, started.index) == (finished.message_id, finished.index)


async def test_what_is_open_when_the_program_ends_is_answered_and_not_done(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    shop.controller.send(session, "go")
    await shop.asked()
    await shop.controller.aclose()
    assert outputs(session) == [CANCELLED]
    await shop.assert_stored(session)
    assert shop.done == []


async def test_of_calls_nobody_answered_before_a_kill_the_model_learns_so(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.asked()
    killed = await reopened(shop, session)  # as the file is while a person is asked
    assert killed.leaf_id is not None
    assert killed[killed.leaf_id].tool_calls

    restarted = Workshop(shop.database)
    await restarted.talk(killed, "hello")

    sent = restarted.provider.requests[-1].messages
    assert [message.role for message in sent] == ["user", "assistant", "tool", "user"]
    (result,) = sent[2].tool_results
    assert (result.output, result.is_error) == (NO_RESULT, True)
    assert shop.done == restarted.done == []
    assert restarted.tooling.open_approvals() == ()
    await shop.controller.cancel(turn.id)


@pytest.mark.parametrize("size", [1, LONGEST_AT_ONCE])
async def test_a_question_comes_with_its_words_whole(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    threads: set[bool] = set()

    def noted(act: Act, call: ToolCall) -> Asked:
        threads.add(threading.current_thread() is threading.main_thread())
        return asked_of(act, call)

    monkeypatch.setattr(workbench, "asked_of", noted)
    shop.calls("go", ("write", "a\u200b" * size))
    turn = shop.controller.send(shop.shelf.new(), "go")
    (approval,) = await shop.asked()
    assert approval.asked is not None
    assert approval.asked.subject == "a<U+200B>" * size
    assert threads == {size == 1}
    await shop.answer("once")
    await ended(turn)
