"""What a person decides on hides nothing."""

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.laid_bare import hosts_told, laid_bare, lookalikes


def test_ordinary_text_stays_as_it_is() -> None:
    assert laid_bare("git commit -m 'Größe'\nls -l") == "git commit -m 'Größe'\nls -l"


def test_blanks_at_the_end_of_a_line_show() -> None:
    assert laid_bare("rm x  \nls ") == "rm x··\nls·"


def test_blanks_within_a_line_are_looked_at_once() -> None:
    text = " " * 100_000 + "x"
    began = time.perf_counter()
    assert laid_bare(text) == text
    assert time.perf_counter() - began < 1


def test_tabs_show_and_keep_their_place() -> None:
    assert laid_bare("a\tb\n\tc") == "a→  b\n→   c"


def test_carriage_returns_show() -> None:
    assert laid_bare("ls\r\nrm\rx") == "ls␍\nrm␍x"


def test_unusual_spaces_and_joiners_show() -> None:
    assert laid_bare("rm\xa0x") == "rm<U+00A0>x"
    assert laid_bare("a\u2800b\u200db") == "a<U+2800>b<U+200D>b"


def test_escapes_bidi_and_tags_show() -> None:
    shown = laid_bare("\x1b[2K\u202etxt\U000e0041\u200b")
    assert shown == "␛[2K<U+202E>txt<U+E0041><U+200B>"


@given(st.text())
def test_nothing_of_any_text_is_invisible(text: str) -> None:
    hidden = {
        each
        for each in laid_bare(text)
        if unicodedata.category(each) in ("Cc", "Cf", "Zs", "Zl", "Zp") and each not in " \n"
    }
    assert not hidden


def test_words_of_two_alphabets_are_told() -> None:
    assert lookalikes("c\u0430t notes") == (
        "'c\u0430t' mixes alphabets: \u0430 is U+0430 cyrillic small letter a.",
    )
    assert lookalikes("кот и cat") == ()
    assert lookalikes("cat") == ()


def test_a_host_that_may_be_taken_for_another_is_told() -> None:
    assert hosts_told("https://example.com/a") == ()
    assert hosts_told("https://example.com@evil.test/") == (
        "What stands before the @ is no host. It goes to evil.test.",
    )
    assert hosts_told("https://ex\u0430mple.com/") == (
        "The host has letters other than a to z: xn--exmple-4nf.com.",
    )
    assert hosts_told("https://xn--exmple-4nf.com/") == (
        "The host has letters other than a to z: it looks like 'ex\u0430mple.com'.",
        "'ex\u0430mple' mixes alphabets: \u0430 is U+0430 cyrillic small letter a.",
    )
    assert hosts_told("http://[::1") == ("This address cannot be read.",)


def test_a_long_text_is_laid_bare_as_its_lines_are() -> None:
    lines = ["a\u200b b \t", "é\u202e\r", "\x1b[31m 👩\u200d💻  ", "plain"]
    text = "\n".join(lines * 5_000)
    assert laid_bare(text) == "\n".join([laid_bare(line) for line in lines] * 5_000)


def test_nothing_is_lost_where_a_long_line_is_cut() -> None:
    assert laid_bare("a\u200b" * 50_000) == "a<U+200B>" * 50_000
    assert laid_bare("word " * 50_000) == "word " * 49_999 + "word·"
