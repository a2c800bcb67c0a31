"""Sampling settings: of the configuration, of a session, of one turn, and fitted to the model."""

import asyncio

from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.turn import QueuedMessage
from conduit_tui.core.events import ParamsFitted
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from tests.conftest import gated, until
from tests.controller.desk import Desk, events_of

USUAL = Params(temperature=0.5, search=True)


def asked(desk: Desk) -> dict[str, object]:
    """What the last request was sampled with."""
    return desk.provider.requests[-1].params.sampling()


async def test_a_session_without_settings_of_its_own_uses_the_configured_ones(desk: Desk) -> None:
    desk.controller.defaults = Defaults(params=USUAL)
    session = desk.shelf.new()
    await desk.talk(session, "hi")
    assert asked(desk) == {"temperature": 0.5, "search": True}


async def test_settings_of_a_session_stay_with_it_also_those_switched_off(desk: Desk) -> None:
    desk.controller.defaults = Defaults(params=USUAL)
    session = desk.shelf.new()
    await desk.talk(session, "hi")
    await desk.shelf.set_params(session, Params())
    await desk.talk(session, "again")
    assert asked(desk) == {}
    assert desk.controller.params_of(await desk.stored(session)) == Params()
    await desk.shelf.set_params(session, None)
    assert desk.controller.params_of(session) == USUAL


async def test_settings_of_one_turn_are_recorded_with_its_reply_alone(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.shelf.set_params(session, Params(temperature=0.2, seed=7))
    changes = {"temperature": 0.9, "seed": None, "effort": "low"}
    await desk.controller.send(session, "hi", params=changes).wait()
    await desk.talk(session, "again")
    _, first, _, second = (await desk.stored(session)).path(session.leaf_id)
    assert first.params.sampling() == {"temperature": 0.9, "effort": "low"}
    assert first.params.system_prompt == "Be kind."
    assert second.params.sampling() == {"temperature": 0.2, "seed": 7}


async def test_edits_and_regenerations_take_settings_of_their_own(desk: Desk) -> None:
    session = desk.shelf.new()
    question, answer = await desk.talk(session, "hi")
    await desk.controller.regenerate(session, answer.id, params={"seed": 1}).wait()
    assert asked(desk) == {"seed": 1}
    await desk.controller.edit(session, question.id, "ho", params={"seed": 2}).wait()
    assert asked(desk) == {"seed": 2}


async def test_a_queued_message_keeps_its_settings(desk: Desk) -> None:
    session, reached, gate = desk.shelf.new(), asyncio.Event(), asyncio.Event()
    desk.scripts["hi"] = gated(reached, gate)
    turn = desk.controller.send(session, "hi")
    await until(reached)
    turn.queued.append(QueuedMessage("next", params={"seed": 3}))
    gate.set()
    await turn.wait()
    following = desk.controller.send_queued(session, turn)
    assert following is not None
    await following.wait()
    assert asked(desk) == {"seed": 3}


async def test_what_the_model_refuses_is_told_before_anything_is_sent(
    desk: Desk, monkeypatch
) -> None:
    facts = ModelFacts("guide", refuses=frozenset({"temperature"}), max_output_tokens=100)
    monkeypatch.setattr(desk.models, "facts", lambda provider, model: facts)
    session = desk.shelf.new()
    changes = {"temperature": 0.9, "max_tokens": 200}
    events = await events_of(desk.controller.send(session, "hi", params=changes))
    (told,) = [event for event in events if isinstance(event, ParamsFitted)]
    assert told.words == (
        "guide takes no temperature; it is left out.",
        "guide writes at most 100 tokens; max_tokens is lowered to it.",
    )
    assert asked(desk) == {"max_tokens": 100}
    _, answer = session.path(session.leaf_id)
    assert answer.params.sampling() == {"max_tokens": 100}
