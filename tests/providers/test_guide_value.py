"""The guide's example of a value fits the schema it is made for."""

import json
from typing import Any

import pytest

from conduit_tui.core.schema import Schema
from conduit_tui.core.schema_line import schema_of_line
from conduit_tui.providers.guide.value import example
from conduit_tui.providers.schema_model import SchemaModel

NODE = {"type": "object", "properties": {"next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}}}


@pytest.mark.parametrize(
    "shape",
    [
        schema_of_line("a, b int, c float, d bool, e date, f datetime, g list[int], h x|y").shape,
        {"type": "array", "items": {"enum": [3, 4]}},
        {"properties": {"n": {"type": ["integer", "null"], "minimum": 9}, "c": {"const": "k"}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"x": {}}}}},
        NODE,
    ],
)
def test_an_example_fits_its_schema(shape: Any) -> None:
    value = example(shape)
    assert SchemaModel(Schema("test", shape)).value_of(json.dumps(value)) == value
