import base64
from typing import Any

import pytest

from conduit_tui.core.message import Attachment, Text, Thinking, ToolCall, ToolResult, Unknown
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.adapters.openai_chat import encode as encode_chat
from conduit_tui.providers.adapters.openai_responses import encode
from tests.providers.asking import CLOCK, assistant, endpoint, message, request, user

WIRE = "openai-responses"
OPENAI = "https://api.openai.com/v1"
REASONING = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAA"}
THOUGHT = Thinking("hm", {WIRE: {"item": REASONING}})
CALL = ToolCall("call_1", "current_time", "{}", {WIRE: {"id": "fc_1"}})
SENT_CALL = {
    "type": "function_call",
    "call_id": "call_1",
    "name": "current_time",
    "arguments": "{}",
}


def items(*parts: Any, **fields: Any) -> Any:
    return encode(request(*parts), endpoint(**fields))["input"]


def asked(model: str, facts: ModelFacts | None = None, **params: Any) -> Request:
    plain = request(**params)
    return Request(model, plain.messages, plain.params, facts=facts)


def test_a_request_stores_nothing_and_asks_for_what_must_come_back() -> None:
    assert encode(request(system_prompt="Be brief."), endpoint()) == {
        "model": "test-model",
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": "hello"}],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"summary": "auto"},
    }


def test_a_reasoning_model_of_openai_gets_effort_and_no_temperature() -> None:
    body = encode(
        asked("gpt-5", temperature=0.5, top_p=0.5, stop=("x",), seed=1, effort="low", max_tokens=9),
        endpoint(OPENAI),
    )

    assert body["reasoning"] == {"effort": "low", "summary": "auto"}
    assert body["max_output_tokens"] == 9
    assert not body.keys() & {"temperature", "top_p", "stop", "seed", "max_tokens"}


def test_another_model_of_openai_gets_a_temperature_and_nothing_of_reasoning() -> None:
    body = encode(asked("gpt-4.1", temperature=0.5, top_p=0.5), endpoint(OPENAI))

    assert (body["temperature"], body["top_p"]) == (0.5, 0.5)
    assert not body.keys() & {"reasoning", "include"}


def test_tools_are_flat_and_the_search_is_one_of_them() -> None:
    body = encode(request(tools=(CLOCK,), search=True), endpoint())

    assert body["tools"] == [
        {
            "type": "function",
            "name": "current_time",
            "description": "The time.",
            "parameters": {"type": "object", "properties": {}},
            "strict": False,
        },
        {"type": "web_search"},
    ]


def test_files_go_as_what_they_are() -> None:
    png = Attachment("image/png", b"\x89PNG", "x.png")
    pdf = Attachment("application/pdf", b"%PDF", "r.pdf")
    notes = Attachment("text/plain", b"n", "n.txt")

    ((content,),) = ([one["content"]] for one in items(user("Look", png, pdf, notes)))

    assert content == [
        {"type": "input_text", "text": "Look"},
        {
            "type": "input_image",
            "image_url": f"data:image/png;base64,{base64.b64encode(png.data).decode()}",
            "detail": "auto",
        },
        {
            "type": "input_file",
            "filename": "r.pdf",
            "file_data": f"data:application/pdf;base64,{base64.b64encode(pdf.data).decode()}",
        },
        {"type": "input_text", "text": "n.txt:\n```txt\nn\n```"},
    ]


def test_reasoning_goes_back_unchanged_right_before_what_followed_it() -> None:
    reply = assistant(THOUGHT, CALL)
    more = {"id": "rs_2", "type": "reasoning", "summary": [], "encrypted_content": "gBBB"}
    answer = assistant(
        Thinking("", {WIRE: {"item": more}}),
        Text("Noon.", {WIRE: {"id": "msg_1", "phase": "final_answer"}}),
    )

    found = items(user("q"), reply, message("tool", ToolResult("call_1", "12:00")), answer)

    assert found[1:] == [
        REASONING,
        {**SENT_CALL, "id": "fc_1"},
        {"type": "function_call_output", "call_id": "call_1", "output": "12:00"},
        more,
        {
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Noon.", "annotations": []}],
            "id": "msg_1",
            "phase": "final_answer",
        },
    ]


