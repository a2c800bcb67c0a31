"""The bytes that call a person back to the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tui.terminal_notice import LONGEST_WORDS, terminal_notice

WORDS = 'sonnet answered in "Raft"'
KITTY = {"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}
ITERM = {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}
IN_TMUX = {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "/tmp/tmux-1/default,1,0"}


def test_a_bell_is_one_byte_whatever_the_terminal_is() -> None:
    assert [terminal_notice("bell", WORDS, each) for each in ({}, KITTY, IN_TMUX)] == [b"\a"] * 3


def test_off_is_nothing() -> None:
    assert terminal_notice("off", WORDS, KITTY) == b""


@pytest.mark.parametrize(
    ("environ", "sent"),
    [
        (
            KITTY,
            b"\x1b]99;i=conduit:d=0;conduit-tui\x1b\\"
            b'\x1b]99;i=conduit:p=body;sonnet answered in "Raft"\x1b\\',
        ),
        (ITERM, b'\x1b]9;sonnet answered in "Raft"\x1b\\'),
        ({"TERM_PROGRAM": "WezTerm"}, b'\x1b]9;sonnet answered in "Raft"\x1b\\'),
        ({"TERM": "xterm-ghostty"}, b'\x1b]9;sonnet answered in "Raft"\x1b\\'),
        ({"LC_TERMINAL": "iTerm2"}, b'\x1b]9;sonnet answered in "Raft"\x1b\\'),
        ({"TERM": "foot"}, b'\x1b]777;notify;conduit-tui;sonnet answered in "Raft"\x1b\\'),
    ],
)
def test_a_terminal_that_shows_notifications_gets_its_own_sequence(
    environ: dict[str, str], sent: bytes
) -> None:
    assert terminal_notice("notification", WORDS, environ) == sent
    assert terminal_notice("both", WORDS, environ) == sent + b"\a"


@pytest.mark.parametrize(
    ("environ", "sent"),
    [
        ({"TERM": "xterm-256color"}, b'\x1b]9;sonnet answered in "Raft"\x1b\\\a'),
        (
            {"TERM": "rxvt-unicode-256color"},
            b'\x1b]777;notify;conduit-tui;sonnet answered in "Raft"\x1b\\\a',
        ),
        (IN_TMUX, b'\x1bPtmux;\x1b\x1b]9;sonnet answered in "Raft"\x1b\x1b\\\x1b\\\a'),
        (
            {**KITTY, "TMUX": "x"},
            b"\x1bPtmux;\x1b\x1b]99;i=conduit:d=0;conduit-tui\x1b\x1b\\"
            b'\x1b\x1b]99;i=conduit:p=body;sonnet answered in "Raft"\x1b\x1b\\\x1b\\\a',
        ),
    ],
)
def test_where_it_is_not_sure_to_be_shown_the_bell_rings_too(
    environ: dict[str, str], sent: bytes
) -> None:
    assert terminal_notice("notification", WORDS, environ) == sent


@given(st.text())
def test_no_words_can_end_the_sequence_or_part_its_fields(words: str) -> None:
    sent = terminal_notice("notification", words, {"TERM": "foot"}).decode()
    body = sent.removeprefix("\x1b]777;notify;conduit-tui;").removesuffix("\x1b\\")
    assert not any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 or each == ";" for each in body)
    assert len(body) <= 4 * LONGEST_WORDS


def test_long_words_are_cut() -> None:
    sent = terminal_notice("notification", "w" * 5_000, ITERM)
    assert sent == b"\x1b]9;" + b"w" * (LONGEST_WORDS - 1) + "…".encode() + b"\x1b\\"
