"""A turn that fails says how, and keeps what it has."""

import pytest

from conduit_tui.core.errors import Overloaded, SettingsError, UnknownModel
from conduit_tui.core.events import (
    TurnEnded,
)
from tests.controller.desk import Desk, committed, events_of, texts


async def test_an_error_of_the_server_ends_the_turn_in_words(desk: Desk) -> None:
    session = desk.shelf.new()
    error = Overloaded("demo is overloaded. Press r to try again.")
    desk.scripts["hello"] = ("Hi", error)
    events = await events_of(desk.controller.send(session, "hello"))
    assert events[-1] == TurnEnded("error", error)
    _, answer = session.path(session.leaf_id)
    assert (answer.text, answer.status, answer.error) == ("Hi", "error", str(error))
    await desk.assert_stored(session)


async def test_an_unknown_model_ends_the_turn_in_words(desk: Desk) -> None:
    session = desk.shelf.new()
    events = await events_of(desk.controller.send(session, "hello", model="gudie"))
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.reason == "error"
    assert isinstance(ended.error, UnknownModel)
    assert "'gudie'" in str(ended.error)
    assert ended.error.nearest == ("demo/guide",)
    assert committed(events) == ["hello"]
    await desk.assert_stored(session)


async def test_a_provider_that_cannot_be_built_ends_the_turn_in_words(desk: Desk) -> None:
    def refuse(_: object) -> object:
        raise SettingsError("The provider 'demo' needs a base_url.")

    desk.models._build = refuse  # type: ignore[assignment]
    session = desk.shelf.new()
    events = await events_of(desk.controller.send(session, "hello"))
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    assert str(ended.error) == "The provider 'demo' needs a base_url."
    await desk.assert_stored(session)


async def test_a_bug_inside_a_turn_reaches_its_reader(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.scripts["hello"] = ("Hi", KeyError("choices"))
    turn = desk.controller.send(session, "hello")
    with pytest.raises(KeyError):
        await events_of(turn)
    await turn.wait()
    assert not turn.is_running
    assert texts(session.path(session.leaf_id)) == ["hello", "Hi"]
    await desk.assert_stored(session)
