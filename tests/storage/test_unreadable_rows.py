"""Marks and steps that a later version wrote, or that are damaged, do not close a session."""

import pytest

from conduit_tui.core.change import SetAbsence, SetLeaf, SetTitle
from conduit_tui.core.journal import Entry
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, message

GONE = Absence("pruned", NOW)
STEPS = (
    Entry("1", NOW, "do", "title", (SetTitle("A", True),), (SetTitle("", False),)),
    Entry("2", NOW, "do", "prune", (SetAbsence("b", GONE), SetLeaf("a")), (SetLeaf("b"),)),
)


@pytest.fixture
async def kept(store: SessionStore) -> SessionStore:
    """Session `s` with a above b; b was pruned."""
    await store.commit(message("a"))
    await store.commit(message("b", "a"))
    for step in STEPS:
        await store.record("s", step)
    return store


async def load(store: SessionStore) -> Session:
    session = await store.load("s")
    assert session is not None
    return session


@pytest.mark.parametrize(
    "inverse",
    [
        "",
        "{",
        "{}",
        "[" * 100_000,
        "[1]",
        '[{"kind":"fly","message_id":"b"}]',
        '[{"kind":"absence"}]',
        '[{"kind":"absence","message_id":"b","why":"pruned","since":"yesterday"}]',
        '[{"kind":"absence","message_id":"b","why":"pruned","since":"2026-11-22"}]',
        '[{"kind":"mark","message_id":"b","label":3,"note":""}]',
    ],
    ids=lambda text: text[:60] or "nothing",
)
async def test_a_step_that_cannot_be_read_is_passed_over_by_undo(
    kept: SessionStore, database: Database, inverse: str
) -> None:
    await database.write(
        lambda sql: sql.run("UPDATE journal SET inverse = :text WHERE id = '2'", text=inverse)
    )
    journal = await kept.journal("s")
    assert [step.words for step in journal] == ["title", "prune"]
    assert journal.next_undo() == STEPS[0]


@pytest.mark.parametrize("change", ["kind = 'squash'", "created_at = 'once'", "words = x'ff'"])
async def test_other_fields_of_a_step_do_not_hide_the_steps_before(
    kept: SessionStore, database: Database, change: str
) -> None:
    await database.write(lambda sql: sql.run(f"UPDATE journal SET {change} WHERE id = '2'"))
    journal = await kept.journal("s")
    assert len(journal) == 2
    assert next(iter(journal)) == STEPS[0]


@pytest.mark.parametrize(
    "change",
    ["absent = 'archived'", "absent_since = NULL", "absent_since = 'once'", "absent_since = 5"],
)
async def test_what_is_out_of_sight_stays_so_whatever_its_reason(
    kept: SessionStore, database: Database, change: str
) -> None:
    await database.write(lambda sql: sql.run(f"UPDATE marks SET {change} WHERE message_id = 'b'"))
    session = await load(kept)
    assert [each.id for each in session.visible()] == ["a"]
    absence = session.absence("b")
    assert absence is not None
    assert absence.since.tzinfo is not None


@pytest.mark.parametrize(
    "change", ["label = x'ff'", "note = x'ff'", "starred_at = 'once'", "starred_at = '2026-11-22'"]
)
async def test_a_mark_that_cannot_be_read_is_left_out(
    kept: SessionStore, database: Database, change: str
) -> None:
    await database.write(lambda sql: sql.run(f"UPDATE marks SET {change} WHERE message_id = 'a'"))
    assert (await load(kept)).mark("a") == Mark()
