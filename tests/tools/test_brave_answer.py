"""What Brave Search answers, and what something in its place may answer."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.endpoint import Secret
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.brave_answer import failure, read_results, results_text, without_key
from conduit_tui.tools.web_address import read_address
from conduit_tui.tools.web_client import Answer

BRAVE = read_address("https://api.search.brave.com/")
KEY = Secret("BSA-secret")


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(BRAVE, status, {k.replace("_", "-"): v for k, v in headers.items()}, data)


def with_results(*rows: object) -> Answer:
    return answer({"web": {"results": list(rows)}})


def test_tags_go_and_entities_become_letters_in_that_order() -> None:
    row = {
        "title": "A &amp; <strong>B</strong>",
        "url": "https://a.b/",
        "description": "x &lt;b&gt; 1 < 2\n <b>y</b> &#x202e;",
        "age": "1 day",
    }
    text = results_text(read_results(with_results(row)))
    assert text == "1. A & B (1 day)\n   https://a.b/\n   x <b> 1 < 2 y \u202e"


def test_rows_without_an_address_of_the_web_are_left_out() -> None:
    rows = [{"url": "javascript:x"}, {"url": 7}, {}, None, "x", {"url": "https://a.b/ c"}]
    assert read_results(with_results(*rows)) == ()
    assert results_text(()) == "Nothing was found."


def test_long_words_are_cut() -> None:
    row = {"title": "t" * 10_000, "url": "https://a.b/", "description": "d " * 100_000}
    assert len(results_text(read_results(with_results(row)))) < 1_000


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_object_is_told(body: bytes) -> None:
    with pytest.raises(ToolError, match="did not answer as Brave Search does"):
        read_results(answer(body))


@pytest.mark.parametrize("said", [{}, {"web": None}, {"web": {"results": {}}}, {"web": []}])
def test_an_answer_without_results_found_nothing(said: object) -> None:
    assert read_results(answer(said)) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["url", "title", "x"]), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read(value: object) -> None:
    results_text(read_results(with_results(value, {"url": "https://a.b/", "title": value})))
    failure(answer({"error": value}, 500))


@pytest.mark.parametrize(
    ("status", "said", "headers", "words"),
    [
        (401, {}, {}, "refuses the key in BRAVE_API_KEY (401)"),
        (403, {}, {}, "refuses the key in BRAVE_API_KEY (403)"),
        (422, {"code": "SUBSCRIPTION_TOKEN_INVALID"}, {}, "refuses the key"),
        (422, {"detail": "too <b>long</b>"}, {}, "does not take this search (422): too long."),
        (402, {}, {}, "paid"),
        (429, {}, {"retry_after": "7"}, "ask again in 7 s."),
        (429, {}, {"x_ratelimit_reset": "1, 1419704"}, "ask again in 1 s."),
        (429, {}, {"retry_after": "Thu, 01 Jan"}, "ask again later."),
        (500, {}, {}, "failed (500)"),
        (503, {}, {}, "failed (503)"),
        (302, {}, {"location": "https://evil.example"}, "not followed"),
        (418, {"detail": "teapot"}, {}, "answered 418: teapot."),
    ],
)
def test_failures_are_told_in_words(
    status: int, said: object, headers: dict[str, str], words: str
) -> None:
    assert words in failure(answer({"error": said}, status, **headers))


@pytest.mark.parametrize("key", [KEY, Secret("a+b/c&d=")])
def test_the_key_is_taken_out_of_texts_as_it_is_and_as_it_stands_in_an_address(key: Secret) -> None:
    text = f"bad key {key.reveal()}, https://a.example/?k={quote(key.reveal(), safe='')}"
    assert without_key(text, key) == "bad key ***, https://a.example/?k=***"
    assert without_key(text, Secret("")) == text
