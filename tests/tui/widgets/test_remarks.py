"""Lines about a message, above what it says."""

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.remarks import Remark, remark_rows


def texts(*remarks: Remark, width: int = 20) -> list[str]:
    return [row.characters for row in remark_rows(remarks, width, Palette())]


def test_an_empty_row_sets_them_apart() -> None:
    assert texts(Remark((("a", "quiet"), (" b", "star")))) == ["a b", ""]
    assert texts() == []


def test_a_line_wraps_up_to_its_rows() -> None:
    words = "one two three four five six seven"
    assert texts(Remark(((words, "plain"),)), width=10) == [
        *("one two", "three four", "five six", "seven", "")
    ]
    assert texts(Remark(((words, "plain"),), most_rows=2), width=10) == [
        "one two",
        "three fou…",
        "",
    ]


def test_what_is_hostile_is_shown_and_not_obeyed() -> None:
    assert "\x1b" not in "".join(texts(Remark((("a\x1b[2Jb\nc", "quiet"),)), width=60))
