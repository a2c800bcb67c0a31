"""Sends, edits and regenerations: what becomes of the tree, the view and the file."""

from contextlib import aclosing

import pytest

from conduit_tui.core.events import (
    GenerationStarted,
    GenerationStopped,
    MessageCommitted,
    TextDelta,
    ToolCallDelta,
    TurnEnded,
    UsageReported,
)
from conduit_tui.core.message import Attachment, Message, Text
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import reply
from tests.controller.desk import Desk, committed, events_of, texts


async def test_a_message_is_sent_answered_and_stored(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.scripts["hello"] = (UsageReported(Usage(5, 2)), *reply("Hi ", "there."))
    events = await events_of(desk.controller.send(session, "hello"))
    question, answer = session.path(session.leaf_id)
    assert events == [
        MessageCommitted(question),
        GenerationStarted(answer.id, question.id, "guide", 1),
        UsageReported(Usage(5, 2)),
        TextDelta("Hi "),
        TextDelta("there."),
        GenerationStopped("end_turn"),
        MessageCommitted(answer),
        TurnEnded("done"),
    ]
    assert (question.role, question.text, answer.text) == ("user", "hello", "Hi there.")
    assert (answer.provider, answer.model, answer.usage) == ("demo", "guide", Usage(5, 2))
    assert answer.params == Params(system_prompt="Be kind.", tools=("current_time",))
    await desk.assert_stored(session)


async def test_a_commit_is_told_only_when_the_message_is_in_the_file(desk: Desk) -> None:
    session = desk.shelf.new()
    async with aclosing(desk.controller.send(session, "hello").events()) as events:
        async for event in events:
            if isinstance(event, MessageCommitted):
                assert event.message.id in await desk.stored(session)


async def test_a_conversation_goes_on_below_its_leaf(desk: Desk) -> None:
    session = desk.shelf.new()
    line = await desk.talk(session, "one", "two")
    assert texts(line) == ["one", "Re: one", "two", "Re: two"]
    assert texts(desk.provider.requests[1].messages) == ["one", "Re: one", "two"]
    await desk.assert_stored(session)


async def test_attachments_go_with_the_words_or_alone(desk: Desk) -> None:
    session = desk.shelf.new()
    file = Attachment("text/plain", b"diff", "a.diff")
    await desk.controller.send(session, "review", (file,)).wait()
    await desk.controller.send(session, "", (file,)).wait()
    first, _, second, _ = session.path(session.leaf_id)
    assert first.parts == (Text("review"), file)
    assert second.parts == (file,)
    await desk.assert_stored(session)


async def test_a_tool_call_is_answered_within_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.scripts["time?"] = (
        ToolCallDelta(0, "c1", "current_time", "{}"),
        GenerationStopped("tool_calls"),
    )
    turn = desk.controller.send(session, "time?")
    await turn.wait()
    line = session.path(session.leaf_id)
    assert [message.role for message in line] == ["user", "assistant", "tool", "assistant"]
    assert "2026-11-22" in line[2].tool_results[0].output
    assert turn.last_id == line[-1].id
    await desk.assert_stored(session)


async def test_a_provider_without_tools_is_offered_none(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.controller.send(session, "hello", model="plain/x").wait()
    (request,) = desk.provider.requests
    assert (request.model, request.tools, request.params.tools) == ("x", (), ())


async def test_a_session_speaks_with_its_own_model_prompt_and_tools(desk: Desk) -> None:
    session = desk.shelf.new("demo/other")
    await desk.shelf.set_system_prompt(session, "")
    await desk.shelf.set_tools(session, ())
    await desk.talk(session, "hello")
    (request,) = desk.provider.requests
    assert request.model == "other"
    assert request.params == Params(system_prompt="", tools=())


async def test_an_edit_makes_a_sibling_and_goes_there(desk: Desk) -> None:
    session = desk.shelf.new()
    _, _, two, old = await desk.talk(session, "one", "two")
    await desk.controller.edit(session, two.id, "2").wait()
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one", "2", "Re: 2"]
    assert texts(session.siblings(two.id)) == ["two", "2"]
    assert old.id in session
    await desk.assert_stored(session)


async def test_editing_the_first_message_makes_another_root(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    await desk.controller.edit(session, one.id, "1").wait()
    assert texts(session.children(None)) == ["one", "1"]
    assert texts(session.path(session.leaf_id)) == ["1", "Re: 1"]
    assert session.title == "one"
    await desk.assert_stored(session)


async def test_an_edit_on_another_branch_takes_the_view_there(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _, two, _ = await desk.talk(session, "one", "two")
    await desk.controller.edit(session, one.id, "1").wait()
    await desk.controller.edit(session, two.id, "2").wait()
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one", "2", "Re: 2"]
    await desk.assert_stored(session)


async def test_an_edited_reply_stands_as_it_is(desk: Desk) -> None:
    session = desk.shelf.new()
    _, answer = await desk.talk(session, "one")
    events = await events_of(desk.controller.edit(session, answer.id, "Better words."))
    assert committed(events) == ["Better words."]
    assert events[-1] == TurnEnded("done")
    assert len(desk.provider.requests) == 1
    edited = session.children(answer.predecessor_id)[-1]
    assert (edited.model, edited.params, edited.usage) == (answer.model, answer.params, None)
    assert texts(await desk.talk(session, "two")) == ["one", "Better words.", "two", "Re: two"]
    await desk.assert_stored(session)


async def test_regenerating_a_reply_makes_a_sibling(desk: Desk) -> None:
    session = desk.shelf.new()
    question, answer = await desk.talk(session, "one")
    desk.scripts["one"] = reply("Another.")
    await desk.controller.regenerate(session, answer.id).wait()
    assert texts(session.children(question.id)) == ["Re: one", "Another."]
    assert texts(session.path(session.leaf_id)) == ["one", "Another."]
    assert texts(desk.provider.requests[1].messages) == ["one"]
    await desk.assert_stored(session)


async def test_regenerating_from_a_question_asks_it_again(desk: Desk) -> None:
    session = desk.shelf.new()
    question, _ = await desk.talk(session, "one")
    await desk.controller.regenerate(session, question.id, model="demo/other").wait()
    assert [reply.model for reply in session.children(question.id)] == ["guide", "other"]
    await desk.assert_stored(session)


async def test_a_first_message_that_is_a_reply_has_nothing_to_ask_again(
    desk: Desk,
) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    lone = Message("m", session.id, None, "assistant", (Text("x"),), one.created_at)
    session.add(lone)
    with pytest.raises(ValueError, match="answers nothing"):
        desk.controller.regenerate(session, "m")
