from rich.cells import cell_len

from conduit_tui.core.amounts import short_count, short_size
from conduit_tui.tui.widgets.fitting import fit


def test_text_that_fits_stays_whole_and_longer_text_ends_in_an_ellipsis():
    assert fit("hello", 5) == "hello"
    assert fit("hello", 4) == "hel…"
    assert fit("hello", 1) == "…"
    assert fit("hello", 0) == ""


def test_wide_characters_are_counted_in_cells():
    for cells in range(1, 12):
        assert cell_len(fit("日本語のテキスト", cells)) <= cells


def test_combining_marks_do_not_make_text_that_fits_look_too_long():
    assert fit("éa", 2) == "éa"


def test_counts_and_sizes_come_in_few_letters():
    assert [short_count(n) for n in (0, 999, 1000, 12_300, 200_000, 999_999, 1_200_000)] == [
        "0",
        "999",
        "1k",
        "12.3k",
        "200k",
        "1M",
        "1.2M",
    ]
    assert [short_size(n) for n in (812, 5_325, 5_033_165)] == ["812 B", "5.2 KB", "4.8 MB"]
