"""What a model does not see is known, and told."""

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import Attachment
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.sight import is_left_out, left_out_words

IMAGE = Attachment("image/png", b"", "a.png")
MOVING = Attachment("image/gif", b"", "a.gif")
PAPER = Attachment("application/pdf", b"", "a.pdf")
SOUND = Attachment("audio/wav", b"", "a.wav")
WORDS = Attachment("text/plain", b"", "a.txt")
LOCAL = Endpoint("local", "openai-chat")
OPENAI = Endpoint("openai", "openai-chat")
CLAUDE = Endpoint("anthropic", "anthropic")
GEMINI = Endpoint("google", "google")
LLAMA = Endpoint("ollama", "ollama")
PACKAGE = Endpoint("mine", "of-a-package")
UNKNOWN = ModelFacts("m")
BLIND = ModelFacts("m", lacks=frozenset({"vision", "files", "audio"}))
SEEING = ModelFacts("m", has=frozenset({"vision", "files", "audio"}))


@pytest.mark.parametrize("endpoint", [LOCAL, OPENAI, GEMINI, PACKAGE])
def test_what_is_known_decides(endpoint: Endpoint) -> None:
    for part in (IMAGE, PAPER, SOUND):
        assert is_left_out(part, BLIND, endpoint)
        assert not is_left_out(part, SEEING, endpoint)
    assert not is_left_out(WORDS, BLIND, endpoint)


def test_while_nobody_knows_images_are_sent_and_papers_where_they_are_likely_read() -> None:
    assert not any(is_left_out(IMAGE, UNKNOWN, each) for each in (LOCAL, OPENAI, CLAUDE))
    assert [is_left_out(PAPER, UNKNOWN, each) for each in (LOCAL, OPENAI, CLAUDE)] == [
        True,
        False,
        False,
    ]
    assert is_left_out(SOUND, UNKNOWN, OPENAI)


@pytest.mark.parametrize(
    ("endpoint", "left_out"),
    [
        (LOCAL, [False, False, False, False]),
        (CLAUDE, [False, False, False, True]),
        (GEMINI, [False, True, False, False]),
        (LLAMA, [False, True, True, True]),
        (Endpoint("r", "openai-responses"), [False, False, False, True]),
        (PACKAGE, [False, False, False, False]),
    ],
)
def test_what_a_wire_has_no_field_for_is_left_out(endpoint: Endpoint, left_out: list[bool]) -> None:
    parts = (IMAGE, MOVING, PAPER, SOUND)
    assert [is_left_out(part, SEEING, endpoint) for part in parts] == left_out


def test_text_is_sent_under_any_name() -> None:
    config = Attachment("application/json", b"{}", "a.json")
    assert not is_left_out(config, BLIND, LLAMA)


def test_it_is_told_with_a_way_out() -> None:
    assert left_out_words([IMAGE, WORDS], BLIND, OPENAI, "Choose another with F3.") == (
        "'m' takes no images; it gets the file's name only. Choose another with F3."
    )
    assert left_out_words([IMAGE, PAPER, PAPER], BLIND, OPENAI, "").startswith(
        "'m' takes no images and no PDFs; it gets the names of 3 files only."
    )
    assert left_out_words([IMAGE, PAPER], SEEING, OPENAI, "x") == ""
    assert left_out_words([MOVING], SEEING, LLAMA, "").startswith("'m' takes no GIF images;")
