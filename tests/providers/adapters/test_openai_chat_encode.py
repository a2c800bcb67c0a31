import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from conduit_tui.core.message import Attachment, Structured, Text, Thinking, ToolCall, ToolResult
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.adapters.openai_chat import encode
from conduit_tui.providers.shapes import as_list, as_object
from tests.providers.asking import CLOCK, assistant, endpoint, message, request, user


def messages(*parts: Any, **fields: Any) -> Any:
    return encode(request(*parts), endpoint(**fields))["messages"]


def test_a_request_asks_for_a_stream_with_usage_and_nothing_that_was_not_set() -> None:
    assert encode(request(), endpoint()) == {
        "model": "test-model",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_parameters_that_are_set_are_sent() -> None:
    body = encode(
        request(temperature=0.0, top_p=0.5, stop=("END",), seed=7, effort="low", max_tokens=9),
        endpoint(),
    )

    assert {name: body[name] for name in body if name not in {"model", "messages"}} == {
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "top_p": 0.5,
        "stop": ["END"],
        "seed": 7,
        "reasoning_effort": "low",
        "max_tokens": 9,
    }


def test_a_budget_and_a_search_are_sent_only_where_there_is_a_field_for_them() -> None:
    asked = request(effort="low", thinking_tokens=2000, search=True)
    body = encode(asked, endpoint())
    assert body["reasoning_effort"] == "low"
    assert "2000" not in json.dumps(body)
    quirks = {"reasoning_object": "reasoning", "search": {"plugins": [{"id": "web"}]}}
    body = encode(asked, endpoint(quirks=quirks))
    assert body["reasoning"] == {"max_tokens": 2000}  # one of both is taken
    assert body["plugins"] == [{"id": "web"}]
    assert "reasoning_effort" not in body
    body = encode(request(effort="low"), endpoint(quirks=quirks))
    assert body["reasoning"] == {"effort": "low"}
    assert {"reasoning", "plugins"}.isdisjoint(encode(request(), endpoint(quirks=quirks)))


@pytest.mark.parametrize(
    ("base_url", "quirks", "field"),
    [
        ("https://api.openai.com/v1", {}, "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", {}, "max_completion_tokens"),
        ("https://api.openai.com.evil.example/v1", {}, "max_tokens"),
        ("http://localhost:1234/v1", {}, "max_tokens"),
        ("http://localhost/v1", {"max_tokens_field": "n_predict"}, "n_predict"),
    ],
)
def test_the_token_limit_goes_by_the_name_its_server_knows(
    base_url: str, quirks: Any, field: str
) -> None:
    body = encode(request(max_tokens=9), endpoint(base_url, quirks=quirks))

    assert {name for name, value in body.items() if value == 9} == {field}


def test_quirks_rename_the_seed_and_leave_out_stream_options() -> None:
    quirks = {"no_stream_options": True, "seed_field": "random_seed"}

    body = encode(request(seed=3), endpoint(quirks=quirks))

    assert body["random_seed"] == 3
    assert not body.keys() & {"seed", "stream_options"}


def test_extra_parameters_have_the_last_word() -> None:
    body = encode(request(temperature=0.5, extra={"temperature": 1, "top_k": 4}), endpoint())

    assert (body["temperature"], body["top_k"]) == (1, 4)


def test_the_system_prompt_comes_first_and_imported_system_messages_stay_in_place() -> None:
    asked = request(message("system", "old"), user("hello"), system_prompt="Be brief.")

    assert encode(asked, endpoint())["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "system", "content": "old"},
        {"role": "user", "content": "hello"},
    ]


def test_tools_are_offered_as_functions() -> None:
    body = encode(request(tools=(CLOCK,)), endpoint())

    assert body["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "current_time",
                "description": "The time.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]


def test_an_endpoint_that_takes_no_tools_is_offered_none() -> None:
    assert "tools" not in encode(request(tools=(CLOCK,)), endpoint(takes_tools=False))


def test_a_text_attachment_becomes_a_labelled_block_of_the_text() -> None:
    notes = Attachment("text/markdown", b"# Notes\n```x```\n", "notes.md")

    assert messages(user("Sum up", notes)) == [
        {"role": "user", "content": "Sum up\n\nnotes.md:\n````md\n# Notes\n```x```\n````"}
    ]


def test_text_under_another_media_type_is_text_too() -> None:
    data = Attachment("application/json", b'{"a": 1}', "a.json")

    assert messages(user(data))[0]["content"] == 'a.json:\n```json\n{"a": 1}\n```'


def test_an_image_becomes_a_data_url() -> None:
    image = Attachment("image/png", b"\x89PNG", "x.png")

    url = f"data:image/png;base64,{base64.b64encode(image.data).decode()}"
    assert messages(user("What is it?", image))[0]["content"] == [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": url}},
    ]


def test_a_pdf_and_a_sound_go_to_models_that_take_them() -> None:
    report = Attachment("application/pdf", b"%PDF", "report.pdf")
    sound = Attachment("audio/mpeg", b"ID3", "a.mp3")
    taking = ModelFacts("test-model", has=frozenset({"files", "audio"}))
    asked = replace(request(user(report, sound)), facts=taking)

    (encoded,) = as_list(encode(asked, endpoint())["messages"])

    assert as_object(encoded)["content"] == [
        {
            "type": "file",
            "file": {"filename": "report.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
        },
        {"type": "input_audio", "input_audio": {"data": "SUQz", "format": "mp3"}},
    ]


def test_words_stand_for_an_image_where_the_model_is_known_to_see_none() -> None:
    image = Attachment("image/png", b"\x89PNG", "x.png")
    blind = ModelFacts("test-model", lacks=frozenset({"vision"}))
    asked = replace(request(user("Look", image)), facts=blind)

    assert encode(asked, endpoint())["messages"] == [
        {
            "role": "user",
            "content": "Look\n\n"
            "(The file 'x.png', image/png, was left out: test-model takes no images.)",
        }
    ]


def test_a_file_that_cannot_be_sent_is_named() -> None:
    report = Attachment("application/pdf", b"%PDF", "report.pdf")

    (encoded,) = messages(user("Read it", report))

    assert "'report.pdf', application/pdf, was left out" in encoded["content"]


def test_two_messages_of_the_person_in_a_row_become_one() -> None:
    image = Attachment("image/gif", b"GIF", "x.gif")

    assert messages(user("one"), user("two"), assistant("three")) == [
        {"role": "user", "content": "one\n\ntwo"},
        {"role": "assistant", "content": "three"},
    ]
    kinds = [block["type"] for block in messages(user("one"), user(image))[0]["content"]]
    assert kinds == ["text", "image_url"]


def test_thinking_is_not_sent_and_a_message_of_nothing_else_is_left_out() -> None:
    asked = (user("q"), assistant(Thinking("hm"), "a"), user("r"), assistant(Thinking("hm")))

    assert [(one["role"], one["content"]) for one in messages(*asked)] == [
        ("user", "q"),
        ("assistant", "a"),
        ("user", "r"),
    ]


def test_a_structured_value_is_sent_as_json() -> None:
    assert messages(assistant(Structured("answer", {"n": 1})))[0]["content"] == '{"n": 1}'


def test_calls_and_their_results_are_joined_by_id() -> None:
    asked = (
        user("time?"),
        assistant(ToolCall("c1", "current_time", '{"timezone": "UTC"}'), ToolCall("c2", "f", "")),
        message("tool", ToolResult("c1", "noon"), ToolResult("c2", "no such file", is_error=True)),
    )

    assert messages(*asked)[1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "current_time", "arguments": '{"timezone": "UTC"}'},
                },
                {"id": "c2", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "noon"},
        {"role": "tool", "tool_call_id": "c2", "content": "Error: no such file"},
    ]


@pytest.mark.parametrize("broken", ['{"a": ', "[1]", "not json"])
def test_arguments_that_are_no_object_are_sent_as_an_empty_one(broken: str) -> None:
    (encoded,) = messages(assistant(ToolCall("c", "f", broken)))

    assert encoded["tool_calls"][0]["function"]["arguments"] == "{}"


def test_an_impossible_function_name_is_made_possible() -> None:
    (encoded,) = messages(assistant(ToolCall("c", "read file!" + "x" * 80, "{}")))

    assert encoded["tool_calls"][0]["function"]["name"] == ("read_file_" + "x" * 80)[:64]


def test_without_tools_a_result_is_told_in_words() -> None:
    asked = (
        user("time?"),
        assistant("Looking.", ToolCall("c1", "current_time", "{}")),
        message("tool", ToolResult("c1", "noon")),
        user("thanks"),
    )

    assert messages(*asked, takes_tools=False) == [
        {"role": "user", "content": "time?"},
        {"role": "assistant", "content": "Looking."},
        {"role": "user", "content": "Result of current_time:\nnoon\n\nthanks"},
    ]


def test_signatures_go_back_to_the_provider_that_made_them_and_to_no_other() -> None:
    signed = ToolCall("c", "f", "{}", {"extra_content": {"google": {"thought_signature": "s"}}})

    (own,) = messages(assistant(signed, provider="local"))
    (foreign,) = messages(assistant(signed, provider="other"))

    assert own["tool_calls"][0]["extra_content"] == {"google": {"thought_signature": "s"}}
    assert "extra_content" not in foreign["tool_calls"][0]


def test_thinking_before_calls_goes_back_where_the_server_insists() -> None:
    parts = (Thinking("hm"), ToolCall("c", "f", "{}"))
    quirks = {"thinking_of_calls": "reasoning_content"}

    own, foreign = messages(assistant(*parts), assistant(*parts, provider="other"), quirks=quirks)

    assert (own["reasoning_content"], foreign["reasoning_content"]) == ("hm", "")


def test_call_ids_fit_a_server_that_is_particular_about_them() -> None:
    asked = (
        assistant(ToolCall("call_abc", "f", "{}"), ToolCall("abcDEF123", "g", "{}")),
        message("tool", ToolResult("call_abc", "x")),
    )

    calls, result = messages(*asked, quirks={"call_id_length": 9})

    made, kept = (call["id"] for call in calls["tool_calls"])
    assert len(made) == 9
    assert made.isalnum()
    assert result["tool_call_id"] == made
    assert kept == "abcDEF123"


def test_lone_surrogates_become_replacement_characters_everywhere() -> None:
    asked = request(
        user("a\ud800b", Attachment("text/plain", b"x", "n\udcff.txt")),
        assistant(ToolCall("c", "f", '{"k": "\udc00"}')),
        message("tool", ToolResult("c", "\udfff")),
        system_prompt="\ud83e\udded",
    )

    body = encode(asked, endpoint())

    text = json.dumps(body, ensure_ascii=False)
    text.encode()
    assert body["messages"][0] == {"role": "system", "content": "🧭"}  # type: ignore[index]
    assert text.count("\ufffd") == 4


def test_empty_text_makes_no_message() -> None:
    assert messages(user(Text("")), assistant(""), user("x")) == [{"role": "user", "content": "x"}]


def test_calls_without_the_extra_content_their_server_insists_on_get_a_stand_in() -> None:
    extra = {"google": {"thought_signature": "skip"}}
    calls = (ToolCall("a", "f", "{}"), ToolCall("b", "g", "{}"))
    signed = ToolCall("c", "f", "{}", {"extra_content": {"google": {"thought_signature": "s"}}})

    foreign, own = messages(
        assistant(*calls, provider="other"), assistant(signed), quirks={"extra_of_calls": extra}
    )

    assert [call.get("extra_content") for call in foreign["tool_calls"]] == [extra, None]
    assert own["tool_calls"][0]["extra_content"] == {"google": {"thought_signature": "s"}}
