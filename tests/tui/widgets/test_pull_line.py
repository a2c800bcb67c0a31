import pytest
from rich.cells import cell_len

from conduit_tui.tui.widgets.pull_line import PullView, pull_line, short_bytes

HALF = PullView("qwen3:8b", "pulling 3d0b", 2_600_000_000, 5_200_000_000, 23_400_000, "F8 stops")


def shown(view: PullView, width: int = 110) -> str:
    return pull_line(view, width).plain


def test_it_tells_share_size_speed_and_time_left_with_the_key_at_the_right_edge():
    line = shown(HALF)
    assert line.startswith(
        "Pulling qwen3:8b  ▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱  50 %  2.6 GB of 5.2 GB  23.4 MB/s  1 min 51 s left"
    )
    assert line.endswith("  F8 stops")
    assert cell_len(line) == 110


def test_before_sizes_are_known_and_after_all_has_come_it_tells_the_servers_words():
    assert "  pulling manifest " in shown(PullView("m", "pulling manifest", hint="F8 stops"))
    assert "  writing manifest" in shown(PullView("m", "writing manifest", 9, 9))


def test_it_is_not_called_whole_before_it_is():
    assert "99 %" in shown(PullView("m", "x", 9_999, 10_000))


@pytest.mark.parametrize("width", range(1, 130))
def test_it_fits_any_width_and_keeps_name_and_key_longest(width: int):
    line = shown(HALF, width)
    assert cell_len(line) <= width
    if width >= 28:
        assert line.startswith("Pulling qwen3:8b")
        assert line.endswith("F8 stops")


def test_nothing_in_it_is_active():
    assert "␛" in shown(PullView("a\x1b[2J[bold]", "b"))


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (812, "812 B"), (5_225_388_164, "5.2 GB"), (1.5e12, "1.5 TB"), (4096, "4.1 KB")],
)
def test_sizes_are_written_as_ollama_writes_them(size: float, words: str):
    assert short_bytes(size) == words
