import base64
from dataclasses import replace
from typing import Any

import pytest

from conduit_tui.core.errors import BadResponse
from conduit_tui.core.message import (
    Attachment,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request, ToolSpec
from conduit_tui.providers.adapters.google_generate import encode
from tests.providers.asking import CLOCK, assistant, endpoint, message, request, user

G3, G25, G2 = "gemini-3.5-flash", "gemini-2.5-pro", "gemini-2.0-flash"
DUMMY = "skip_thought_signature_validator"
WEATHER = ToolSpec(
    "weather",
    "The weather.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


def asked(*messages: Any, model: str = G3, facts: ModelFacts | None = None, **more: Any) -> Request:
    return replace(request(*messages, **more), model=model, facts=facts)


def body(*messages: Any, **more: Any) -> Any:
    return encode(asked(*messages, **more), endpoint())


def contents(*messages: Any, **more: Any) -> Any:
    return body(*messages, **more)["contents"]


def kept(start: int = 0, **part: Any) -> Any:
    return {"google": {"part": part, **({"start": start} if start else {})}}


def test_a_request_says_nothing_that_was_not_set() -> None:
    assert body(model=G2) == {
        "model": "models/gemini-2.0-flash",
        "contents": [{"role": "user", "parts": [{"text": "hello"}]}],
    }


def test_parameters_that_are_set_are_sent() -> None:
    given = body(temperature=0.0, top_p=0.5, stop=("END",), seed=7, max_tokens=9, model=G2)

    assert given["generationConfig"] == {
        "temperature": 0.0,
        "topP": 0.5,
        "maxOutputTokens": 9,
        "stopSequences": ["END"],
        "seed": 7,
    }


@pytest.mark.parametrize(
    ("model", "params", "config"),
    [
        (G3, {}, {"includeThoughts": True}),
        (G3, {"effort": "low"}, {"includeThoughts": True, "thinkingLevel": "LOW"}),
        (G3, {"effort": "none"}, {"includeThoughts": True, "thinkingLevel": "MINIMAL"}),
        (G3, {"effort": "max"}, {"includeThoughts": True, "thinkingLevel": "HIGH"}),
        (G3, {"thinking_tokens": 99}, {"includeThoughts": True, "thinkingBudget": 99}),
        (
            G3,
            {"effort": "high", "thinking_tokens": 9},
            {"includeThoughts": True, "thinkingLevel": "HIGH"},
        ),
        (
            "gemini-flash-latest",
            {"effort": "low"},
            {"includeThoughts": True, "thinkingLevel": "LOW"},
        ),
        (G25, {}, {"includeThoughts": True}),
        (G25, {"effort": "medium"}, {"includeThoughts": True, "thinkingBudget": 8192}),
        (G25, {"effort": "none"}, {"includeThoughts": True, "thinkingBudget": 128}),
        (G25, {"thinking_tokens": 512}, {"includeThoughts": True, "thinkingBudget": 512}),
        ("gemini-2.5-flash", {"effort": "none"}, {"includeThoughts": False, "thinkingBudget": 0}),
        (G2, {}, None),
        ("gemini-2.5-flash-image", {}, None),
        ("gemma-3-27b-it", {}, None),
    ],
)
def test_thinking_is_asked_for_in_the_way_of_the_model(
    model: str, params: Any, config: Any
) -> None:
    assert body(model=model, **params).get("generationConfig", {}).get("thinkingConfig") == config


def test_what_is_known_of_a_model_goes_before_its_name() -> None:
    thinker = ModelFacts("x", has=frozenset({"reasoning"}), thinking="budget")
    other = ModelFacts("x", lacks=frozenset({"reasoning"}))

    assert body(model=G3, facts=thinker, effort="low")["generationConfig"]["thinkingConfig"] == {
        "includeThoughts": True,
        "thinkingBudget": 1024,
    }
    assert "generationConfig" not in body(model=G3, facts=other)


def test_further_fields_join_what_is_there_and_win() -> None:
    extra = {"generationConfig": {"topK": 4, "seed": 2}, "cachedContent": "c"}

    given = body(model=G2, seed=1, temperature=0.5, extra=extra)

    assert given["generationConfig"] == {"temperature": 0.5, "seed": 2, "topK": 4}
    assert given["cachedContent"] == "c"


@pytest.mark.parametrize(
    ("model", "resource"),
    [("models/x", "models/x"), ("tunedModels/y", "tunedModels/y"), ("x", "models/x")],
)
def test_a_model_may_be_named_with_its_kind(model: str, resource: str) -> None:
    assert body(model=model)["model"] == resource


def test_system_words_stand_apart() -> None:
    given = body(message("system", "old"), user("hello"), system_prompt="Be brief.")

    assert given["systemInstruction"] == {"parts": [{"text": "Be brief."}, {"text": "old"}]}
    assert given["contents"] == [{"role": "user", "parts": [{"text": "hello"}]}]


def test_a_model_that_refuses_a_system_instruction_is_told_in_the_first_message() -> None:
    given = body(user("hello"), system_prompt="Be brief.", model="gemma-3-27b-it")

    assert "systemInstruction" not in given
    assert given["contents"][0]["parts"] == [{"text": "Be brief."}, {"text": "hello"}]


def test_messages_of_one_role_in_a_row_become_one_and_empty_ones_are_left_out() -> None:
    assert contents(user("one"), user(""), user("two"), assistant("three"), assistant("four")) == [
        {"role": "user", "parts": [{"text": "one"}, {"text": "two"}]},
        {"role": "model", "parts": [{"text": "three"}, {"text": "four"}]},
    ]


def test_nothing_to_send_is_said_in_words() -> None:
    with pytest.raises(BadResponse, match="nothing to send to 'local': write a message"):
        body(user(""), assistant(Thinking("hm")))


def test_tools_are_declared_by_their_json_schema() -> None:
    declared = body(tools=(CLOCK, WEATHER))["tools"]

    assert declared == [
        {
            "functionDeclarations": [
                {"name": "current_time", "description": "The time."},
                {
                    "name": "weather",
                    "description": "The weather.",
                    "parametersJsonSchema": WEATHER.schema,
                },
            ]
        }
    ]


def test_a_search_alone_is_a_tool_of_googles() -> None:
    given = body(search=True, model=G25)

    assert given["tools"] == [{"googleSearch": {}}]
    assert "toolConfig" not in given


def test_gemini_3_searches_and_calls_in_one_request() -> None:
    given = body(search=True, tools=(WEATHER,))

    assert [list(tool) for tool in given["tools"]] == [["functionDeclarations", "googleSearch"]]
    assert given["toolConfig"] == {"includeServerSideToolInvocations": True}


def test_its_predecessors_do_not_and_it_is_said_in_words() -> None:
    with pytest.raises(BadResponse, match=r"'gemini-2.5-pro' cannot search and call tools"):
        body(search=True, tools=(WEATHER,), model=G25)


def test_files_go_inline_and_text_as_text() -> None:
    image = Attachment("image/png", b"\x89PNG", "x.png")
    pdf = Attachment("application/pdf", b"%PDF", "x.pdf")
    audio = Attachment("audio/wav", b"RIFF", "x.wav")
    notes = Attachment("text/markdown", b"# Hi\n", "n.md")

    assert contents(user("Look", image, pdf, audio, notes))[0]["parts"] == [
        {"text": "Look"},
        *(
            {
                "inlineData": {
                    "mimeType": one.media_type,
                    "data": base64.b64encode(one.data).decode(),
                }
            }
            for one in (image, pdf, audio)
        ),
        {"text": "n.md:\n```md\n# Hi\n```"},
    ]


def test_what_the_model_cannot_take_is_named_instead() -> None:
    blind = ModelFacts("tiny", lacks=frozenset({"vision", "files"}))
    files = [
        Attachment("image/png", b"x", "a.png"),
        Attachment("application/pdf", b"x", "b.pdf"),
        Attachment("image/gif", b"x", "c.gif"),
        Attachment("application/zip", b"x", "d.zip"),
    ]

    assert [part["text"] for part in contents(user(*files), facts=blind)[0]["parts"]] == [
        "(The file 'a.png', image/png, was left out: tiny takes no images.)",
        "(The file 'b.pdf', application/pdf, was left out: tiny takes no PDFs.)",
        "(The file 'c.gif', image/gif, was left out: tiny takes no images.)",
        "(The file 'd.zip', application/zip, was left out: tiny takes no such files.)",
    ]


class TestHistories:
    """What goes back to Gemini, and what does not."""

    def test_signatures_go_back_in_exactly_their_places(self) -> None:
        parts = (
            Thinking("Hm. "),
            Text("One ", kept(thoughtSignature="t")),
            ToolCall("x1", "f", '{"a": 1}', kept(thoughtSignature="c", functionCall={"id": "x1"})),
            ToolCall("x2", "g", "{}", kept(functionCall={"id": "x2"})),
        )
        results = message("tool", ToolResult("x2", "no", is_error=True), ToolResult("x1", "yes"))

        assert contents(user("go"), assistant(*parts), results)[1:] == [
            {
                "role": "model",
                "parts": [
                    {"text": "One ", "thoughtSignature": "t"},
                    {
                        "functionCall": {"name": "f", "args": {"a": 1}, "id": "x1"},
                        "thoughtSignature": "c",
                    },
                    {"functionCall": {"name": "g", "args": {}, "id": "x2"}},
                ],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"id": "x1", "name": "f", "response": {"output": "yes"}}},
                    {"functionResponse": {"id": "x2", "name": "g", "response": {"error": "no"}}},
                ],
            },
        ]

    def test_text_before_a_signed_part_stays_a_part_of_its_own(self) -> None:
        told = Text("Hello", kept(5, thoughtSignature="s"))

        assert contents(user("go"), assistant(told))[1]["parts"] == [
            {"text": "Hello"},
            {"text": "", "thoughtSignature": "s"},
        ]

    def test_a_signed_thought_goes_back_and_an_unsigned_one_does_not(self) -> None:
        thought = Thinking("unsigned signed", kept(9, thoughtSignature="s"))

        assert contents(user("go"), assistant(Thinking("hm"), thought, "x"))[1]["parts"] == [
            {"text": "signed", "thought": True, "thoughtSignature": "s"},
            {"text": "x"},
        ]

    def test_code_results_and_unknown_parts_go_back_whole(self) -> None:
        raw: Any = {"executableCode": {"code": "1"}, "thoughtSignature": "s"}

        assert contents(user("go"), assistant(Unknown(raw)))[1]["parts"] == [raw]

    def test_an_image_of_its_own_goes_back_with_its_signature(self) -> None:
        image = Attachment("image/png", b"x", "image-1.png", kept(thoughtSignature="s"))
        draft = Attachment("image/png", b"y", "thought-2.png", kept(thought=True))

        assert contents(user("go"), assistant(image, draft))[1]["parts"] == [
            {"inlineData": {"mimeType": "image/png", "data": "eA=="}, "thoughtSignature": "s"}
        ]

    def test_words_of_ours_are_not_sent_as_the_models(self) -> None:
        note = Text("Google blocked this prompt.", {"google": {"note": True}})

        assert contents(user("a"), assistant(note), user("b")) == [
            {"role": "user", "parts": [{"text": "a"}, {"text": "b"}]}
        ]

    def test_of_another_vendor_come_text_and_calls_with_the_documented_stand_in(self) -> None:
        data: Any = {"anthropic": {"signature": "a"}, "google": {"part": {"thoughtSignature": "g"}}}
        parts = (
            Thinking("secret", data),
            Text("Hi", data),
            ToolCall("toolu_1", "a b:c", '{"q": 1}', data),
            ToolCall("toolu_2", "g", "{cut", data),
            Unknown({"type": "redacted_thinking"}, data),
            Structured("s", {"n": 1}),
        )
        results = message("tool", ToolResult("toolu_1", "1"), ToolResult("toolu_2", "2"))

        assert contents(user("go"), assistant(*parts, provider="anthropic"), results)[1:] == [
            {
                "role": "model",
                "parts": [
                    {"text": "Hi"},
                    {
                        "functionCall": {"name": "a_b_c", "args": {"q": 1}},
                        "thoughtSignature": DUMMY,
                    },
                    {"functionCall": {"name": "g", "args": {}}},
                    {"text": '{"n": 1}'},
                ],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"name": "a_b_c", "response": {"output": "1"}}},
                    {"functionResponse": {"name": "g", "response": {"output": "2"}}},
                ],
            },
        ]

    def test_ids_that_come_again_in_another_message_are_told_apart(self) -> None:
        history = [
            *(user("go"), assistant(ToolCall("call_0", "f", "{}"), provider="other")),
            *(message("tool", ToolResult("call_0", "1")), assistant(ToolCall("call_0", "g", "{}"))),
            message("tool", ToolResult("call_0", "2")),
        ]

        names = [one["parts"][0]["functionResponse"]["name"] for one in contents(*history)[2::2]]

        assert names == ["f", "g"]

    def test_models_before_gemini_3_need_no_stand_in(self) -> None:
        call = ToolCall("c", "f", "{}")

        parts = contents(user("go"), assistant(call, provider="openai"), model=G25)[1]["parts"]

        assert parts == [{"functionCall": {"name": "f", "args": {}}}]

    def test_a_call_of_an_older_gemini_gets_it_too(self) -> None:
        call = ToolCall("c", "f", "{}")

        assert contents(user("go"), assistant(call))[1]["parts"][0]["thoughtSignature"] == DUMMY

    def test_where_tools_are_off_results_are_told_as_words(self) -> None:
        history = (user("go"), assistant("x", ToolCall("c", "f", "{}")))
        given = encode(
            asked(*history, message("tool", ToolResult("c", "1"))), endpoint(takes_tools=False)
        )

        assert given["contents"][1:] == [  # pyright: ignore
            {"role": "model", "parts": [{"text": "x"}]},
            {"role": "user", "parts": [{"text": "Result of f:\n1"}]},
        ]


def test_lone_surrogates_are_replaced_everywhere() -> None:
    given = body(user("a\ud800"), assistant(ToolCall("c", "f", '{"x": "\\ud800"}')))

    assert given["contents"][0]["parts"] == [{"text": "a\ufffd"}]
    assert given["contents"][1]["parts"][0]["functionCall"]["args"] == {"x": "\ufffd"}
