"""Addresses: each names what its definition says, on any tree, and nothing else is ever raised."""

import random
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conduit_tui.core.address import (
    id_digits,
    is_range,
    resolve,
    resolve_path,
    short_id,
)
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.marks import Absence, Mark, label_problem
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from tests.conftest import AT

WORDS = ("Raft", "paxos", "STRASSE", "straße", "é", "noon")
LABELS = ("best", "1f3a", "v1.2", "x", "über")
PRUNED = Absence("pruned", AT)


def message(message_id: str, above: str | None, text: str = "") -> Message:
    return Message(message_id, "s1", above, "user", (Text(text or message_id),), AT)


def grown(*rows: tuple[str, str | None], leaf: str | None = None) -> Session:
    session = Session("s1")
    for message_id, above in rows:
        session.add(message(message_id, above))
    session.visit(leaf or rows[-1][0])
    return session


@pytest.fixture
def fork() -> Session:
    """aaaa1 above bbbb1 and bbbb2; bbbb1 above cccc1, cccc2 and cccc3; one is at cccc2."""
    below_b1 = [(f"cccc{number}", "bbbb1") for number in (1, 2, 3)]
    rows = [("aaaa1", None), ("bbbb1", "aaaa1"), ("bbbb2", "aaaa1"), *below_b1]
    return grown(*rows, leaf="cccc2")


