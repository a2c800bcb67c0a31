"""What `clean` lets through, what it shows instead, and that it does so in pieces and in time."""

import re
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.clean import MOST_MARKS, StreamCleaner, clean, clean_line

VISIBLE_FORMATS = {
    *range(0x600, 0x606),
    *(0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD),
    *range(0x13430, 0x13460),
}
"""Format characters that draw something: Arabic and Kaithi number signs, hieroglyph joints."""

DANGEROUS = (
    "\x00\x07\x08\x0b\x0c\r\x1b\x7f\x80\x85\x90\x9b\x9c\x9d\x9f"
    "\xad\u034f\u061c\u115f\u17b4\u180b\u180e\u200b\u200e\u200f\u2028\u202a\u202e\u2060\u2066\u2069"
    "\u3164\ufe00\ufeff\uffa0\ufff9\U0001d173\U000e0041\U000e0100\ud800\udfff"
)
TRICKY = st.text(
    st.one_of(
        st.sampled_from(DANGEROUS),
        st.sampled_from("\r\n\t ab1#*[]<U+>"),
        st.sampled_from("\u200c\u200d\ufe0e\ufe0f\u0301\u0489\u20e3\u064b\u0e31\U0001f3fb"),
        st.sampled_from("☀❤👩🔥♂あカのनक्षसशمیخو"),
        st.characters(),
    ),
    max_size=60,
)
NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e"
    "\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain words", "plain words"),
        ("", ""),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\nb"),
        ("50 %\r100 %", "50 %␍100 %"),
        ("\x00\x07\x0b\x0c", "␀␇␋␌"),
        ("a\x7fb", "a␡b"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]52;c;cm0gLXJm\x07", "␛]52;c;cm0gLXJm␇"),
        ("\x1bPq#0\x1b\\", "␛Pq#0␛\\"),
        ("\x9b31m\x9d0;title\x9c", "<U+009B>31m<U+009D>0;title<U+009C>"),
        ("\x85", "<U+0085>"),
        ("abc\u202egnp.exe", "abc<U+202E>gnp.exe"),
        ("\u2066x\u2069", "<U+2066>x<U+2069>"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("line\u2028break", "line<U+2028>break"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("half\ud83d pair", "half\ufffd pair"),
        ("soft\xadhyphen", "soft<U+00AD>hyphen"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
    ],
)
def test_what_would_act_or_hide_is_shown_instead(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦 family",
        "🏳️‍🌈 ❤️‍🔥 👁️‍🗨️ 🧑🏽‍⚕️ 🏃🏻‍➡️ 🐦‍⬛ ⛓️‍💥",
        "1️⃣ #️⃣ ©️ ☀︎ ↔️ ㊗️ ‼️",
        "می‌خواهم",
        "क्‍ष and क्‌ष",
        "ශ්‍රී ලංකා",
        "e\u0301 a\u0308\u0301 Việt Nam",
        "日本語 カタカナ 한국어 Ελληνικά Русский",
        "שָׁלוֹם עֲלֵיכֶם",
    ],
)
def test_writing_that_needs_joiners_selectors_and_marks_stays_whole(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "pass\u200dword",
        "pass\u200cword",
        "1\u200d2",
        "カ\u200dナ",
        "🙂\u200c🙂",
        "🙂\u200dx",
        "x\u200d🙂",
        "m\ufe0f",
        "\ufe0f",
        "\u200d",
        "\u200d\u0645",
        "x\ufe0f\u200d🔥",
        "م\ufe0f\u200dم",
        "م\u061c\u200dم",
    ],
)
def test_a_joiner_or_selector_without_need_is_shown(text: str) -> None:
    shown = clean(text)
    assert not re.search("[\u200c\u200d\ufe0e\ufe0f]", shown)
    assert "<U+" in shown


def test_a_row_of_selectors_cannot_carry_a_hidden_message() -> None:
    shown = clean("☀" + "\ufe0f\ufe0e" * 100)
    assert shown.count("\ufe0f") == 1
    assert shown.count("<U+FE0E>") == 100


def test_a_row_of_joiners_cannot_carry_a_hidden_message() -> None:
    shown = clean("م" + "\u200c\u200d" * 100 + "م")
    assert "\u200d" not in shown.replace("<U+200D>", "")
    assert shown.count("<U+200C>") == 100


def test_every_character_that_controls_reorders_or_hides_is_escaped() -> None:
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    leaked = [
        f"U+{code:04X}"
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in kinds
        and code not in VISIBLE_FORMATS
        and chr(code) not in "\t\n"
        and chr(code) in clean(f"x{chr(code)}x")
    ]
    assert leaked == []


def test_more_than_four_marks_on_a_letter_are_cut() -> None:
    assert clean("Z" + "\u0301" * 4 + "a") == "Z" + "\u0301" * 4 + "a"
    assert clean("Z" + "\u0301" * 500 + "a") == "Z" + "\u0301" * MOST_MARKS + "a"


