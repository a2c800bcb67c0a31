"""Schemas on one line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.schema_line import schema_of_line

STRING = {"type": "string"}


def properties(line: str) -> Any:
    return schema_of_line(line).shape["properties"]


def required(line: str) -> Any:
    return schema_of_line(line).shape["required"]


def test_a_line_of_fields_becomes_an_object_with_no_others() -> None:
    schema = schema_of_line("name, age int, tags list")
    assert schema.name == "answer"
    assert schema.shape == {
        "type": "object",
        "properties": {
            "name": STRING,
            "age": {"type": "integer"},
            "tags": {"type": "array", "items": STRING},
        },
        "required": ["name", "age", "tags"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("x", STRING),
        ("x str", STRING),
        ("x: str", STRING),
        ("x string", STRING),
        ("x float", {"type": "number"}),
        ("x bool", {"type": "boolean"}),
        ("x date", {"type": "string", "format": "date"}),
        ("x datetime", {"type": "string", "format": "date-time"}),
        ("x object", {"type": "object"}),
        ("x list[int]", {"type": "array", "items": {"type": "integer"}}),
        (
            "x list[ list[bool] ]",
            {"type": "array", "items": {"type": "array", "items": {"type": "boolean"}}},
        ),
        ("x red|green", {"type": "string", "enum": ["red", "green"]}),
        ("x list[a|b]", {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}),
    ],
)
def test_a_type_is_written_as_in_python(written: str, shape: Any) -> None:
    assert properties(written) == {"x": shape}


@pytest.mark.parametrize("line", ["a?, b int?", "a? str, b? int", "a: str?, b: int?"])
def test_a_question_mark_lets_a_field_be_left_out(line: str) -> None:
    assert required(line) == []
    assert properties(line) == {"a": STRING, "b": {"type": "integer"}}


def test_words_behind_a_colon_describe_the_field() -> None:
    assert properties("age int: in years, name: as on the passport, born: date: of birth") == {
        "age": {"type": "integer", "description": "in years"},
        "name": {**STRING, "description": "as on the passport"},
        "born": {"type": "string", "format": "date", "description": "of birth"},
    }


def test_on_lines_of_their_own_fields_may_have_commas_in_their_words() -> None:
    assert properties("name: first, then last\nage int") == {
        "name": {**STRING, "description": "first, then last"},
        "age": {"type": "integer"},
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "names no field"),
        (" , ", "names no field"),
        ("a, a int", "'a' twice"),
        ("1st", "'1st' is no name"),
        ("a flaot", "Did you mean 'float'?"),
        ("a list[strr]", "'strr'"),
        (": int", "is no name"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(line: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        schema_of_line(line)
    assert words in str(caught.value)


@given(st.text(max_size=60))
def test_any_line_is_a_schema_or_an_error_in_words(line: str) -> None:
    try:
        schema = schema_of_line(line)
    except SettingsError:
        return
    assert schema.shape["properties"]
