"""The steps of a session in the file."""

import pytest

from conduit_tui.core.change import SetAbsence, SetLeaf, SetMark, SetTitle
from conduit_tui.core.journal import Entry
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, later, message

GONE = Absence("pruned", NOW)


@pytest.fixture
async def kept(store: SessionStore) -> SessionStore:
    """Session `s` with a above b and c; one is at c."""
    for message_id, above in (("a", None), ("b", "a"), ("c", "a")):
        await store.commit(message(message_id, above))
    await store.set_leaf("s", "c")
    return store


async def load(store: SessionStore) -> Session:
    session = await store.load("s")
    assert session is not None
    return session


async def test_a_journal_says_whether_it_is_all_of_it(kept: SessionStore) -> None:
    for number in range(5):
        entry = Entry(str(number), later(number), "do", "go", (SetLeaf("b"),), (SetLeaf("c"),))
        await kept.record("s", entry)
    whole = await kept.journal("s", limit=5)
    assert (len(whole), whole.is_all) == (5, True)
    part = await kept.journal("s", limit=4)
    assert ([each.id for each in part], part.is_all) == (["1", "2", "3", "4"], False)


async def test_a_leaf_that_was_erased_elsewhere_is_not_gone_to(kept: SessionStore) -> None:
    await kept.record("s", Entry("1", NOW, "do", "go", (SetLeaf("nowhere"),), ()))
    assert (await load(kept)).leaf_id == "c"


async def test_where_all_was_pruned_there_is_no_leaf(kept: SessionStore) -> None:
    changes = (SetAbsence("a", GONE), SetLeaf(None))
    await kept.record("s", Entry("1", NOW, "do", "prune", changes, ()))
    assert (await load(kept)).leaf_id is None


async def test_a_leaf_that_is_not_known_is_the_newest_message(
    kept: SessionStore, database: Database
) -> None:
    await database.write(lambda sql: sql.run("UPDATE sessions SET leaf_id = 'lost'"))
    assert (await load(kept)).leaf_id == "c"


async def test_erasing_takes_what_steps_say_of_a_message(
    kept: SessionStore, database: Database
) -> None:
    changes = (
        SetMark("b", Mark("secret", NOW, "secret")),
        SetMark("c", Mark("kept")),
        SetTitle("secret", is_manual=False),
        SetAbsence("b", GONE),
    )
    await kept.record("s", Entry("1", NOW, "do", 'label "secret" on "b"', changes, changes))
    await kept.record("s", Entry("2", NOW, "do", "prune everything", changes[3:], changes[3:]))
    await kept.record("s", Entry("3", NOW, "do", 'edit: "a secret"', (SetLeaf("c"),), ()))
    await kept.record("s", Entry("4", NOW, "do", 'go to "c"', (SetLeaf("c"),), (SetLeaf("b"),)))
    await kept.add_history("b")
    await kept.add_history("c")
    await kept.erase_messages("s", ["b"], ["secret"])
    steps = list(await kept.journal("s"))
    assert [each.words for each in steps] == [
        *("label (erased)", "prune everything", "edit (erased)", 'go to "c"')
    ]
    assert [each.inverse for each in steps] == [(changes[1],), (), (), ()]
    assert await kept.history() == ("c",)
    dump = await database.read(lambda sql: sql.execute("SELECT * FROM journal").fetchall())
    assert "secret" not in str(dump)
