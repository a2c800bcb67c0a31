"""Cuts text to a number of terminal cells, and puts durations into few letters."""

from rich.cells import cell_len, set_cell_size


def fit(text: str, cells: int) -> str:
    """Return `text` if it takes at most `cells` cells, else its start and an ellipsis."""
    if cells <= 0:
        return ""
    # A cell is at least half a letter wide, so more than this can never fit; it keeps a line of
    # 200,000 letters from being measured.
    if len(text) <= 4 * cells and cell_len(text) <= cells:
        return text
    return set_cell_size(text[: 4 * cells], cells - 1).rstrip() + "…"


def short_seconds(seconds: float) -> str:
    """Return a duration in few letters: 3.1 s, 2 min 5 s, 1 h 4 min."""
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
