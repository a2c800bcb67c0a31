import base64
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request, ToolSpec
from conduit_tui.providers.adapters import anthropic_messages
from tests.providers.asking import CLOCK, endpoint, message, user
from tests.servers.anthropic_scripts import CITED, FOUND, SEARCH

MODEL = "claude-sonnet-4-5"
SIGNED = {"anthropic": {"signature": "c2ln"}}
MARK = {"type": "ephemeral"}
PLAIN = {"no_cache_marks": True}


def claude(*parts: Any, **fields: Any) -> Message:
    """A message that the model under test made."""
    given = {"provider": "local", "model": MODEL, "params": Params()}
    return message("assistant", *parts, **(given | fields))


def asked(
    *messages: Message,
    model: str = MODEL,
    tools: tuple[ToolSpec, ...] = (),
    facts: ModelFacts | None = None,
    **params: Any,
) -> Request:
    return Request(model, messages or (user("hello"),), Params(**params), tools, facts)


def encode(request: Request, to: Endpoint | None = None) -> Any:
    return anthropic_messages.encode(request, to or endpoint(quirks=PLAIN))


def sent(*messages: Message, **options: Any) -> Any:
    return encode(asked(*messages, **options))["messages"]


def contents(*messages: Message, **options: Any) -> list[Any]:
    return [one["content"] for one in sent(*messages, **options)]


