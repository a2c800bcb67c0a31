from conduit_tui.core.marks import Absence
from conduit_tui.core.session import Session
from conduit_tui.tui.unseen import Unseen
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