def test_reasoning_that_nothing_followed_stays_here() -> None:
    assert items(user("q"), assistant(THOUGHT), user("r")) == [
        {"role": "user", "content": "q"},
        {"role": "user", "content": "r"},
    ]


def test_reasoning_that_ended_behind_the_answer_goes_in_front_of_it() -> None:
    shown = Thinking("hm")  # its deltas came in time, its item after the call

    assert items(assistant(shown, CALL, Thinking("", THOUGHT.provider_data))) == [
        REASONING,
        {**SENT_CALL, "id": "fc_1"},
    ]


def test_without_the_encrypted_reasoning_no_ids_are_sent() -> None:
    bare = Thinking("hm", {WIRE: {"item": {"id": "rs_1", "type": "reasoning", "summary": []}}})

    assert items(assistant(bare, CALL)) == [SENT_CALL]


@pytest.mark.parametrize("fields", [{"provider": "other"}, {"model": "o3", "provider": "local"}])
def test_another_provider_or_model_gets_words_and_calls_alone(fields: Any) -> None:
    reply = message("assistant", THOUGHT, "Looking.", CALL, **fields)

    assert items(reply) == [{"role": "assistant", "content": "Looking."}, SENT_CALL]


def test_histories_survive_a_change_of_the_wire() -> None:
    reply = assistant(THOUGHT, "Looking.", CALL)
    result = message("tool", ToolResult("call_1", "12:00"))
    chat = assistant("Looking.", ToolCall("call_1", "current_time", "{}"))

    by_chat: Any = encode_chat(request(user("q"), reply, result), endpoint())["messages"]

    assert by_chat == encode_chat(request(user("q"), chat, result), endpoint())["messages"]
    assert items(user("q"), chat, result)[1:] == [
        {"role": "assistant", "content": "Looking."},
        SENT_CALL,
        {"type": "function_call_output", "call_id": "call_1", "output": "12:00"},
    ]


def test_unknown_items_searches_and_images_go_back_to_where_they_came_from() -> None:
    strange = {"id": "x", "type": "telepathy_call"}
    search = {"id": "ws", "type": "web_search_call", "status": "completed"}
    made = {"type": "image_generation_call", "id": "ig", "status": "completed"}
    parts = (
        Thinking("Searched.", {WIRE: {"item": search}}),
        Unknown(strange, {WIRE: {"id": "x"}}),
        Attachment("image/png", b"PNG", "image-1.png", {WIRE: {"item": made}}),
    )

    own, foreign = items(assistant(*parts)), items(assistant(*parts, provider="other"))

    assert own == [search, strange, {**made, "result": base64.b64encode(b"PNG").decode()}]
    assert [one["content"] for one in foreign] == [
        "(The file 'image-1.png', image/png, was made here and is not sent again.)"
    ]


def test_call_ids_of_other_vendors_are_shortened_for_call_and_result_alike() -> None:
    long = "x" * 100

    call, result = items(
        assistant(ToolCall(long, "f", "{}"), provider="other"),
        message("tool", ToolResult(long, "y", is_error=True)),
    )

    assert call["call_id"] == result["call_id"]
    assert len(call["call_id"]) <= 64
    assert result["output"] == "Error: y"


def test_without_tools_a_result_is_told_in_words() -> None:
    found = items(
        assistant("Looking.", CALL),
        message("tool", ToolResult("call_1", "noon")),
        takes_tools=False,
    )

    assert found[1:] == [{"role": "user", "content": "Result of current_time:\nnoon"}]


def test_an_image_to_a_blind_model_is_told_in_words() -> None:
    blind = ModelFacts("test-model", lacks=frozenset({"vision"}))
    plain = request(user("Look", Attachment("image/png", b"P", "x.png")))
    blinded = Request(plain.model, plain.messages, plain.params, facts=blind)

    (sent,) = encode(blinded, endpoint())["input"]  # type: ignore[misc]

    assert "'x.png', image/png, was left out: test-model takes no images." in str(sent)