def said(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def test_a_request_asks_for_a_stream_a_limit_and_nothing_that_was_not_set() -> None:
    assert encode(asked()) == {
        "model": MODEL,
        "max_tokens": 64_000,
        "messages": [{"role": "user", "content": [said("hello")]}],
        "stream": True,
    }


def test_parameters_that_are_set_are_sent() -> None:
    body = encode(asked(temperature=0.0, stop=("END", " "), max_tokens=9, seed=7))

    assert {name: body[name] for name in body if name not in {"model", "messages"}} == {
        "stream": True,
        "temperature": 0.0,
        "stop_sequences": ["END"],
        "max_tokens": 9,
    }


def test_extra_parameters_have_the_last_word() -> None:
    body = encode(asked(temperature=0.5, extra={"temperature": 1, "top_k": 4}))

    assert (body["temperature"], body["top_k"]) == (1, 4)


def test_an_effort_and_a_format_asked_for_go_together() -> None:
    form = {"type": "json_schema", "schema": {}}
    extra = {"output_config": {"format": form}}

    body = encode(asked(model="claude-opus-5-5", effort="low", extra=extra))

    assert body["output_config"] == {"effort": "low", "format": form}


class TestLimits:
    """`max_tokens` is always sent."""

    @pytest.mark.parametrize(
        ("model", "facts", "limit"),
        [
            ("claude-opus-5-5", None, 128_000),
            ("claude-3-5-haiku-20241022", None, 8_192),
            ("anything", None, 8_192),
            ("anything", ModelFacts("anything", max_output_tokens=500), 500),
            ("claude-opus-5-5", ModelFacts("claude-opus-5-5", max_output_tokens=500), 500),
        ],
    )
    def test_without_a_limit_the_models_own_is_sent(
        self, model: str, facts: ModelFacts | None, limit: int
    ) -> None:
        assert encode(asked(model=model, facts=facts))["max_tokens"] == limit


class TestThinking:
    """An effort for newer models, a budget for older ones."""

    @pytest.mark.parametrize(
        ("model", "params", "thinking", "effort"),
        [
            ("claude-opus-4-6", {}, None, None),
            ("claude-opus-5-5", {}, "adaptive", None),
            ("claude-opus-4-6", {"effort": "low"}, "adaptive", "low"),
            ("claude-opus-4-6", {"effort": "minimal"}, "adaptive", "low"),
            ("claude-opus-4-6", {"effort": "none"}, None, None),
            ("claude-opus-5-5", {"effort": "none"}, None, "low"),
            ("claude-opus-4-8", {"thinking_tokens": 5_000}, "adaptive", "medium"),
            ("claude-opus-4-8", {"thinking_tokens": 50_000}, "adaptive", "high"),
            ("claude-opus-4-8", {"thinking_tokens": 0}, None, None),
        ],
    )
    def test_newer_models_decide_by_an_effort(
        self, model: str, params: Any, thinking: str | None, effort: str | None
    ) -> None:
        body = encode(asked(model=model, **params))

        shown = {"type": thinking, "display": "summarized"} if thinking else None
        assert body.get("thinking") == shown
        assert body.get("output_config") == ({"effort": effort} if effort else None)

    @pytest.mark.parametrize(
        ("model", "params", "budget", "limit"),
        [
            (MODEL, {}, None, 64_000),
            (MODEL, {"effort": "low"}, 4_096, 64_000),
            (MODEL, {"effort": "none"}, None, 64_000),
            (MODEL, {"thinking_tokens": 3_000}, 3_000, 64_000),
            (MODEL, {"thinking_tokens": 10}, 1_024, 64_000),
            (MODEL, {"thinking_tokens": 10_000, "max_tokens": 10_001}, 10_000, 10_001),
            (MODEL, {"thinking_tokens": 10_000, "max_tokens": 10_000}, 5_000, 10_000),
            (MODEL, {"effort": "max", "max_tokens": 1_024}, None, 1_024),
            (MODEL, {"thinking_tokens": 90_000}, 32_000, 64_000),
            ("claude-3-5-sonnet-latest", {"effort": "high"}, None, 8_192),
            ("glm-5", {"effort": "high"}, 16_384, 24_576),
        ],
    )
    def test_older_models_get_a_budget_below_the_limit(
        self, model: str, params: Any, budget: int | None, limit: int
    ) -> None:
        body = encode(asked(model=model, **params))

        wanted = {"type": "enabled", "budget_tokens": budget} if budget else None
        assert body.get("thinking") == wanted
        assert body["max_tokens"] == limit

    def test_what_is_known_of_a_model_counts_more_than_its_name(self) -> None:
        facts = ModelFacts(MODEL, thinking="adaptive")

        assert encode(asked(facts=facts, effort="high"))["thinking"]["type"] == "adaptive"

    def test_a_budget_is_not_sent_where_the_calls_before_came_without_thinking(self) -> None:
        foreign = message("assistant", ToolCall("c", "f", "{}"), provider="openai")
        own = claude(Thinking("hm", SIGNED), ToolCall("c", "f", "{}"))
        answer = message("tool", ToolResult("c", "x"))

        assert "thinking" not in encode(asked(user("q"), foreign, answer, effort="low"))
        assert "thinking" in encode(asked(user("q"), own, answer, effort="low"))


class TestSampling:
    """Temperature and top_p, where they are not refused."""

    @pytest.mark.parametrize(
        ("model", "params", "kept"),
        [
            (MODEL, {"temperature": 0.3, "top_p": 0.5}, {"temperature": 0.3}),
            (MODEL, {"top_p": 0.5}, {"top_p": 0.5}),
            (MODEL, {"temperature": 0.3, "effort": "low"}, {}),
            ("claude-sonnet-4-6", {"temperature": 0.3}, {"temperature": 0.3}),
            ("claude-opus-4-7", {"temperature": 0.3, "top_p": 0.5}, {}),
            ("claude-opus-5-5", {"temperature": 0.3, "effort": "none"}, {}),
        ],
    )
    def test_what_a_model_refuses_is_not_sent(self, model: str, params: Any, kept: Any) -> None:
        body = encode(asked(model=model, **params))

        assert {k: v for k, v in body.items() if k in {"temperature", "top_p"}} == kept

    def test_what_is_known_to_be_refused_is_not_sent(self) -> None:
        facts = ModelFacts(MODEL, refuses=frozenset({"temperature"}))

        assert "temperature" not in encode(asked(facts=facts, temperature=1.0))


def test_the_system_prompt_and_imported_system_messages_stand_apart() -> None:
    body = encode(asked(message("system", "old"), user("hello"), system_prompt="Be brief."))

    assert body["system"] == "Be brief.\n\nold"
    assert body["messages"] == [{"role": "user", "content": [said("hello")]}]


def test_tools_are_offered_with_their_schema() -> None:
    assert encode(asked(tools=(CLOCK,)))["tools"] == [
        {
            "name": "current_time",
            "description": "The time.",
            "input_schema": {"type": "object", "properties": {}},
        }
    ]


def test_an_endpoint_that_takes_no_tools_is_offered_none_and_told_results_in_words() -> None:
    body = encode(
        asked(
            user("time?"),
            claude("Looking.", ToolCall("c1", "current_time", "{}")),
            message("tool", ToolResult("c1", "noon", is_error=True)),
            tools=(CLOCK,),
        ),
        endpoint(takes_tools=False, quirks=PLAIN),
    )

    assert "tools" not in body
    assert body["messages"][1:] == [
        {"role": "assistant", "content": [said("Looking.")]},
        {"role": "user", "content": [said("Result of current_time:\nError: noon")]},
    ]


class TestCacheMarks:
    """At most four, on what stays the same."""

    def body(self, *messages: Message, **options: Any) -> Any:
        return encode(asked(*messages, **options), endpoint())

    def test_tools_system_and_the_last_two_turns_of_the_person_are_marked(self) -> None:
        line = (user("one"), claude("two"), user("three"), claude("four"), user("five", "six"))
        body = self.body(*line, tools=(CLOCK,), system_prompt="Be brief.")

        assert body["tools"][-1]["cache_control"] == MARK
        assert body["system"] == [{**said("Be brief."), "cache_control": MARK}]
        marked = [
            block["text"]
            for one in body["messages"]
            for block in one["content"]
            if "cache_control" in block
        ]
        assert marked == ["three", "six"]
        assert json.dumps(body).count("cache_control") == 4

    def test_another_answer_to_the_same_words_finds_what_the_first_request_wrote(self) -> None:
        before = (user("one"), claude("two"), user("three"))
        first = self.body(*before)["messages"]
        forked = self.body(*before, claude("four"), user("five"))["messages"]

        assert forked[: len(first)][-1] == first[-1]

    def test_a_first_question_has_one(self) -> None:
        assert json.dumps(self.body(user("one"))).count("cache_control") == 1

    def test_a_result_of_a_tool_can_bear_one(self) -> None:
        call = claude(ToolCall("c", "f", "{}"))
        body = self.body(user("q"), call, message("tool", ToolResult("c", "x")), tools=(CLOCK,))

        assert body["messages"][-1]["content"][-1]["cache_control"] == MARK


class TestAttachments:
    """Images, PDF files and text."""

    @pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
    def test_an_image_is_sent_in_base64(self, kind: str) -> None:
        image = Attachment(f"image/{kind}", b"\x89PNG", "x")

        data = base64.b64encode(image.data).decode()
        assert contents(user(image, "What is it?")) == [
            [
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": f"image/{kind}", "data": data},
                },
                said("What is it?"),
            ]
        ]

    def test_a_pdf_is_a_document(self) -> None:
        (((block,)),) = contents(user(Attachment("application/pdf", b"%PDF", "report.pdf")))

        assert (block["type"], block["title"]) == ("document", "report.pdf")
        assert block["source"]["media_type"] == "application/pdf"

    def test_text_is_text(self) -> None:
        notes = Attachment("text/markdown", b"# Notes", "notes.md")

        assert contents(user(notes)) == [[said("notes.md:\n```md\n# Notes\n```")]]

    @pytest.mark.parametrize(
        ("part", "lacks", "words"),
        [
            (Attachment("image/png", b"x", "x.png"), "vision", "takes no images"),
            (Attachment("application/pdf", b"x", "x.pdf"), "files", "takes no PDFs"),
            (Attachment("image/tiff", b"x", "x.tiff"), "audio", "'x.tiff', image/tiff, was left"),
        ],
    )
    def test_what_a_model_cannot_take_is_told_in_words(
        self, part: Attachment, lacks: Any, words: str
    ) -> None:
        facts = ModelFacts(MODEL, lacks=frozenset({lacks}))

        ((block,),) = contents(user(part), facts=facts)

        assert words in block["text"]

    def test_a_file_that_a_model_made_is_named(self) -> None:
        made = claude("Here.", Attachment("image/png", b"x", "cat.png"))

        assert contents(user("draw"), made, user("thanks"))[1] == [
            said("Here."),
            said("(The file 'cat.png', image/png, was made here and is not sent again.)"),
        ]