def test_no_kind_of_combining_mark_escapes_the_cut() -> None:
    leaked = [
        f"U+{code:04X}"
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in {"Mn", "Me"}
        and chr(code) not in "\ufe0e\ufe0f"
        and clean("x" + chr(code) * 9).count(chr(code)) > MOST_MARKS
    ]
    assert leaked == []


@pytest.mark.parametrize("between", ["\u200d", "\u200c", "\ufe0f", "\ufe0e"])
def test_marks_cannot_be_stacked_around_joiners_and_selectors(between: str) -> None:
    for mark in "\u064b\u093c\u20e3":
        shown = clean("م" + (mark * MOST_MARKS + between) * 50)
        assert shown.count(mark) <= MOST_MARKS


def test_marks_count_anew_on_each_letter() -> None:
    text = ("o" + "\u0308" * MOST_MARKS) * 20
    assert clean(text) == text


def test_clean_line_leaves_no_line_break_and_no_tab() -> None:
    assert clean_line("a\r\nb\nc\td\x1be\u2028f") == "a b c d␛e<U+2028>f"


@given(TRICKY)
def test_nothing_active_or_hidden_ever_comes_out(text: str) -> None:
    shown = clean(text)
    assert not NEVER_SHOWN.search(shown)
    assert not re.search("(^|[\x00-\x7f])[\u200c\u200d]", shown)
    assert not re.search("\u200c\u200d|\u200d\u200c|([\u200c\u200d\ufe0e\ufe0f])\\1", shown)
    shown.encode("utf-8")


@given(TRICKY)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TRICKY, st.lists(st.integers(0, 60)))
def test_the_pieces_of_a_stream_add_up_to_the_whole_wherever_it_is_cut(
    text: str, cuts: list[int]
) -> None:
    assert in_pieces(text, sorted(cuts)) == clean(text)


@given(
    st.lists(
        st.sampled_from(["\u0301", "\r", "\n", "\u200d", "\ufe0f", "م", "☀", "x"]), max_size=9
    ),
    st.integers(1, 150),
)
def test_long_rows_of_marks_and_returns_add_up_too(pieces: list[str], times: int) -> None:
    text = "".join(piece * times for piece in pieces)
    assert in_pieces(text, range(len(text))) == clean(text)


def test_a_stream_shows_all_but_the_last_character_at_once() -> None:
    stream = StreamCleaner()
    assert stream.feed("Hello") == "Hell"
    assert stream.feed(", you") == "o, yo"
    assert stream.feed("") == ""
    assert stream.finish() == "u"
    assert stream.finish() == ""


def test_an_escape_sequence_split_over_pieces_is_harmless() -> None:
    stream = StreamCleaner()
    shown = [stream.feed(piece) for piece in ("a\x1b", "]52;c", ";eA==\x1b", "\\b")]
    assert "".join((*shown, stream.finish())) == "a␛]52;c;eA==␛\\b"


def test_a_line_break_split_between_pieces_is_one_line_break() -> None:
    stream = StreamCleaner()
    assert stream.feed("a\r") + stream.feed("\nb") + stream.finish() == "a\nb"


def test_a_finished_stream_starts_anew() -> None:
    stream = StreamCleaner()
    stream.feed("ab\r")
    stream.finish()
    assert stream.feed("\nxy") + stream.finish() == "\nxy"


HOSTILE = {
    "escapes": "\x1b",
    "joiners": "\u200d",
    "joined": "م\u200d",
    "marks": "\u0301",
    "returns": "\r",
    "selectors": "☀\ufe0f\ufe0e",
    "surrogates": "\ud800",
    "brackets": "\x1b[1;31m",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_no_faster_than_hostile_text(name: str) -> None:
    assert growth(clean, HOSTILE[name], characters=125_000) < 20


@pytest.mark.parametrize("name", ["escapes", "joiners", "marks", "returns"])
def test_time_grows_no_faster_than_a_hostile_stream_of_single_characters(name: str) -> None:
    assert growth(one_by_one, HOSTILE[name], characters=20_000) < 20


def in_pieces(text: str, cuts: "range | list[int]") -> str:
    stream = StreamCleaner()
    shown: list[str] = []
    begin = 0
    for cut in cuts:
        shown.append(stream.feed(text[begin:cut]))
        begin = max(cut, begin)
    return "".join((*shown, stream.feed(text[begin:]), stream.finish()))


def one_by_one(text: str) -> str:
    return in_pieces(text, range(len(text)))


def growth(work: Callable[[str], object], unit: str, characters: int) -> float:
    """How much longer eight times the text takes: 8 if linear, 64 if quadratic."""
    small = unit * (characters // len(unit))
    return seconds_of(work, small * 8) / min(seconds_of(work, small) for _ in range(3))


def seconds_of(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began
