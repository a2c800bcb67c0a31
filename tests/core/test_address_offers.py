"""What an address that is typed may become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.address import is_range, resolve
from conduit_tui.core.address_offers import MOST_OFFERS, address_of, described, offers
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from tests.conftest import AT
from tests.core.test_address import LABELS, PIECES, WORDS, grown, message, trees


def addresses(session: Session, partial: str) -> list[str]:
    return [address for address, _ in offers(session, partial)]


@pytest.fixture
def talk() -> Session:
    """A question with two answers, the first labelled best; one is at the second."""
    session = Session("s1")
    session.add(message("1111111a", None, "Explain Raft\nin 3 bullets"))
    session.add(message("2222222a", "1111111a", "Raft is a way to agree"))
    session.add(message("3333333a", "1111111a", "Imagine a class"))
    session.set_mark("2222222a", Mark(label="best"))
    session.visit("3333333a")
    return session


def test_labels_come_first_then_the_leaf_then_recent_messages(talk: Session) -> None:
    assert addresses(talk, "") == ["@best", "@", "@^", "@^1", "3333333", "2222222", "1111111"]


def test_each_is_told_by_who_and_the_first_words(talk: Session) -> None:
    assert dict(offers(talk, ""))["@best"] == "you: Raft is a way to agree"
    reply = Message("9" * 8, "s1", None, "assistant", (Text("Hi\x1b[0m"),), AT, model="gpt")
    assert described(reply) == "gpt: Hi␛[0m"


def test_what_is_an_address_already_stands_first(talk: Session) -> None:
    assert addresses(talk, "@")[:2] == ["@", "@best"]
    assert addresses(talk, "best") == ["best", "@best"]
    assert addresses(talk, "1111") == ["1111", "1111111"]
    assert addresses(talk, "@~1^1")[0] == "@~1^1"


def test_letters_narrow(talk: Session) -> None:
    assert addresses(talk, "2") == ["2222222"]
    assert addresses(talk, "be") == ["@best"]
    assert addresses(talk, "@b") == ["@best"]
    assert addresses(talk, "@^") == ["@^", "@^1"]
    assert addresses(talk, "zz") == []


def test_words_find_messages_by_how_they_begin(talk: Session) -> None:
    assert addresses(talk, "raft") == ["2222222", "1111111"]
    assert addresses(talk, "r") == []
    assert addresses(talk, ":/raft") == [":/raft", "2222222", "1111111"]
    assert addresses(talk, ":/") == []


def test_the_end_of_a_path_is_completed(talk: Session) -> None:
    assert addresses(talk, "@..b") == ["@..@best"]
    assert addresses(talk, "@best..")[:2] == ["@best..@best", "@best..@"]


def test_ids_that_begin_alike_or_are_labels_get_more_digits() -> None:
    session = grown(("abcdef12", None), ("abcdef13", "abcdef12"), ("0123456789", "abcdef13"))
    session.set_mark("abcdef12", Mark(label="0123456"))
    assert addresses(session, "abc") == ["abcdef13", "abcdef12"]
    assert address_of(session["0123456789"], session) == "01234567"
    assert resolve("01234567", session).id == "0123456789"


def test_what_was_pruned_is_not_offered(talk: Session) -> None:
    talk.set_absence("2222222a", Absence("pruned", AT))
    assert addresses(talk, "") == ["@", "@^", "3333333", "1111111"]
    assert addresses(talk, "raft") == ["1111111"]


def test_an_empty_session_offers_nothing() -> None:
    assert offers(Session("s1"), "") == offers(Session("s1"), "@") == []


def test_a_long_session_offers_no_more_than_a_list_holds() -> None:
    rows = [(f"{n:08x}", f"{n - 1:08x}" if n else None) for n in range(2_000)]
    session = grown(*rows)
    assert len(offers(session, "")) == MOST_OFFERS
    assert len(offers(session, "00")) == MOST_OFFERS


@given(trees(), st.one_of(st.text(max_size=8), PIECES, st.sampled_from([*WORDS, *LABELS, "@.."])))
def test_every_offer_resolves_to_the_message_it_describes(session: Session, partial: str) -> None:
    for address, words in offers(session, partial):
        end = address.partition("..")[2] if is_range(address) else address
        assert described(resolve(end, session)) == words


@given(trees())
def test_the_address_of_a_message_is_its_own(session: Session) -> None:
    for each in session:
        assert resolve(address_of(each, session), session) is each