class TestTurns:
    """Users and assistants take turns, and the user has the first and the last word."""

    def test_messages_of_one_role_in_a_row_become_one(self) -> None:
        line = (user("one"), user("two"), claude("three"), claude("four"), user("five"))

        assert [(one["role"], len(one["content"])) for one in sent(*line)] == [
            ("user", 2),
            ("assistant", 2),
            ("user", 1),
        ]

    def test_blank_text_is_left_out(self) -> None:
        assert contents(user("", "x", " \n"), claude("\n\n"), user("y")) == [[said("x"), said("y")]]

    def test_the_assistants_words_are_not_gone_on_with(self) -> None:
        assert sent(user("one"), claude("two"))[-1] == {
            "role": "user",
            "content": [said("Continue.")],
        }

    def test_a_paused_message_goes_back_as_it_is(self) -> None:
        paused = claude(
            "Looking.",
            Unknown({**SEARCH, "input": {"query": "x"}}, {"anthropic": {}}),
            stop="pause_turn",
        )

        last = sent(user("one"), paused)[-1]

        assert last["role"] == "assistant"
        assert [block["type"] for block in last["content"]] == ["text", "server_tool_use"]

    def test_what_came_after_a_pause_joins_what_came_before(self) -> None:
        line = sent(user("one"), claude("two", stop="pause_turn"), claude("three"), user("four"))

        assert [one["role"] for one in line] == ["user", "assistant", "user"]

    def test_a_conversation_that_the_assistant_began_gets_a_beginning(self) -> None:
        assert sent(claude("Welcome."), user("hi"))[0]["role"] == "user"

    def test_nothing_to_send_is_still_a_request(self) -> None:
        assert contents(user("")) == [[said("Continue.")]]


