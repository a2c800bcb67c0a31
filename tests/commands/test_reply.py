"""What a turn came to, and its JSON."""

import json
import signal
from decimal import Decimal

import pytest

from conduit_tui.commands.question import UsageMistake
from conduit_tui.commands.reply import Reply
from conduit_tui.core.errors import (
    AuthenticationFailed,
    ConduitError,
    Overloaded,
    StorageError,
    UnknownModel,
)
from conduit_tui.core.events import MessageCommitted, TurnEnded
from conduit_tui.core.message import Citation, Text, Thinking, ToolCall
from conduit_tui.core.usage import Usage
from tests.conftest import MakeMessage


def test_a_turn_of_two_generations_is_one_object(make_message: MakeMessage) -> None:
    reply = Reply()
    reply.is_saved = True
    first = make_message(
        "assistant",
        Thinking("one"),
        Text("I will look."),
        ToolCall("c1", "clock", '{"zone": "UTC"}'),
        usage=Usage(10, 5, 1, 2, 3),
        cost_usd=Decimal("0.01"),
    )
    last = make_message(
        "assistant",
        Thinking("two"),
        Text("Noon."),
        Citation("https://a", "A"),
        usage=Usage(20, 6),
        cost_usd=Decimal("0.02"),
        provider="openai",
        model="gpt-5",
        stop="end_turn",
    )
    for event in (MessageCommitted(first), MessageCommitted(last), TurnEnded("done")):
        reply.take(event)
    found = json.loads(reply.as_json())
    assert found.pop("duration_seconds") >= 0
    assert found == {
        "text": "Noon.",
        "thinking": "one\n\ntwo",
        "tool_calls": [{"name": "clock", "arguments": {"zone": "UTC"}}],
        "citations": [{"url": "https://a", "title": "A"}],
        "structured": None,
        "usage": {
            "input_tokens": 30,
            "output_tokens": 11,
            "cache_read_tokens": 1,
            "cache_write_tokens": 2,
            "reasoning_tokens": 3,
        },
        "model": "gpt-5",
        "provider": "openai",
        "stop_reason": "end_turn",
        "status": "complete",
        "cached": False,
        "cost_usd": 0.03,
        "session_id": "s1",
        "message_id": last.id,
        "error": None,
    }
    assert reply.exit_code == 0


def test_without_a_message_the_object_still_has_every_key() -> None:
    reply = Reply()
    reply.error = UnknownModel("No model is named 'x'.")
    found = json.loads(reply.as_json())
    assert (found["error"], found["status"], found["text"]) == (
        "No model is named 'x'.",
        "error",
        "",
    )
    assert found["cost_usd"] is None
    assert len(found) == 16


def test_nothing_that_was_not_saved_has_an_id(make_message: MakeMessage) -> None:
    reply = Reply()
    reply.take(MessageCommitted(make_message("assistant", "Hi.")))
    found = json.loads(reply.as_json())
    assert (found["session_id"], found["message_id"]) == (None, None)


def test_raw_text_is_escaped_and_lone_surrogates_are_replaced(make_message: MakeMessage) -> None:
    reply = Reply()
    call = ToolCall("c", "t", '{"\\ud800": ["\\udc00x"]}')
    reply.take(MessageCommitted(make_message("assistant", "a\x1b[31m\x9b\ud83d\ude00\ud800", call)))
    printed = reply.as_json()
    assert printed.isascii()
    assert printed.isprintable()
    found = json.loads(printed)
    assert found["text"] == "a\x1b[31m\x9b\U0001f600\ufffd"
    assert found["tool_calls"][0]["arguments"] == {"\ufffd": ["\ufffdx"]}


@pytest.mark.parametrize("sent", ["{broken", '"text"', '{"n": NaN}', '{"n": Infinity}'])
def test_arguments_that_are_no_json_object_stay_as_they_were_sent(
    make_message: MakeMessage, sent: str
) -> None:
    reply = Reply()
    reply.take(MessageCommitted(make_message("assistant", ToolCall("c", "t", sent))))
    assert json.loads(reply.as_json())["tool_calls"][0]["arguments"] == sent


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, 0),
        (StorageError("full"), 1),
        (UsageMistake("none"), 2),
        (UnknownModel("none"), 2),
        (Overloaded("later"), 3),
        (AuthenticationFailed("no key"), 4),
    ],
)
def test_errors_have_their_exit_codes(error: ConduitError | None, code: int) -> None:
    reply = Reply()
    reply.take(TurnEnded("error", error))
    assert reply.exit_code == code


def test_a_signal_goes_before_everything(make_message: MakeMessage) -> None:
    reply = Reply()
    reply.take(MessageCommitted(make_message("assistant", "Ha", status="interrupted")))
    reply.signal_number = signal.SIGTERM
    assert reply.exit_code == 143
    assert json.loads(reply.as_json())["status"] == "interrupted"


def test_an_answer_that_broke_off_is_not_ok(make_message: MakeMessage) -> None:
    reply = Reply()
    reply.take(MessageCommitted(make_message("assistant", "Ha", status="interrupted")))
    reply.take(TurnEnded("interrupted"))
    assert reply.exit_code == 3
