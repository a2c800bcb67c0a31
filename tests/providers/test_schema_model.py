"""JSON Schema by way of pydantic: what fits, what does not, and in which words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.core.schema import Schema
from conduit_tui.core.schema_line import schema_of_line
from conduit_tui.providers.schema_model import SchemaModel, Unfit

NODE = {
    "type": "object",
    "properties": {
        "value": {"type": "number", "minimum": 0, "exclusiveMaximum": 10},
        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
    },
    "required": ["value"],
    "additionalProperties": False,
}
TREE = {"$ref": "#/$defs/node", "$defs": {"node": NODE}}


def model(shape: Any) -> SchemaModel:
    return SchemaModel(Schema("test", shape))


def field(shape: Any) -> SchemaModel:
    return model({"type": "object", "properties": {"x": shape}, "required": ["x"]})


def wrong(found: SchemaModel, value: object) -> list[str]:
    with pytest.raises(Unfit) as caught:
        found.value_of(json.dumps(value))
    return list(caught.value.mistakes)


@pytest.mark.parametrize(
    ("shape", "fits", "fails", "words"),
    [
        ({"type": "string"}, "", 1, "valid string"),
        ({"type": "string", "minLength": 2}, "ab", "a", "at least 2"),
        ({"type": "string", "maxLength": 2}, "ab", "abc", "at most 2"),
        ({"type": "string", "pattern": "b"}, "abc", "xyz", "pattern"),
        ({"type": "string", "format": "date"}, "2026-02-28", "2026-02-30", "valid date"),
        ({"type": "string", "format": "date-time"}, "2026-02-28T10:00:00Z", "noon", "datetime"),
        ({"type": "string", "format": "email"}, "a@b.co", "a@b", "e-mail"),
        ({"type": "string", "format": "uri"}, "https://a.b/c", "a b", "URL"),
        ({"type": "string", "format": "uuid"}, "12345678-1234-5678-1234-567812345678", "1", "UUID"),
        ({"type": "string", "format": "ipv4"}, "10.0.0.1", "10.0.0", "4 octets"),
        ({"type": "integer"}, 3, "3", "valid integer"),
        ({"type": "integer"}, 3.0, 3.5, "valid integer"),
        ({"type": "integer"}, 0, True, "valid integer"),
        ({"type": "number"}, 1.5, True, "valid number"),
        ({"type": "number", "minimum": 1}, 1, 0.5, "greater than or equal to 1"),
        ({"type": "number", "exclusiveMinimum": 1}, 2, 1, "greater than 1"),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, 2, 1, "greater than 1"),
        ({"type": "integer", "maximum": 9}, 9, 10, "less than or equal to 9"),
        ({"type": "integer", "multipleOf": 5}, 10, 11, "multiple of 5"),
        ({"type": "boolean"}, False, "false", "valid boolean"),
        ({"type": "null"}, None, 0, "null"),
        ({"type": ["string", "null"]}, None, 1, "valid string"),
        ({"type": "string", "nullable": True}, None, 1, "valid string"),
        ({"enum": ["a", 1, None]}, 1, True, 'one of "a", 1, null'),
        ({"type": "string", "enum": ["a", "b"]}, "a", "c", 'one of "a", "b"'),
        ({"const": {"a": [1]}}, {"a": [1.0]}, {"a": [2]}, "should be"),
        ({"type": "array", "items": {"type": "integer"}}, [1], ["1"], "valid integer"),
        ({"type": "array", "minItems": 1}, [1], [], "at least 1"),
        ({"type": "array", "maxItems": 1}, [1], [1, 2], "at most 1"),
        ({"type": "array", "uniqueItems": True}, [1, "1", True], [1, 1.0], "twice"),
        ({"type": "object", "minProperties": 1}, {"a": 1}, {}, "at least 1"),
        ({"type": "object", "maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}, "at most 1"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, 1, 1.5, "valid"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 1.5, 1, "more than one"),
        ({"allOf": [{"type": "integer"}, {"minimum": 3, "type": "number"}]}, 3, 2, "or equal to 3"),
        (
            {"type": "string", "anyOf": [{"minLength": 2, "type": "string"}]},
            "ab",
            "a",
            "at least 2",
        ),
        (False, None, 1, "No value is allowed"),
        (True, [{}], None, ""),
    ],
)
def test_keywords(shape: Any, fits: Json, fails: Json, words: str) -> None:
    found = field(shape)
    if shape is not False:
        assert found.value_of(json.dumps({"x": fits})) == {"x": fits}
    if words:
        (mistake, *_) = wrong(found, {"x": fails})
        assert mistake.startswith("x")
        assert words in mistake
    assert found.notes == ()


def test_a_recursive_schema_reads_a_tree_and_names_the_place_of_a_mistake() -> None:
    found = model(TREE)
    tree = {"value": 1, "children": [{"value": 2.5}, {"value": 3, "children": []}]}
    assert (found.kind, found.value_of(json.dumps(tree))) == ("object", tree)
    assert wrong(found, {"value": 1, "children": [{"value": 1, "children": [{"value": -1}]}]}) == [
        "children.0.children.0.value: Input should be greater than or equal to 0, not -1"
    ]


def test_fields_that_are_not_named_are_refused_allowed_or_checked() -> None:
    shape = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert model(shape).value_of('{"z": 1}') == {"z": 1}
    assert "z: Extra inputs" in wrong(model({**shape, "additionalProperties": False}), {"z": 1})[0]
    typed = model({**shape, "additionalProperties": {"type": "integer"}})
    assert typed.value_of('{"a": "b", "z": 1}') == {"a": "b", "z": 1}
    assert wrong(typed, {"z": "1"}) == ['z: Input should be a valid integer, not "1"']


def test_a_default_takes_the_place_of_what_was_left_out_and_nothing_else_does() -> None:
    found = model(
        {
            "properties": {
                "kind": {"type": "string", "default": "note"},
                "tags": {"type": "array", "default": []},
                "note": {"type": "string"},
            }
        }
    )
    assert found.value_of("{}") == {"kind": "note", "tags": []}
    assert found.value_of('{"kind": "x", "tags": [1]}') == {"kind": "x", "tags": [1]}


def test_names_of_fields_may_be_anything() -> None:
    names = ["first-name", "class", "model_config", "copy", "_x", "", "field_0_", "schema", "a.b"]
    found = model({"type": "object", "properties": {name: {"type": "string"} for name in names}})
    value = dict.fromkeys(names, "v")
    assert found.value_of(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("shape", "note"),
    [
        ({"type": "string", "pattern": "(?=a)b"}, "'pattern' at x is not checked"),
        ({"type": "string", "format": "iban"}, "'format' at x is not checked: 'iban'."),
        ({"type": "object", "patternProperties": {}}, "'patternProperties' at x is not checked."),
        ({"not": {"type": "string"}}, "'not' at x is not checked."),
    ],
)
def test_what_is_not_checked_is_told(shape: Any, note: str) -> None:
    (told,) = field(shape).notes
    assert told.startswith(note)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"type": "string"}, "only an object or an array"),
        ({"type": "thing"}, "unknown type 'thing'"),
        ({"type": []}, "no type"),
        ({"properties": []}, "see properties"),
        ({"properties": {"a": 3}}, "wrong at a"),
        ({"anyOf": []}, "list of shapes"),
        ({"$ref": "other.json#/a"}, "only what is in the schema itself"),
        ({"$ref": "#/a/b"}, "nothing at '#/a/b'"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused_in_words(shape: Any, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        model(shape)
    assert words in str(caught.value)


def test_a_schema_nested_too_deeply_is_refused() -> None:
    shape: Any = {"type": "object"}
    for _ in range(200):
        shape = {"type": "object", "properties": {"a": shape}}
    with pytest.raises(SettingsError, match="nested"):
        model(shape)


@pytest.mark.parametrize("text", ["", "x", '{"a"', "NaN", "[NaN]", '{"a": 1} x', "\ud800"])
def test_what_is_no_json_is_a_mistake_too(text: str) -> None:
    with pytest.raises(Unfit, match="Invalid JSON"):
        model({}).value_of(text)


def test_many_mistakes_are_counted() -> None:
    shape = {"type": "object", "required": [f"f{number}" for number in range(9)]}
    assert wrong(model(shape), {})[-1] == "and 4 more"


def test_the_model_shows_instructor_the_schema_as_it_was_written() -> None:
    shape = schema_of_line("name, age int").shape
    assert model(shape).model.model_json_schema() == {**shape, "title": "test"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=10,
    ).filter(lambda value: isinstance(value, dict | list))
)
def test_a_value_without_rules_comes_back_as_it_is(value: Json) -> None:
    assert model({}).value_of(json.dumps(value)) == value
