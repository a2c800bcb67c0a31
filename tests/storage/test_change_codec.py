"""Changes of a session's structure in the journal's rows."""

from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.change import Change, SetAbsence, SetLeaf, SetMark, SetTitle
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.storage.change_codec import decode_changes, encode_changes
from tests.conftest import AT

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TIMES = st.builds(
    lambda microseconds, hours: (
        AT.astimezone(timezone(timedelta(hours=hours))) + timedelta(microseconds=microseconds)
    ),
    st.integers(-(10**15), 10**15),
    st.integers(-12, 14),
)
ABSENCES = st.builds(Absence, st.sampled_from(["pruned", "undone"]), TIMES)
MARKS = st.builds(Mark, st.none() | WORDS, st.none() | TIMES, WORDS)
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(SetAbsence, WORDS, st.none() | ABSENCES),
    st.builds(SetMark, WORDS, MARKS),
    st.builds(SetLeaf, st.none() | WORDS),
    st.builds(SetTitle, WORDS, st.booleans()),
)


@given(st.lists(CHANGES))
def test_what_is_written_is_read_again(changes: list[Change]) -> None:
    assert decode_changes(encode_changes(tuple(changes))) == tuple(changes)


def test_a_change_of_a_kind_that_is_not_known_is_left_out() -> None:
    written = encode_changes((SetLeaf("1"),)).replace("[", '[{"kind":"later"},', 1)
    assert decode_changes(written) == (SetLeaf("1"),)
