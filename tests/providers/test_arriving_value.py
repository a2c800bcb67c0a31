"""Values in text that still arrives."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.json import Json
from conduit_tui.providers.arriving_value import ArrivingValue


def seen(*pieces: str, opening: str = "{") -> list[Json]:
    arriving = ArrivingValue(opening)
    shown: list[Json] = []
    for piece in pieces:
        arriving.feed(piece)
        if arriving.look():
            shown.append(arriving.value)
    return shown


def test_only_what_is_new_is_reported() -> None:
    assert seen('{"a', '": "x', "y", '"', "  ", ', "b": 1', "}", "\n") == [
        {},
        {"a": "x"},
        {"a": "xy"},
        {"a": "xy", "b": 1},
    ]


@pytest.mark.parametrize(
    "before", ["Sure: ", "```json\n", "Use {braces} or {:}: ", '"{" ', "{x} " * 10]
)
def test_what_stands_before_the_value_is_passed_over(before: str) -> None:
    assert seen(*before, *'{"a": 1} and more {') == [{}, {"a": 1}] or seen(
        *before, *'{"a": 1} and more {'
    )[-1] == {"a": 1}


def test_a_list_is_a_value_where_one_is_wanted() -> None:
    assert seen("[1, ", "2]", opening="[") == [[1], [1, 2]]
    assert seen("[1, 2]", opening="{") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('text {"a": "}"} text }', {"a": "}"}),
        ('{"a": "\\"}"} [1]', {"a": '"}'}),
        ('{"b": 2} or rather {"a": 1}', {"a": 1}),
        ('```json\n{"a": 1}\n```', {"a": 1}),
    ],
)
def test_the_whole_value_is_among_the_candidates(text: str, value: Json) -> None:
    arriving = ArrivingValue("{")
    arriving.feed(text)
    found: list[Json] = []
    for candidate in arriving.candidates():
        try:
            found.append(json.loads(candidate))
        except ValueError:
            continue
    assert value in found


@given(st.text(alphabet='{}[]",:\\ a1`\n', max_size=80), st.integers(1, 5))
def test_nothing_that_arrives_breaks_it(text: str, size: int) -> None:
    arriving = ArrivingValue("{[")
    for at in range(0, len(text), size):
        arriving.feed(text[at : at + size])
        arriving.look()
    assert arriving.text == text
    assert all(isinstance(candidate, str) for candidate in arriving.candidates())
