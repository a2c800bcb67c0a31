"""Cuts text to a number of terminal cells, and puts numbers into few letters."""

from decimal import Decimal

from rich.cells import cell_len, set_cell_size

KIBIBYTE = 1024


def fit(text: str, cells: int) -> str:
    """Return `text` if it takes at most `cells` cells, else its start and an ellipsis."""
    if cells <= 0:
        return ""
    # A cell is at least half a letter wide, so more than this can never fit; it keeps a line of
    # 200,000 letters from being measured.
    if len(text) <= 4 * cells and cell_len(text) <= cells:
        return text
    return set_cell_size(text[: 4 * cells], cells - 1).rstrip() + "…"


def short_count(count: int) -> str:
    """Return a count of tokens or lines in few letters: 950, 12.3k, 1.2M."""
    if count < 1000:
        return str(count)
    for unit, size in (("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)):
        scaled = count / size
        if scaled < 99.95:
            return f"{scaled:.1f}".removesuffix(".0") + unit
        if scaled < 999.5:
            return f"{scaled:.0f}{unit}"
    return "lots"


def money(cost_usd: Decimal) -> str:
    """Return dollars with as many digits as say something: $0, $0.00040, $0.021, $1.25."""
    if cost_usd <= 0:
        return "$0"
    if cost_usd >= 1:
        return f"${cost_usd:.2f}"
    return f"${cost_usd:.3f}" if cost_usd >= Decimal("0.001") else f"${cost_usd:.5f}"


def short_seconds(seconds: float) -> str:
    """Return a duration in few letters: 3.1 s, 2 min 5 s, 1 h 4 min."""
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def short_size(size_bytes: int) -> str:
    """Return a size in few letters: 812 B, 5.2 KB, 4.8 MB."""
    if size_bytes < KIBIBYTE:
        return f"{size_bytes} B"
    if size_bytes < KIBIBYTE * KIBIBYTE:
        return f"{size_bytes / KIBIBYTE:.1f} KB"
    return f"{size_bytes / KIBIBYTE / KIBIBYTE:.1f} MB"