@st.composite
def trees(draw: st.DrawFn) -> Session:
    """Sessions of 1 to 25 messages with labels, pruned branches and a leaf somewhere in sight."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    session = Session("s1")
    ids: list[str] = []
    for _ in range(chance.randint(1, 25)):
        new = UUID(int=chance.getrandbits(128)).hex
        if chance.random() < 0.3 and ids:
            new = chance.choice(ids)[: chance.randint(4, 9)] + new[9:]
        above = chance.choice([*ids, *ids, None]) if ids else None
        session.add(message(new, above, chance.choice(WORDS)))
        ids.append(new)
    for label in LABELS:
        if chance.random() < 0.5:
            session.set_mark(chance.choice(ids), Mark(label=label))
    for _ in range(chance.randint(0, 3)):
        session.set_absence(chance.choice(ids), PRUNED)
    session.visit(session.nearest_visible(chance.choice(ids)))
    return session


def refused(address: str, session: Session) -> str:
    with pytest.raises(UnknownAddress) as caught:
        resolve(address, session)
    return str(caught.value)


# -- what each form means ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("@", "cccc2"),
        ("@^", "bbbb1"),
        ("@~", "bbbb1"),
        ("@~0", "cccc2"),
        ("@^^", "aaaa1"),
        ("@~2", "aaaa1"),
        ("@^3", "cccc3"),
        ("@^003", "cccc3"),
        ("@~0000000000002", "aaaa1"),
        ("@~1^2", "bbbb2"),
        ("@^2^^2", "bbbb2"),
        ("cccc3", "cccc3"),
        ("CCCC3~", "bbbb1"),
        ("aaaa", "aaaa1"),
        (" @^ ", "bbbb1"),
        (":/CCCC", "cccc3"),
        (":/ bbbb1 ", "bbbb1"),
    ],
)
def test_each_form_names_what_it_says(fork: Session, address: str, expected: str) -> None:
    assert resolve(address, fork).id == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("bbbb2..@", "bbbb2 aaaa1 bbbb1 cccc2"),
        ("aaaa1..cccc1", "aaaa1 bbbb1 cccc1"),
        ("cccc1..aaaa1", "cccc1 bbbb1 aaaa1"),
        ("@..@", "cccc2"),
        ("..", "cccc2"),
        ("@^^..", "aaaa1 bbbb1 cccc2"),
        ("..bbbb1", "cccc2 bbbb1"),
        ("@.. :/cccc3", "cccc2 bbbb1 cccc3"),
        ("@^", "bbbb1"),
    ],
)
def test_a_path_goes_up_to_where_both_meet_and_down(
    fork: Session, address: str, expected: str
) -> None:
    assert " ".join(each.id for each in resolve_path(address, fork)) == expected


def test_two_first_messages_have_no_path_between_them() -> None:
    session = grown(("aaaa1", None), ("bbbb1", None))
    assert resolve("@^1", session).id == "aaaa1"
    with pytest.raises(UnknownAddress, match="no path between 'aaaa1' and '@'"):
        resolve_path("aaaa1..", session)


def test_a_label_goes_before_a_short_id_and_gives_way_to_a_whole_one(fork: Session) -> None:
    fork.set_mark("bbbb2", Mark(label="aaaa"))
    fork.set_mark("cccc3", Mark(label="bbbb1"))
    assert resolve("aaaa", fork).id == "bbbb2"
    assert resolve("aaaa1", fork).id == "aaaa1"
    assert resolve("bbbb1", fork).id == "bbbb1"
    assert resolve("@bbbb1", fork).id == "cccc3"


def test_two_dots_behind_the_sign_of_a_text_belong_to_the_text(fork: Session) -> None:
    fork.add(message("dddd1", "cccc2", "wait..what"))
    assert not is_range(":/t..w")
    assert resolve(":/t..w", fork).id == "dddd1"
    assert [each.id for each in resolve_path("@..:/t..w", fork)] == ["cccc2", "dddd1"]


# -- what was pruned --------------------------------------------------------------------------


def test_an_id_and_a_label_reach_what_was_pruned_a_number_and_a_text_do_not(fork: Session) -> None:
    fork.set_mark("cccc1", Mark(label="best"))
    fork.set_absence("cccc1", PRUNED)
    assert resolve("cccc1", fork).id == resolve("best", fork).id == "cccc1"
    assert resolve("@^1", fork).id == "cccc2"
    assert resolve("best^2", fork).id == "cccc3"
    assert "siblings at cccc2 are ^1 to ^2" in refused("@^3", fork)
    assert "No message in this session holds 'cccc1'" in refused(":/cccc1", fork)


def test_below_what_was_pruned_there_are_parents_and_no_siblings_in_sight(fork: Session) -> None:
    fork.visit("bbbb2")
    fork.set_absence("bbbb1", PRUNED)
    assert resolve("cccc1^", fork).id == "bbbb1"
    assert resolve("cccc1~2", fork).id == "aaaa1"
    assert "cccc1 is pruned, and no sibling of it is in sight" in refused("cccc1^2", fork)
    assert "bbbb1 has one sibling in sight, ^1" in refused("bbbb1^2", fork)


def test_where_everything_was_pruned_there_is_no_leaf(fork: Session) -> None:
    fork.set_absence("aaaa1", PRUNED)
    fork.visit(None)
    assert "Everything in this session is pruned" in refused("@", fork)
    assert resolve("cccc1", fork).id == "cccc1"


# -- words for what names nothing -------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "'' is no address. /help addresses tells how"),
        ("   ", "'' is no address"),
        ("^", "An address begins with an id, a label, @ or :/"),
        ("~~", "An address begins with"),
        ("@x", "No message is labelled 'x'. It has no labels yet"),
        ("x", "No id or label 'x' in this session"),
        ("12", "No id or label '12' in this session"),
        ("1234", "No message '1234' in this session"),
        ("cccc", "'cccc' could be cccc1, cccc2, cccc3. Write more digits."),
        ("@^^^", "'@^^^': aaaa1 is the first message; nothing is above it."),
        ("aaaa1^", "aaaa1 is the first message"),
        ("@~3", "there are only 2 messages above cccc2; ~2 is the top"),
        ("bbbb1~9", "there is only one message above bbbb1; ~1 is the top"),
        ("@^4", "siblings at cccc2 are ^1 to ^3"),
        ("@^0", "siblings at cccc2 are ^1 to ^3"),
        ("aaaa1^2", "aaaa1 has no siblings; ^1 is itself, and ^ alone is its parent"),
        ("@~99999999999999999999", "~2 is the top"),
        ("@^99999999999999999999", "siblings at cccc2 are"),
        ("@~٣", "is no address"),
        ("@^²", "is no address"),
        ("@~-1", "is no address"),
        ("@^x", "is no address"),
        ("@@", "No message is labelled '@'"),
        (".", "No id or label '.'"),
        ("..", "names a path. Here one message is wanted"),
        (":/", "After :/ write the text to look for"),
        (":/  ", "After :/ write the text to look for"),
        (":/nowhere", "No message in this session holds 'nowhere'"),
        ("\x1b[31m", "No id or label '␛[31m'"),
    ],
)
def test_what_names_nothing_is_told_with_the_next_step(
    fork: Session, address: str, words: str
) -> None:
    assert words in refused(address, fork)


def test_an_empty_session_has_nothing_to_name() -> None:
    assert refused("@", Session("s1")) == "This session is empty; there is no @ yet."
    assert "No message '1234'" in refused("1234", Session("s1"))


def test_labels_that_there_are_help_with_one_there_is_not(fork: Session) -> None:
    fork.set_mark("aaaa1", Mark(label="best"))
    fork.set_mark("bbbb1", Mark(label="worst"))
    assert refused("@bets", fork) == "No message is labelled 'bets'. Labels: best, worst."


def test_a_long_address_is_told_short(fork: Session) -> None:
    assert len(refused("x" * 100_000, fork)) < 200
    assert len(refused("@" + "^" * 10_000, fork)) < 200
    assert len(refused("^0" * 10_000 + "!", fork)) < 200
    assert len(refused("1234" * 10_000, fork)) < 200


def test_ten_thousand_steps_are_a_walk() -> None:
    rows = [(f"{n:08x}", f"{n - 1:08x}" if n else None) for n in range(10_001)]
    session = grown(*rows)
    assert resolve("@" + "^" * 10_000, session).id == resolve("@~10000", session).id == rows[0][0]
    assert resolve("@" + "~" * 9_999, session).id == rows[1][0]
    assert resolve("@" + "^1" * 10_000, session).id == rows[-1][0]


# -- on any tree ------------------------------------------------------------------------------


@given(trees())
def test_every_id_and_enough_of_its_beginning_name_the_message(session: Session) -> None:
    for each in session:
        assert resolve(each.id, session) is each
        for size in range(4, 33):
            same = [other for other in session if other.id.startswith(each.id[:size])]
            if session.labelled(each.id[:size]) is not None:
                continue
            if len(same) == 1:
                assert resolve(each.id[:size].upper(), session) is each
            else:
                assert "could be" in refused(each.id[:size], session)


@given(trees())
def test_every_label_names_its_message(session: Session) -> None:
    for message_id, mark in session.marks.items():
        assert resolve(f"@{mark.label}", session).id == message_id
        if mark.label not in session:
            assert resolve(str(mark.label), session).id == message_id


@given(
    st.one_of(
        st.text(min_size=1, max_size=45),
        st.text(st.sampled_from("ab.-_/1#"), min_size=1, max_size=6),
    )
)
def test_whatever_may_be_a_label_can_stand_in_any_address(label: str) -> None:
    session = grown(("aaaa1", None), ("bbbb1", "aaaa1"))
    assume(label_problem(label) is None and label not in session)
    session.set_mark("aaaa1", Mark(label=label))
    assert resolve(label, session).id == resolve(f" @{label} ", session).id == "aaaa1"
    assert resolve(f"{label}^1~0", session).id == "aaaa1"
    for path in (f"{label}..", f"@{label}..{label}", f"..{label}"):
        assert "aaaa1" in {each.id for each in resolve_path(path, session)}


@given(trees())
def test_steps_up_are_the_path(session: Session) -> None:
    for each in session:
        path = session.path(each.id)
        for up in range(len(path)):
            expected = path[-1 - up]
            assert resolve(f"{each.id}~{up}", session) is expected
            assert resolve(each.id + "^" * up, session) is expected
            assert resolve(each.id + "~" * up, session) is expected
        refused(f"{each.id}~{len(path)}", session)


@given(trees())
def test_numbers_are_the_siblings_in_sight_in_order(session: Session) -> None:
    in_sight = list(session.visible())
    for each in session:
        siblings = [other for other in in_sight if other.predecessor_id == each.predecessor_id]
        for number, sibling in enumerate(siblings, 1):
            assert resolve(f"{each.id}^{number}", session) is sibling
        refused(f"{each.id}^{len(siblings) + 1}", session)
        refused(f"{each.id}^0", session)


@given(trees(), st.sampled_from([*WORDS, "a", "ra", "ss"]))
def test_a_text_names_the_newest_in_sight_that_holds_it(session: Session, text: str) -> None:
    holding = [each for each in session.visible() if text.casefold() in each.text.casefold()]
    if holding:
        assert resolve(f":/{text}", session) is holding[-1]
    else:
        refused(f":/{text}", session)


@given(trees(), st.data())
def test_a_path_walks_parent_by_parent_from_end_to_end(
    session: Session, data: st.DataObject
) -> None:
    ids = [each.id for each in session]
    first, last = (data.draw(st.sampled_from(ids)) for _ in range(2))
    try:
        path = resolve_path(f"{first}..{last}", session)
    except UnknownAddress:
        assert session.path(first)[0] is not session.path(last)[0]
        return
    assert (path[0].id, path[-1].id) == (first, last)
    assert len({each.id for each in path}) == len(path)
    for one, other in pairwise(path):
        assert one.predecessor_id == other.id or other.predecessor_id == one.id
    assert path == tuple(reversed(resolve_path(f"{last}..{first}", session)))


PIECES = st.sampled_from(
    [*"@^~:/. \t\n0123456789abcdef٣²", "^^", "~3", "^2", "..", ":/", "best", "@best", "1f3a"]
)


@given(
    trees(),
    st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=12).map("".join)),
    st.sampled_from([resolve, resolve_path, lambda text, _: id_digits(text)]),
)
def test_whatever_is_typed_nothing_but_an_unknown_address_is_raised(
    session: Session, typed: str, read: Callable[[str, Session], object]
) -> None:
    with suppress(UnknownAddress):
        read(typed, session)
    with suppress(UnknownAddress):
        read(typed, Session("s1"))


@pytest.mark.parametrize(
    ("address", "digits"),
    [
        ("1f3a", "1f3a"),
        ("1F3A9C^2", "1f3a9c"),
        ("@..1f3a~2", "1f3a"),
        ("1f3a..2b4c", "1f3a"),
        ("1f3", None),
        ("@", None),
        ("@1f3a", None),
        (":/1f3a", None),
        ("best", None),
        ("", None),
    ],
)
def test_the_digits_that_an_address_begins_with(address: str, digits: str | None) -> None:
    assert id_digits(address) == digits


def test_a_short_id_is_the_beginning_of_the_id() -> None:
    assert short_id("1f3a9c2e77") == "1f3a9c2"
