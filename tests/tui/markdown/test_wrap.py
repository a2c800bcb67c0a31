"""Lines are broken where it reads well, and nothing is lost."""

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.wrap import chop_spans, fit, wrap_spans

_words = st.text(st.sampled_from("ab  日é\u0301🎉"), max_size=60)


def rows(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap_spans(text, width)]


def test_lines_break_at_spaces() -> None:
    assert rows("one two three", 8) == ["one two", "three"]


def test_a_word_longer_than_the_row_is_cut() -> None:
    assert rows("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]


def test_indentation_is_kept() -> None:
    assert rows("    indented words here", 14) == ["    indented", "words here"]


def test_wide_characters_break_anywhere() -> None:
    assert rows("日本語 日本", 6) == ["日本語", "日本"]
    assert rows("ab日本語", 5) == ["ab日", "本語"]


@given(_words, st.integers(2, 20))
@example("\u0301日a", 2)
def test_no_row_is_too_wide_and_only_spaces_are_dropped(text: str, width: int) -> None:
    spans = wrap_spans(text, width)
    assert all(
        cell_len(text[start:end]) <= width for start, end in spans if text[start:end].strip()
    )
    kept = "".join(text[start:end] for start, end in spans)
    assert kept.replace(" ", "") == text.replace(" ", "")


@given(_words, st.integers(2, 20))
def test_chopping_drops_nothing(text: str, width: int) -> None:
    spans = chop_spans(text, width)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(cell_len(text[start:end]) <= width for start, end in spans)


@given(_words, st.integers(0, 20))
def test_a_fitted_text_is_never_too_wide(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width


@given(st.lists(_words, max_size=6), st.lists(st.integers(0, 400), max_size=5), st.integers(1, 12))
def test_plain_text_that_grows_ends_as_if_drawn_at_once(
    lines: list[str], cuts: list[int], width: int
) -> None:
    source = "\n".join(lines)
    growing, whole = PlainRows(width, Style.null()), PlainRows(width, Style.null())
    for cut in sorted(cuts):
        growing.update(source[:cut])
        assert [growing[index].text for index in range(len(growing))]
    growing.update(source)
    whole.update(source)
    texts = [whole[index].text for index in range(len(whole))]
    assert [growing[index].text for index in range(len(growing))] == texts
