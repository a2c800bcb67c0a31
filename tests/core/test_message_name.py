"""What a message is called in notices and in the list of steps."""

from conduit_tui.core.message import Attachment, ToolCall
from conduit_tui.core.message_name import quoted
from tests.conftest import MakeMessage


def test_long_words_are_cut_inside_their_quotes(make_message: MakeMessage) -> None:
    message = make_message("user", "one  two\nthree " * 20)
    assert quoted(message, 10) == '"one two t…"'
    assert quoted(make_message("user", "one  two"), 10) == '"one two"'


def test_a_message_without_words_is_called_after_what_is_in_it(make_message: MakeMessage) -> None:
    photo = Attachment(name="photo.png", media_type="image/png", data=b"")
    assert quoted(make_message("user", photo)) == '"photo.png"'
    assert quoted(make_message("assistant", ToolCall("1", "web", "{}"))) == '"→ web"'
    assert quoted(make_message("assistant")) == '"(empty)"'


def test_what_a_terminal_would_obey_is_not_in_a_name(make_message: MakeMessage) -> None:
    assert "\x1b" not in quoted(make_message("user", "one \x1b[2J two"))
