import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.marks import Absence
from conduit_tui.core.session import Session
from conduit_tui.tui.unseen import KEY, KeptUnseen, Unseen
from tests.conftest import AT


def grown(make_message) -> Session:
    session = Session("s1")
    for message_id in ("a", "b"):
        session.add(make_message("user", message_id, id=message_id))
    return session


def test_a_dot_stays_until_the_message_comes_on_view(make_message):
    session, unseen = grown(make_message), Unseen()
    unseen.add(session, "a")
    unseen.add(session, "b")
    unseen.saw(session, {"x"})
    assert unseen.of(session) == {"a", "b"}
    unseen.saw(session, {"a", "x"})
    assert unseen.of(session) == {"b"}
    assert unseen.sessions == {"s1"}
    unseen.saw(session, {"b"})
    assert unseen.sessions == frozenset()


def test_what_was_pruned_or_erased_has_no_dot(make_message):
    session, unseen = grown(make_message), Unseen()
    unseen.add(session, "a")
    unseen.add(session, "b")
    session.set_absence("a", Absence("pruned", AT))
    session.forget(["b"])
    unseen.saw(session, set())
    assert unseen.sessions == frozenset()


def test_a_dot_in_a_session_of_which_only_the_end_is_loaded_waits_for_the_rest(make_message):
    session, unseen = Session("s1", is_whole=False), Unseen()
    unseen.add(session, "far above")
    unseen.saw(session, set())
    assert unseen.of(session) == {"far above"}
    session.complete([make_message("user", "a", id="a")])
    unseen.saw(session, set())
    assert unseen.sessions == frozenset()


class Remembered:
    def __init__(self, text: str | None = None) -> None:
        self.texts = {} if text is None else {KEY: text}
        self.is_broken = False

    async def recall(self, key: str) -> str | None:
        return self.texts.get(key)

    async def remember(self, key: str, value: str) -> None:
        if self.is_broken:
            raise StorageError("full")
        self.texts[key] = value


async def test_dots_are_there_again_in_the_next_program(make_message):
    session, unseen, memory = grown(make_message), Unseen(), Remembered()
    unseen.add(session, "a")
    await KeptUnseen(memory, unseen).keep(session.id)
    following = Unseen()
    assert await KeptUnseen(memory, following).load()
    assert following.of(session) == {"a"}
    following.saw(session, {"a"})
    await KeptUnseen(memory, following).keep(session.id)
    assert not await KeptUnseen(memory, Unseen()).load()


async def test_two_programs_keep_the_dots_of_each_others_sessions(make_message):
    session, memory = grown(make_message), Remembered('{"other": ["x"]}')
    unseen = Unseen()
    unseen.add(session, "a")
    await KeptUnseen(memory, unseen).keep(session.id)
    following = Unseen()
    await KeptUnseen(memory, following).load()
    assert following.sessions == {"s1", "other"}


@pytest.mark.parametrize("text", ["", "[", "[1]", '{"s1": 3}', '{"s1": [1, null]}', "null"])
async def test_what_is_no_list_of_dots_is_none(text: str):
    unseen = Unseen()
    await KeptUnseen(Remembered(text), unseen).load()
    assert unseen.sessions == frozenset()


async def test_dots_that_cannot_be_stored_stay_for_now(make_message):
    session, unseen, memory = grown(make_message), Unseen(), Remembered()
    memory.is_broken = True
    unseen.add(session, "a")
    await KeptUnseen(memory, unseen).keep(session.id)
    assert unseen.of(session) == {"a"}
