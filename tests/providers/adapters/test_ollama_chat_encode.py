"""Our messages and parameters as Ollama takes them."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import Attachment, Structured, Thinking, ToolCall, ToolResult
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.adapters.ollama_chat import encode
from conduit_tui.providers.ollama_models import Shown, shown_model
from tests.providers.asking import CLOCK, assistant, message, request, user
from tests.servers.ollama_server import CHATS, shown

OLLAMA = Endpoint("ollama", "ollama", "http://127.0.0.1:11434", key_optional=True)
PIXEL = b"\x89PNG\r\n\x1a\npixel"
PICTURE = Attachment("image/png", PIXEL, "p.png")
THINKER = shown_model("test-model", CHATS)
PLAIN = shown_model("test-model", shown("completion"))
SEER = shown_model("test-model", shown("completion", "vision"))
GPT_OSS = shown_model("test-model", shown("completion", "thinking", family="gptoss"))
GIVEN = ToolCall("call_k", "now", '{"zone": "Oslo"}', {"ollama": {"id": "call_k"}})
MADE_UP = ToolCall("call_12ab_0", "now", '{"zone": "Oslo"}')


def own(*parts: Any, model: str = "test-model", provider: str = "ollama") -> Any:
    return message("assistant", *parts, provider=provider, model=model)


def messages_of(asked: Request, about: Shown | None = THINKER) -> Any:
    return encode(asked, OLLAMA, about)["messages"]


def test_an_ordinary_request_holds_nothing_that_was_not_asked_for() -> None:
    assert encode(request(), OLLAMA) == {
        "model": "test-model",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "truncate": False,
    }


def test_the_system_prompt_comes_first_and_turns_alternate() -> None:
    asked = request(user("a"), user("b", PICTURE), assistant("c"), user("d"), system_prompt="Be.")
    assert messages_of(asked, SEER) == [
        {"role": "system", "content": "Be."},
        {"role": "user", "content": "a\n\nb", "images": [base64.b64encode(PIXEL).decode()]},
        {"role": "assistant", "content": "c"},
        {"role": "user", "content": "d"},
    ]


def test_parameters_are_options() -> None:
    asked = request(temperature=0.5, top_p=0.9, max_tokens=7, seed=3, stop=("END",))
    assert encode(asked, OLLAMA)["options"] == {
        "temperature": 0.5,
        "top_p": 0.9,
        "num_predict": 7,
        "seed": 3,
        "stop": ["END"],
    }


def test_extra_fields_and_extra_options_join_the_others() -> None:
    extra = {"keep_alive": "10m", "options": {"top_k": 20}}
    body = encode(request(seed=3, extra=extra), OLLAMA)
    assert body["options"] == {"seed": 3, "top_k": 20}
    assert body["keep_alive"] == "10m"


@pytest.mark.parametrize(
    ("about", "params", "think"),
    [
        (None, {}, None),
        (PLAIN, {}, None),
        (THINKER, {}, True),
        (THINKER, {"effort": "high"}, True),
        (THINKER, {"effort": "none"}, False),
        (THINKER, {"thinking_tokens": 0}, False),
        (THINKER, {"thinking_tokens": 2000}, True),
        (GPT_OSS, {}, True),
        (GPT_OSS, {"effort": "low"}, "low"),
        (GPT_OSS, {"effort": "xhigh"}, "high"),
        (GPT_OSS, {"effort": "minimal"}, "low"),
        (None, {"effort": "medium"}, "medium"),
        (PLAIN, {"effort": "high"}, True),
    ],
)
def test_think_is_sent_to_models_that_do_or_when_asked_for(
    about: Shown | None, params: Any, think: Any
) -> None:
    assert encode(request(**params), OLLAMA, about).get("think") == think


def test_facts_of_the_request_count_where_the_server_says_nothing() -> None:
    facts = ModelFacts("test-model", has=frozenset({"reasoning"}))
    assert encode(replace(request(), facts=facts), OLLAMA)["think"] is True


@pytest.mark.parametrize(
    ("about", "endpoint", "are_offered"),
    [
        (THINKER, OLLAMA, True),
        (None, OLLAMA, True),
        (PLAIN, OLLAMA, False),
        (THINKER, replace(OLLAMA, takes_tools=False), False),
    ],
)
def test_tools_are_offered_but_to_models_that_have_none(
    about: Shown | None, endpoint: Endpoint, are_offered: bool
) -> None:
    body = encode(request(tools=(CLOCK,)), endpoint, about)
    function = {"name": "current_time", "description": "The time.", "parameters": CLOCK.schema}
    assert body.get("tools") == (
        [{"type": "function", "function": function}] if are_offered else None
    )


class TestToolsInTheHistory:
    """Calls and results, of this server and of others."""

    def test_ids_go_back_where_the_server_gave_them(self) -> None:
        asked = request(
            user("time?"), own("Well.", GIVEN), message("tool", ToolResult("call_k", "noon"))
        )
        arguments = {"zone": "Oslo"}
        assert messages_of(asked)[1:] == [
            {
                "role": "assistant",
                "content": "Well.",
                "tool_calls": [
                    {"id": "call_k", "function": {"name": "now", "arguments": arguments}}
                ],
            },
            {"role": "tool", "content": "noon", "tool_name": "now", "tool_call_id": "call_k"},
        ]

    def test_without_ids_results_are_told_by_the_tools_name(self) -> None:
        asked = request(
            user("time?"), own(MADE_UP), message("tool", ToolResult(MADE_UP.call_id, "noon"))
        )
        assert messages_of(asked)[1:] == [
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"function": {"name": "now", "arguments": {"zone": "Oslo"}}}],
            },
            {"role": "tool", "content": "noon", "tool_name": "now"},
        ]

    def test_calls_of_another_provider_are_sent_without_what_is_its_own(self) -> None:
        foreign = ToolCall("toolu_1", "now", "{}", {"anthropic": {"caller": "x"}})
        asked = request(
            user("time?"),
            own(Thinking("secret"), foreign, provider="anthropic"),
            message("tool", ToolResult("toolu_1", "no", is_error=True)),
        )
        assert messages_of(asked)[1:] == [
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"function": {"name": "now", "arguments": {}}}],
            },
            {"role": "tool", "content": "Error: no", "tool_name": "now"},
        ]

    def test_arguments_that_are_no_object_become_an_empty_one(self) -> None:
        asked = request(user("?"), own(ToolCall("c", "now", '{"a":')), user("!"))
        assert messages_of(asked)[1]["tool_calls"][0]["function"]["arguments"] == {}

    def test_a_model_without_tools_reads_results_as_words(self) -> None:
        asked = request(
            user("time?"), own("Well.", GIVEN), message("tool", ToolResult("call_k", "noon"))
        )
        assert messages_of(asked, PLAIN)[1:] == [
            {"role": "assistant", "content": "Well."},
            {"role": "user", "content": "Result of now:\nnoon"},
        ]


def test_thinking_goes_back_to_the_model_that_thought_it_and_to_no_other() -> None:
    asked = request(
        user("1"),
        own(Thinking("mine"), "a"),
        user("2"),
        own(Thinking("theirs"), "b", model="other-model"),
        user("3"),
        own(Thinking("far"), "c", provider="openai"),
        user("4"),
    )
    encoded = messages_of(asked)
    assert encoded[1] == {"role": "assistant", "content": "a", "thinking": "mine"}
    assert "theirs" not in str(encoded)
    assert "far" not in str(encoded)


def test_an_image_to_a_model_without_sight_is_said_and_so_is_a_file() -> None:
    pdf = Attachment("application/pdf", b"%PDF", "a.pdf")
    gif = Attachment("image/gif", b"GIF89a", "g.gif")
    (encoded,) = messages_of(request(user("see", PICTURE, pdf)), PLAIN)
    assert encoded["content"] == (
        "see\n\n(The file 'p.png', image/png, was left out: test-model takes no images.)"
        "\n\n(The file 'a.pdf', application/pdf, was left out: test-model takes no PDFs.)"
    )
    assert "images" not in encoded
    assert (
        "'g.gif', image/gif, was left out: test-model takes no GIF images."
        in messages_of(request(user(gif)), SEER)[0]["content"]
    )


def test_images_go_to_models_of_which_nothing_is_known() -> None:
    assert messages_of(request(user(PICTURE)), None)[0]["images"]


def test_text_files_are_text_with_a_fence_that_holds() -> None:
    file = Attachment("text/plain", b"```\ncode\n```\n", "a.md")
    data = Attachment("application/json", b"{}", "a.json")
    assert messages_of(request(user(file, data))) == [
        {
            "role": "user",
            "content": "a.md:\n````md\n```\ncode\n```\n````\n\na.json:\n```json\n{}\n```",
        }
    ]


def test_values_are_text_and_messages_with_nothing_to_send_are_left_out() -> None:
    value = Structured("person", {"name": "Ö"})
    asked = request(user("x"), own(Thinking("only")), own(value), user("y"))
    assert messages_of(asked)[1] == {"role": "assistant", "content": '{"name": "Ö"}'}


def test_lone_surrogates_become_what_utf8_has() -> None:
    assert messages_of(request(user("a\ud800")))[0]["content"] == "a\ufffd"


class TestContext:
    """`num_ctx`: asked for when the default would cut the conversation."""

    @staticmethod
    def num_ctx(
        characters: int, about: Shown | None = THINKER, least: int = 0, **fields: Any
    ) -> Any:
        asked = request(user("x" * characters), max_tokens=fields.pop("max_tokens", None))
        body = encode(asked, replace(OLLAMA, **fields), about, least)
        return body.get("options", {}).get("num_ctx")  # type: ignore[union-attr]

    def test_a_short_conversation_leaves_it_to_the_server(self) -> None:
        assert self.num_ctx(3, PLAIN) is None

    @pytest.mark.parametrize(
        ("characters", "size"), [(9_000, 8192), (30_000, 16384), (60_000, 32768), (10**6, 40960)]
    )
    def test_a_longer_one_gets_the_next_power_of_two_up_to_what_the_model_has(
        self, characters: int, size: int
    ) -> None:
        assert self.num_ctx(characters) == size

    def test_room_for_a_long_answer_counts(self) -> None:
        assert self.num_ctx(3, max_tokens=10_000) == 16384

    def test_once_larger_it_stays_so_that_the_model_stays_loaded(self) -> None:
        assert self.num_ctx(3, least=16384) == 16384

    def test_what_the_model_is_made_with_is_its_default(self) -> None:
        made = shown_model("test-model", shown("completion", parameters="num_ctx    16384"))
        assert self.num_ctx(30_000, made) is None
        assert self.num_ctx(60_000, made) == 32768

    def test_of_a_model_of_unknown_size_nothing_is_asked(self) -> None:
        assert self.num_ctx(10**6, None) is None

    def test_the_settings_are_sent_as_they_are_by_model_or_for_all(self) -> None:
        assert self.num_ctx(10**6, num_ctx={"": 5000}) == 5000
        assert self.num_ctx(3, num_ctx={"test-model:latest": 9000, "": 5000}) == 9000
        assert self.num_ctx(3, PLAIN, num_ctx={"other": 9000}) is None

    def test_images_count_too(self) -> None:
        pictures = request(user("see", *[PICTURE] * 4))
        options: Any = encode(pictures, OLLAMA, SEER)["options"]
        assert options["num_ctx"] == 16384
