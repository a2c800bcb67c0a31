import pytest

from conduit_tui.providers.overlong import overlong


@pytest.mark.parametrize(
    ("words", "tokens", "window"),
    [
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted "
            "in 9,001 tokens. Please reduce the length of the messages.",
            9001,
            8192,
        ),
        (
            "This model's maximum context length is 65536 tokens. However, you requested 70000 "
            "tokens (66000 in the messages, 4000 in the completion).",
            70000,
            65536,
        ),
        (
            "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in "
            "300000 tokens.",
            300000,
            272000,
        ),
        ("prompt is too long: 213456 tokens > 200000 maximum", 213456, 200000),
        (
            "input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000, "
            "decrease input length or `max_tokens` and try again",
            211333,
            200000,
        ),
        (
            "The input token count (1,048,577) exceeds the maximum number of tokens allowed "
            "(1,048,576).",
            1048577,
            1048576,
        ),
        (
            "The input token count exceeds the maximum number of tokens allowed 1048576.",
            None,
            1048576,
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 0 output "
            "tokens and your prompt contains at least 4097 input tokens, for a total of at least "
            "4097 tokens.",
            4097,
            4096,
        ),
        (
            "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
            5000,
            4096,
        ),
        (
            "request (5000 tokens) exceeds the available context size (4096 tokens), try "
            "increasing it",
            5000,
            4096,
        ),
        (
            "Trying to keep the first 6000 tokens when context the overflows. However, the model "
            "is loaded with context length of only 4096 tokens, which is not enough.",
            6000,
            4096,
        ),
        (
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 "
            "maximum context length",
            40000,
            32768,
        ),
        (
            "This endpoint's maximum context length is 131072 tokens. However, you requested about "
            "150000 tokens (149000 of text input, 1000 in the output).",
            150000,
            131072,
        ),
        (
            "This model's maximum prompt length is 131072 but the request contains 150000 tokens.",
            150000,
            131072,
        ),
        (
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: "
            "5000 `inputs` tokens and 512 `max_new_tokens`",
            5000,
            4097,
        ),
        ("Current length is 9000 while limit is 8192", 9000, 8192),
        ("The prompt is too long: 9000, model maximum context length: 8192", 9000, 8192),
        ("prompt token count of 200000 exceeds the limit of 128000", 200000, 128000),
        ("Your input exceeds the context window of this model.", None, None),
        ("", None, None),
    ],
)
def test_the_sentences_of_vendors(words: str, tokens: int | None, window: int | None) -> None:
    assert overlong(words, None) == (tokens, window)


def test_fields_of_the_error_go_before_its_words() -> None:
    error = {"n_prompt_tokens": 12, "n_ctx": 8, "message": "the request exceeds"}

    assert overlong("the request exceeds", error) == (12, 8)
