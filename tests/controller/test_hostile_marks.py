"""Notes and titles hold whatever a person pastes."""

from conduit_tui.core import structure
from tests.controller.desk import Desk

EVIL = "a \ud800 \x00 \x1b[2J \u202e 日本語 ]["


async def test_a_note_of_any_characters_is_stored_and_undone(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    steps = desk.controller.structure
    await steps.carry_out(session, structure.annotate(session, one.id, EVIL), f'note on "{EVIL}"')
    await steps.rename(session, EVIL)
    stored = await desk.stored(session)
    assert stored.mark(one.id).note == EVIL.replace("\ud800", "\ufffd")
    assert await steps.undo(session)
    assert await steps.undo(session)
    assert session.mark(one.id).note == ""
    await desk.assert_stored(session)
