from rich.control import Control
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from conduit_tui.tui.control_filter import ControlFilter

BLACK = Color(0, 0, 0)


def filtered(*segments: Segment) -> list[Segment]:
    return ControlFilter().apply(list(segments), BLACK)


def test_ordinary_text_passes_as_the_same_list():
    line = [Segment("plain é 漢 ▌"), Segment(" text", Style(bold=True))]
    assert ControlFilter().apply(line, BLACK) is line


def test_what_could_drive_the_terminal_is_made_visible_and_keeps_its_style():
    bold = Style(bold=True)
    for text in ("\x1b[31m", "\x1b]52;c;eA==\x07", "\x9b1m", "a\nb", "\x00", "\u202e", "\r"):
        [result] = filtered(Segment(f"before {text} after", bold))
        assert result.text.isprintable(), text
        assert result.text.startswith("before ")
        assert result.text.endswith(" after")
        assert result.style == bold


def test_only_the_segment_that_needs_it_is_replaced():
    good, bad = Segment("good"), Segment("b\x1bad")
    result = filtered(good, bad)
    assert result[0] is good
    assert result[1] is not bad


def test_control_segments_of_textual_itself_pass():
    control = Segment("\x1b[H", None, Control(ControlType.HOME).segment.control)
    assert filtered(control, Segment("x\x07"))[0] is control