class TestTools:
    """Calls and their results."""

    def test_results_of_parallel_calls_go_in_one_message(self) -> None:
        line = sent(
            user("time?"),
            claude("Hm.", ToolCall("c1", "f", '{"zone": "UTC"}'), ToolCall("c2", "g", "")),
            message(
                "tool",
                ToolResult("c1", "noon"),
                ToolResult("c2", "no such file", is_error=True),
            ),
            user("thanks"),
        )

        assert line[1:] == [
            {
                "role": "assistant",
                "content": [
                    said("Hm."),
                    {"type": "tool_use", "id": "c1", "name": "f", "input": {"zone": "UTC"}},
                    {"type": "tool_use", "id": "c2", "name": "g", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "c1", "content": "noon"},
                    {
                        "type": "tool_result",
                        "tool_use_id": "c2",
                        "content": "no such file",
                        "is_error": True,
                    },
                    said("thanks"),
                ],
            },
        ]

    def test_an_empty_result_has_no_content(self) -> None:
        call = claude(ToolCall("c", "f", "{}"))

        assert contents(user("q"), call, message("tool", ToolResult("c", "")))[2] == [
            {"type": "tool_result", "tool_use_id": "c"}
        ]

    def test_a_result_without_its_call_is_left_out(self) -> None:
        assert contents(user("q"), message("tool", ToolResult("c", "x"))) == [[said("q")]]

    @pytest.mark.parametrize("broken", ['{"a": ', "[1]", "not json"])
    def test_arguments_that_are_no_object_are_sent_as_an_empty_one(self, broken: str) -> None:
        call = claude(ToolCall("c", "f", broken))

        blocks = contents(user("q"), call, message("tool", ToolResult("c", "x")))[1]

        assert blocks[0]["input"] == {}

    def test_ids_of_other_vendors_are_made_to_fit_the_same_way_every_time(self) -> None:
        def turn(call_id: str) -> tuple[Message, Message]:
            call = message("assistant", ToolCall(call_id, "f", "{}"), provider="other")
            return call, message("tool", ToolResult(call_id, "x"))

        line = (user("q"), *turn("functions.f:0"), *turn("call_1"), *turn("call_1"), *turn(""))
        blocks = [block for one in contents(*line) for block in one]
        asked_ids = [block["id"] for block in blocks if block["type"] == "tool_use"]
        answered = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]

        assert asked_ids == answered
        assert len(set(asked_ids)) == 4
        assert asked_ids[1:3] == ["call_1", "call_1_2"]
        assert all(re.fullmatch(r"[a-zA-Z0-9_-]+", each) for each in asked_ids)
        assert contents(*line) == contents(*line)

    def test_names_are_made_to_fit_and_stay_apart(self) -> None:
        tools = tuple(ToolSpec(name, "", {"type": "object"}) for name in ("a.b", "a/b", "x" * 90))

        names = [tool["name"] for tool in encode(asked(tools=tools))["tools"]]

        assert len(set(names)) == 3
        assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in names)

    def test_calls_in_a_conversation_need_tools_to_be_defined(self) -> None:
        body = encode(
            asked(
                user("q"), claude(ToolCall("c", "f", "{}")), message("tool", ToolResult("c", "x"))
            )
        )

        assert [tool["name"] for tool in body["tools"]] == ["f"]
        assert body["tool_choice"] == {"type": "none"}

    def test_the_servers_search_takes_the_place_of_ours(self) -> None:
        ours = ToolSpec("web_search", "", {"type": "object"})

        tools = encode(asked(tools=(ours, CLOCK), search=True))["tools"]

        assert [tool.get("type") or tool["name"] for tool in tools] == [
            "current_time",
            "web_search_20250305",
        ]

    def test_a_model_known_not_to_search_is_offered_no_search(self) -> None:
        facts = ModelFacts(MODEL, lacks=frozenset({"search"}))

        assert "tools" not in encode(asked(facts=facts, search=True))


