"""JSON values as text."""

import json

from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from conduit_tui.core.json_text import compact, indented, printable, unfinished

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4))
def test_what_is_shown_of_a_growing_value_is_only_added_to(value: dict[str, object]) -> None:
    source = json.dumps(value, ensure_ascii=False).encode()
    shown = ""
    for end in range(1, len(source) + 1):
        try:
            part = from_json(source[:end], allow_partial="trailing-strings")
        except ValueError:
            continue  # in the middle of a letter
        now = unfinished(part)
        assert now.startswith(shown)
        shown = now
    assert indented(value).startswith(shown)


@given(VALUES)
def test_every_spelling_reads_back_as_the_value(value: object) -> None:
    for text in (compact(value), compact(value, "ascii"), printable(value), indented(value)):  # type: ignore[arg-type]
        assert json.loads(text) == value


def test_a_compact_value_is_one_line_in_its_own_letters() -> None:
    assert compact({"name": "Žofie\n", "n": [1, None]}) == '{"name": "Žofie\\n", "n": [1, null]}'


def test_what_the_encoding_lacks_is_escaped() -> None:
    assert compact("Ž", "latin-1") == '"\\u017d"'


def test_what_turns_text_around_is_escaped() -> None:
    assert compact("a\u202eb") == '"a\\u202eb"'
    assert "\u202e" not in printable(["a\u202eb"])
