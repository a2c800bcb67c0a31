"""Messages hold their parts in order and read what vendors sent."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    new_id,
)
from conduit_tui.core.usage import Usage
from tests.conftest import MakeMessage


def test_parts_are_found_by_kind_in_their_order(make_message: MakeMessage) -> None:
    picture = Attachment("image/png", b"\x89PNG", "a.png")
    call, other = ToolCall("c1", "now", "{}"), ToolCall("c2", "now", "{}")
    message = make_message(
        "assistant", Thinking("a"), "x", call, Thinking("b"), "y", other, picture, Citation("u")
    )
    assert message.text == "xy"
    assert message.thinking == "ab"
    assert message.tool_calls == (call, other)
    assert message.attachments == (picture,)
    assert message.citations == (Citation("u"),)
    assert message.tool_results == ()
    assert make_message("tool", ToolResult("c1", "noon")).tool_results[0].output == "noon"


def test_a_message_cannot_be_changed(make_message: MakeMessage) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_message("user", "hello").role = "system"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ("", {}),
        (" \n", {}),
        ("{}", {}),
        ('{"timezone": "Europe/Oslo"}', {"timezone": "Europe/Oslo"}),
        ('{"a": [1, null, {"b": true}]}', {"a": [1, None, {"b": True}]}),
        ('{"timezone": "Eur', None),
        ("null", None),
        ("[1]", None),
        ('"text"', None),
        ("{'a': 1}", None),
        ('{"a": 1} trailing', None),
        ('{"a":' * 100_000, None),
        ('{"a": ' + "9" * 10_000 + "}", None),
    ],
)
def test_arguments_are_an_object_or_nothing(arguments: str, value: object) -> None:
    assert ToolCall("c1", "now", arguments).arguments_object() == value


@given(st.text())
def test_no_arguments_whatever_raise(arguments: str) -> None:
    value = ToolCall("c1", "now", arguments).arguments_object()
    assert value is None or isinstance(value, dict)


def test_an_attachment_that_is_not_utf8_still_reads_as_text() -> None:
    attachment = Attachment("text/plain", b"na\xefve", "a.txt")
    assert attachment.is_text
    assert attachment.as_text() == "na\ufffdve"
    assert not Attachment("image/png", b"", "a.png").is_text


def test_ids_differ_and_are_hexadecimal() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one) == 32 and int(one, 16) for one in made)


def test_usage_of_two_generations_adds_up() -> None:
    both = Usage(10, 5, 3, 2, 1) + Usage(1, 1, 1, 1, 1)
    assert both == Usage(11, 6, 4, 3, 2)
    assert both.total_tokens == 17


def test_text_parts_of_equal_words_are_equal() -> None:
    assert Text("a") == Text("a") != Thinking("a")