class TestOwnHistory:
    """What Anthropic must get back unchanged, and nobody else gets."""

    SEARCHED = Unknown({**SEARCH, "input": {"query": "Oslo"}}, {"anthropic": {}})
    FOUND = Unknown(
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [FOUND]},
        {"anthropic": {}},
    )
    REDACTED = Unknown({"type": "redacted_thinking", "data": "ZGF0YQ=="}, {"anthropic": {}})

    def test_thinking_goes_back_signed_and_in_its_place(self) -> None:
        call = ToolCall("c", "f", "{}", {"anthropic": {"caller": {"type": "direct"}}})
        made = claude(
            Thinking("hm", SIGNED), self.REDACTED, "Let me see.", Thinking("", SIGNED), call
        )

        assert contents(user("q"), made, message("tool", ToolResult("c", "x")))[1] == [
            {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
            self.REDACTED.raw,
            said("Let me see."),
            {"type": "thinking", "thinking": "", "signature": "c2ln"},
            {
                "type": "tool_use",
                "id": "c",
                "name": "f",
                "input": {},
                "caller": {"type": "direct"},
            },
        ]

    @pytest.mark.parametrize(
        "changed",
        [
            {"provider": "other"},
            {"model": "claude-opus-4-5"},
            {"params": Params(system_prompt="Be loud.")},
            {"params": Params(tools=("f",))},
            {"params": Params(search=True)},
        ],
    )
    def test_thinking_goes_only_to_its_model_and_only_after_the_same_words(
        self, changed: Any
    ) -> None:
        made = replace(claude(Thinking("hm", SIGNED), self.REDACTED, "x"), **changed)

        assert contents(user("q"), made, user("r"))[1] == [said("x")]

    @pytest.mark.parametrize("changed", [{"model": "glm-5"}, {"params": Params(search=True)}])
    def test_the_models_of_others_get_their_thinking_back_whatever_changed(
        self, changed: Any
    ) -> None:
        made = replace(claude(Thinking("hm", {"anthropic": {}}), "x", model="glm-4"), **changed)
        line = (user("q"), made, user("r"))

        assert contents(*line, model="glm-4")[1] == [
            {"type": "thinking", "thinking": "hm"},
            said("x"),
        ]
        assert contents(*line, model=MODEL)[1] == [said("x")]

    def test_thinking_that_was_cut_short_is_left_out(self) -> None:
        made = claude(Thinking("hm"), "x", status="interrupted")

        assert contents(user("q"), made, user("r"))[1] == [said("x")]

    def test_other_vendors_thinking_and_raw_parts_are_left_out(self) -> None:
        theirs = claude(
            Thinking("hm", {"google": {"signature": "s"}}),
            Unknown({"type": "x"}, {"google": {}}),
            "x",
        )

        assert contents(user("q"), theirs, user("r"))[1] == [said("x")]

    def test_a_search_goes_back_whole_with_the_text_in_the_blocks_it_came_in(self) -> None:
        blocks = [
            {"length": 14, "citations": []},
            {"length": 17, "citations": [CITED]},
            {"length": 1, "citations": []},
        ]
        text = Text("As it stands, Oslo is in Norway.", {"anthropic": {"blocks": blocks}})
        made = claude("I look.", self.SEARCHED, self.FOUND, text, Citation("https://e.org", "E"))

        assert contents(user("q"), made, user("r"))[1] == [
            said("I look."),
            self.SEARCHED.raw,
            self.FOUND.raw,
            said("As it stands, "),
            {**said("Oslo is in Norway"), "citations": [CITED]},
            said("."),
        ]

    def test_text_that_does_not_add_up_goes_back_in_one_block(self) -> None:
        text = Text("abc", {"anthropic": {"blocks": [{"length": 2}, {"length": "1"}]}})

        assert contents(user("q"), claude(text), user("r"))[1] == [said("abc")]

    @pytest.mark.parametrize(
        "fields",
        [{"status": "interrupted"}, {"stop": "max_tokens"}, {"stop": "pause_turn"}],
    )
    def test_a_search_whose_result_never_came_is_left_out(self, fields: Any) -> None:
        made = claude("I look.", self.SEARCHED, **fields)

        assert contents(user("q"), made, user("r"))[1] == [said("I look.")]

    def test_without_the_program_that_made_them_calls_are_left_out_or_the_models_own(self) -> None:
        by: Any = {"caller": {"type": "code_execution_20260120", "tool_id": "p"}}
        program, looked, seen, ended = (
            Unknown(raw, {"anthropic": {}})
            for raw in (
                {"type": "server_tool_use", "id": "p"},
                {"type": "server_tool_use", "id": "w", **by},
                {"type": "web_search_tool_result", "tool_use_id": "w", **by},
                {"type": "code_execution_tool_result", "tool_use_id": "p"},
            )
        )
        call: Any = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
        ours = ToolCall("c", "f", "{}", {"anthropic": by})
        made = claude("I try.", program, looked, seen, ours, stop="tool_calls")
        line = (user("q"), made, message("tool", ToolResult("c", "x")))
        whole = [said("I try."), program.raw, looked.raw, seen.raw, call | by]

        assert contents(*line)[1] == whole
        assert contents(*line, user("r"))[1] == [said("I try."), call]
        assert contents(*line, claude(ended, "Done."), user("r"))[1] == whole

    def test_a_search_whose_result_came_after_a_pause_goes_back_with_it(self) -> None:
        paused, found = claude(self.SEARCHED, stop="pause_turn"), claude(self.FOUND, "Cold.")

        assert contents(user("q"), paused, found, user("r"))[1] == [
            self.SEARCHED.raw,
            self.FOUND.raw,
            said("Cold."),
        ]

    def test_a_search_may_wait_for_its_result_while_our_tool_is_answered(self) -> None:
        made = claude(self.SEARCHED, ToolCall("c", "f", "{}"), stop="tool_calls")

        blocks = contents(user("q"), made, message("tool", ToolResult("c", "x")))[1]

        assert [block["type"] for block in blocks] == ["server_tool_use", "tool_use"]

    def test_to_another_of_this_wire_only_words_and_calls_go(self) -> None:
        blocks = [{"length": 1, "citations": [CITED]}]
        text = Text("x", {"anthropic": {"blocks": blocks}})
        made = claude(Thinking("hm", SIGNED), self.SEARCHED, self.FOUND, text, provider="other")

        assert contents(user("q"), made, user("r"))[1] == [said("x")]


def test_thinking_behind_which_nothing_is_left_is_left_out_too() -> None:
    """A message may not end with it, as one would whose call was cut off."""
    kept = claude(Thinking("a", SIGNED), Text("I look."), Thinking("b", SIGNED))
    assert [block["type"] for block in contents(user("hello"), kept, user("and?"))[1]] == [
        "thinking",
        "text",
    ]
    alone = claude(Thinking("a", SIGNED))
    assert sent(user("hello"), alone, user("and?")) == [
        {"role": "user", "content": [said("hello"), said("and?")]}
    ]


def test_a_paused_message_may_end_with_thinking() -> None:
    paused = claude(Text("I look."), Thinking("b", SIGNED), stop="pause_turn")
    assert [block["type"] for block in contents(user("hello"), paused)[1]] == ["text", "thinking"]


def test_a_structured_value_is_sent_as_json() -> None:
    value = claude(Structured("answer", {"n": 1}))

    assert contents(user("q"), value, user("r"))[1] == [said('{"n": 1}')]


def test_lone_surrogates_become_replacement_characters_everywhere() -> None:
    body = encode(
        asked(
            user("a\ud800b", Attachment("text/plain", b"x", "n\udcff.txt")),
            claude(ToolCall("c\ud800", "f\ud800", '{"k": "\udc00"}')),
            message("tool", ToolResult("c\ud800", "\udfff")),
            system_prompt="\ud83e\udded",
        )
    )

    text = json.dumps(body, ensure_ascii=False)
    text.encode()
    assert body["system"] == "🧭"
    assert text.count("\ufffd") == 4
