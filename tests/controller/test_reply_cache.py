"""Replies given again: what is stored of them, what is counted, and what is not."""

from conduit_tui.core.events import ReplayStarted, UsageReported
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import reply
from tests.controller.desk import Desk, events_of, texts


async def test_the_same_question_in_another_session_is_a_replay_that_used_nothing(
    desk: Desk,
) -> None:
    desk.cache.is_on = True
    desk.scripts["hi"] = (UsageReported(Usage(5, 2)), *reply("Hello."))
    await desk.talk(desk.shelf.new(), "hi")
    session = desk.shelf.new()
    events = await events_of(desk.controller.send(session, "hi"))
    (begun,) = [event for event in events if isinstance(event, ReplayStarted)]
    _, answer = (await desk.stored(session)).path(session.leaf_id)
    assert (answer.text, answer.status, answer.usage) == ("Hello.", "complete", None)
    assert answer.replay_of == begun.recorded_at
    counted = await desk.database.read(lambda sql: sql.value("SELECT count(*) FROM usage_events"))
    assert counted == 1
    assert len(desk.provider.requests) == 1


async def test_a_conversation_that_began_with_a_replay_goes_on_as_one(desk: Desk) -> None:
    desk.cache.is_on = True
    await desk.talk(desk.shelf.new(), "hi", "and?")
    again = await desk.talk(desk.shelf.new(), "hi", "and?")
    assert texts(again) == ["hi", "Re: hi", "and?", "Re: and?"]
    assert [message.replay_of is not None for message in again] == [False, True, False, True]


async def test_other_settings_are_another_question(desk: Desk) -> None:
    desk.cache.is_on = True
    await desk.talk(desk.shelf.new(), "hi")
    session = desk.shelf.new()
    await desk.shelf.set_params(session, Params(temperature=0.0))
    await desk.talk(session, "hi")
    assert len(desk.provider.requests) == 2


async def test_regenerating_asks_and_a_fork_of_it_is_given_the_newer_reply(desk: Desk) -> None:
    desk.cache.is_on = True
    session = desk.shelf.new()
    _, answer = await desk.talk(session, "hi")
    desk.scripts["hi"] = reply("Another.")
    await desk.controller.regenerate(session, answer.id).wait()
    assert session[str(session.leaf_id)].replay_of is None
    (_, replayed) = await desk.talk(desk.shelf.new(), "hi")
    assert (replayed.text, replayed.replay_of is None) == ("Another.", False)


async def test_hits_and_misses_are_those_of_this_run(desk: Desk) -> None:
    assert (await desk.cache.report()).is_on is False
    await desk.talk(desk.shelf.new(), "before")
    desk.cache.is_on = True
    for words in ("hi", "hi", "ho"):
        await desk.talk(desk.shelf.new(), words)
    report = await desk.cache.report()
    assert (report.is_on, report.hits, report.misses, report.kept.count) == (True, 1, 2, 2)
    await desk.cache.wipe()
    assert (await desk.cache.report()).kept.count == 0


async def test_a_file_that_cannot_be_written_does_not_break_a_reply(
    desk: Desk, monkeypatch
) -> None:
    desk.cache.is_on = True
    await desk.database.write(lambda sql: sql.run("DROP TABLE cached_replies"))
    line = await desk.talk(desk.shelf.new(), "hi")
    assert texts(line) == ["hi", "Re: hi"]
