"""Lines of a text that match."""

from time import monotonic

from conduit_tui.tools.search.expressions import compiled
from conduit_tui.tools.search.lines import Line, as_text, matching


def found(text: str, pattern: str, around: int = 0, most: int = 100) -> list[Line]:
    expression = compiled(f"(?m){pattern}", one_line=True)
    data = as_text(text.encode())
    assert data is not None
    return matching(data, expression, around, most, monotonic() + 10)


def test_lines_are_counted_from_one_and_found_once() -> None:
    assert found("aa\nb\na", "a") == [Line(1, "aa"), Line(3, "a")]


def test_an_empty_line_is_a_line_and_the_end_of_the_text_is_none() -> None:
    assert found("a\n\nb\n", "^$") == [Line(2, "")]


def test_a_windows_line_ends_where_its_text_ends() -> None:
    assert found("ab\r\ncb\r\n", "b$") == [Line(1, "ab"), Line(2, "cb")]


def test_no_more_lines_are_found_than_wanted() -> None:
    assert len(found("a\n" * 50, "a", most=3)) == 3


def test_lines_around_are_shown_once_and_marked() -> None:
    lines = found("1\n2\nx\n4\nx\n6\n7\n", "x", around=1)
    assert [(line.number, line.is_match) for line in lines] == [
        (2, False),
        (3, True),
        (4, False),
        (5, True),
        (6, False),
    ]


def test_a_long_line_is_cut_around_what_was_found() -> None:
    [line] = found("é" * 5_000 + "needle" + "é" * 5_000, "needle")
    assert "needle" in line.text
    assert line.text.startswith("…é")
    assert line.text.endswith("é…")
    assert len(line.text) < 320


def test_a_match_far_into_a_large_text_has_its_number() -> None:
    assert found("line\n" * 300_000 + "needle\n", "needle") == [Line(300_001, "needle")]


def test_text_in_utf_16_is_read_and_a_nul_makes_no_text() -> None:
    assert as_text("a\nb".encode("utf-16")) == b"a\nb"
    assert as_text(b"a\0b") is None
