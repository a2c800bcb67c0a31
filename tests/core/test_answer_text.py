"""Messages as text that leaves the chat."""

from conduit_tui.core.answer_text import answer_text, sources_list
from conduit_tui.core.message import Citation, Structured, Text
from tests.conftest import MakeMessage

SOURCES = (Citation("https://a.example/x", "A\nb"), Citation("https://b.example"))


def test_sources_are_numbered_as_the_text_names_them() -> None:
    assert sources_list(SOURCES) == "1. A b <https://a.example/x>\n2. <https://b.example>"
    assert sources_list(()) == ""


def test_words_are_followed_by_their_sources(make_message: MakeMessage) -> None:
    assert answer_text(make_message("assistant", Text("So [1].\n"), *SOURCES)) == (
        "So [1].\n\n1. A b <https://a.example/x>\n2. <https://b.example>"
    )
    assert answer_text(make_message("assistant", Text("So.\n"))) == "So.\n"


def test_a_value_is_json_alone(make_message: MakeMessage) -> None:
    value = Structured("s", {"ä": [1]})
    assert answer_text(make_message("assistant", value, *SOURCES)) == '{\n  "ä": [\n    1\n  ]\n}'
