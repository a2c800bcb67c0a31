"""What is pasted is text, whatever is in it."""

import pytest
from textual.events import Key, Paste

from conduit_tui.tui.whole_pastes import WholePastes

PASTED = "a\x1b]52;c;aGk=\x07b\x1b\x1b[20c\x1b[200~\x11y\n\x1b"
SENT = f"x\x1b[200~{PASTED}\x1b[201~\x1bOS\x1b[200~second\x1b[201~z"


def read(*pieces: str) -> list[str]:
    """What a terminal's input comes to: pastes by their text, keys by their name."""
    parser = WholePastes()
    events = [event for piece in pieces for event in parser.feed(piece)]
    assert all(isinstance(event, Key | Paste) for event in events)
    return [each.text if isinstance(each, Paste) else f"<{each.key}>" for each in events]


def test_nothing_in_a_paste_is_a_key() -> None:
    assert read(SENT) == ["<x>", PASTED, "<f4>", "second", "<z>"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11])
def test_input_may_be_cut_anywhere(size: int) -> None:
    pieces = [SENT[at : at + size] for at in range(0, len(SENT), size)]
    assert read(*pieces) == read(SENT)


def test_the_end_of_input_is_one() -> None:
    parser = WholePastes()
    assert list(parser.feed("")) == []
    assert parser.is_eof
