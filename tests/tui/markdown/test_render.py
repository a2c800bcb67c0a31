"""What each kind of Markdown looks like as rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from conduit_tui.tui.markdown.code_blocks import LONGEST_MARKDOWN
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Row
from conduit_tui.tui.markdown.stream import StreamingMarkdown

PALETTE = Palette(panel=Style(bgcolor="#202020"))


def drawn(source: str, width: int = 40) -> list[Row]:
    markdown = StreamingMarkdown(width, PALETTE)
    markdown.update(source, final=True)
    return [markdown[index] for index in range(len(markdown))]


def lines(source: str, width: int = 40) -> list[str]:
    return [row.characters.rstrip() for row in drawn(source, width)]


def style_of(source: str, words: str) -> Style:
    for row in drawn(source):
        for segment in row.segments:
            if words in segment.text:
                return segment.style or Style.null()
    raise AssertionError(f"{words!r} is not shown")


def test_a_newline_stays_a_newline_and_a_blank_line_parts_paragraphs() -> None:
    assert lines("one\ntwo\n\nthree") == ["one", "two", "", "three"]


def test_emphasis_code_and_strike_are_styled_and_lose_their_marks() -> None:
    source = "**bold** *slant* `code` ~~gone~~"
    assert lines(source) == ["bold slant code gone"]
    assert style_of(source, "bold").bold
    assert style_of(source, "slant").italic
    assert style_of(source, "code").color == PALETTE.code.color
    assert style_of(source, "gone").strike


def test_headings_differ_by_level() -> None:
    assert style_of("# One", "One").underline
    assert not style_of("## Two", "Two").underline
    assert style_of("### Three", "Three").bold


def test_a_safe_link_is_a_link_and_says_where_it_goes() -> None:
    source = "see [docs](https://example.com/guide)"
    assert lines(source) == ["see docs (example.com/guide)"]
    assert style_of(source, "docs").link == "https://example.com/guide"


@pytest.mark.parametrize("target", ["ftp://host/x", "//host", "x.md"])
def test_other_targets_are_shown_but_are_no_links(target: str) -> None:
    source = f"[words]({target})"
    assert lines(source) == [f"words ({target})"]
    assert style_of(source, "words").link is None


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "data:x"])
def test_a_dangerous_target_stays_as_it_was_written(target: str) -> None:
    assert lines(f"[x]({target})") == [f"[x]({target})"]


def test_a_bare_address_is_a_link_without_the_full_stop() -> None:
    source = "Go to https://example.com/a_b_c."
    assert lines(source) == ["Go to https://example.com/a_b_c."]
    assert style_of(source, "https://").link == "https://example.com/a_b_c"


def test_an_international_host_is_given_to_the_terminal_in_ascii() -> None:
    assert style_of("[x](https://bücher.example/)", "x").link == "https://xn--bcher-kva.example/"


def test_an_image_is_named() -> None:
    assert lines("![a cat](https://example.com/cat.png)")[0].startswith("[image: a cat]")
    assert lines("![](x.png)") == ["[image: no description] (x.png)"]


def test_html_is_text() -> None:
    assert lines("<b>bold</b>\n\n<script>x</script>") == ["<b>bold</b>", "", "<script>x</script>"]


def test_lists_nest_number_and_hang() -> None:
    source = "- one\n  - two two two two two two two two two\n\n1. a\n1. b\n   more"
    assert lines(source, 24) == [
        "• one",
        "  ◦ two two two two two",
        "    two two two two",
        "",
        "1. a",
        "2. b",
        "   more",
    ]


def test_tasks_show_boxes() -> None:
    assert lines("- [ ] open\n- [x] done") == ["[ ] open", "[x] done"]


def test_a_box_that_marks_no_item_stays_in_the_text() -> None:
    assert lines("- > [ ] quoted") == ["• │ [ ] quoted"]
    assert lines("- one\n\n  [x] two") == ["• one", "", "  [x] two"]


def test_quotes_have_a_bar_on_every_row() -> None:
    assert lines("> one\n> two\n>\n> - three") == ["│ one", "│ two", "│", "│ • three"]


def test_a_rule_fills_the_width() -> None:
    assert lines("***", 12) == ["─" * 12]


def test_code_stands_on_a_panel_with_its_language() -> None:
    rows = drawn("```python\nif x:\n    return 'y'\n```", 30)
    assert [row.characters for row in rows] == [
        f" {text:<29}" for text in ("python", "if x:", "    return 'y'")
    ]
    assert all(segment.style and segment.style.bgcolor for row in rows for segment in row.segments)
    assert style_of("```python\nreturn 1\n```", "return").color == PALETTE.keyword.color


def test_without_a_panel_colour_code_has_a_bar() -> None:
    markdown = StreamingMarkdown(20, Palette())
    markdown.update("```\nx\n```", final=True)
    assert markdown[0].characters.rstrip() == "│x"


@pytest.mark.parametrize("language", ["", "nonsense", "{.odd", "a b c", "\x1b]0;x\x07"])
def test_an_unknown_language_is_plain(language: str) -> None:
    rows = drawn(f"```{language}\nimport x\n```")
    assert rows[-1].text == "import x"
    assert len(rows[-1].segments) == 3


def test_long_code_lines_wrap_without_losing_a_character() -> None:
    code = "x" * 95
    rows = drawn(f"```\n{code}\n```", 32)
    assert "".join(row.text for row in rows) == code
    assert {row.line for row in rows} == {0}


def test_a_string_over_several_lines_is_one_colour() -> None:
    source = "```python\nx = '''a\nb\nc'''\n```"
    assert style_of(source, "b").color == PALETTE.string.color


def test_a_table_keeps_its_columns_and_alignment() -> None:
    source = "| a | b |\n|:--|--:|\n| one | 2 |\n| **x** | 300 |"
    assert lines(source) == ["a   │   b", "────┼────", "one │   2", "x   │ 300"]


def test_a_table_wider_than_the_view_wraps_its_cells() -> None:
    source = "| k | words |\n|---|---|\n| a | " + "word " * 12 + "|\n| b | short |"
    shown = lines(source, 30)
    assert all(cell_len(line) <= 30 for line in shown)
    assert " ".join(" ".join(shown).split()).count("word") == 13


def test_a_column_is_as_wide_as_its_longest_word_where_another_has_room_to_spare() -> None:
    source = (
        "| planet | million km | year in Earth years | rings |\n|---|--:|--:|---|\n"
        "| Jupiter | 778.5 | 11.9 | faint |\n| Neptune | 4,515 | 163.7 | in arcs |"
    )
    shown = lines(source, 36)
    assert shown[0].split(" │ ")[0] == "planet "
    assert any(line.startswith("Jupiter │") for line in shown)
    assert any(line.startswith("Neptune │") for line in shown)
    assert max(map(len, shown)) <= 36


def test_a_table_of_too_many_columns_becomes_records() -> None:
    row = "|" + "|".join(f"c{n}" for n in range(50)) + "|"
    source = f"{row}\n|{'---|' * 50}\n{row.replace('c', 'v')}"
    shown = lines(source, 40)
    assert shown[:2] == ["c0: v0", "c1: v1"]
    assert len(shown) == 50


def test_hundreds_of_columns_share_the_lines_of_a_record() -> None:
    source = f"|{'h|' * 500}\n|{'-|' * 500}\n|{'a|' * 500}\n|b|\n"
    shown = lines(source, 40)
    assert shown[0].startswith("h: a · h: a · ")
    assert len(shown) < 110
    assert shown[-2:] == ["───", "h: b"]


def test_a_row_with_too_few_or_too_many_cells_is_still_a_row() -> None:
    assert lines("|a|b|\n|-|-|\n|1|\n|1|2|3|")[-1].split() == ["1", "│", "2"]


def test_wide_characters_take_two_cells() -> None:
    rows = drawn("日本語のテキスト" * 4, 15)
    assert all(cell_len(row.characters) <= 15 for row in rows)
    assert "".join(row.text for row in rows) == "日本語のテキスト" * 4


def test_what_stands_far_below_cannot_change_what_is_above() -> None:
    source = "[a][ref]\n\n[ref]: https://example.com"
    assert lines(source) == ["[a][ref]", "", "[ref]: https://example.com"]


def test_escape_sequences_become_pictures() -> None:
    shown = lines("\x1b[31mred\n\n```\n\x1b]52;c;x\x07\n```")
    assert shown == ["␛[31mred", "", " ␛]52;c;x␇"]


def test_a_text_beyond_the_cap_goes_on_as_it_was_written() -> None:
    source = "**bold** word\n" * (LONGEST_MARKDOWN // 14 + 100)
    rows = StreamingMarkdown(40, PALETTE)
    rows.update(source, final=True)
    assert rows[0].text == "bold word"
    assert rows[len(rows) - 2].text == "**bold** word"
    assert [rows[index].line for index in range(len(rows))] == list(range(len(rows)))


def test_a_very_long_line_is_emphasized_to_its_end() -> None:
    shown = lines("*a* " * 8_000, 80)
    assert "*" not in "".join(shown)
    assert "".join(shown).count("a") == 8_000


def test_brackets_that_are_never_closed_are_shown_as_they_are() -> None:
    assert "".join(lines("![" * 3_000, 80)) == "![" * 3_000


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        ("x", 200_000),
        ("> ", 5_000),
        ("[", 20_000),
        ("- ", 2_000),
        ("`a ", 20_000),
        ("*a **b", 3_000),
    ],
)
def test_a_hostile_text_is_shown_to_its_last_word(piece: str, count: int) -> None:
    assert drawn(piece * count + "last", 60)[-1].text.endswith("last")


def test_a_list_nested_beyond_sense_is_shown_as_it_was_written() -> None:
    source = "- good\n" + "".join("  " * depth + f"- item {depth}\n" for depth in range(40))
    shown = lines(source, 120)
    assert shown[0] == "• good"
    assert shown[-1].endswith("- item 39")


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab *_`~#>-|\n1.[]()!日é\u0301🎉\\:"), max_size=80))
def test_no_row_is_wider_than_the_view(source: str) -> None:
    for row in drawn(source, 24):
        assert cell_len(row.characters) <= 24


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab *_`~#>-|\n1.[]()!日é\u0301🎉\\:"), max_size=80))
def test_rows_know_where_their_text_begins(source: str) -> None:
    for row in drawn(source, 24):
        assert len(row.text) == row.length
        assert row.indent + row.length <= len(row.characters)
