"""Tokens, bytes and money in few letters, the same on the screen and on the command line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conduit_tui.core.spending import Spending

KIBIBYTE = 1024


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


def short_size(size_bytes: int) -> str:
    """Return a size in few letters: 812 B, 5.2 KB, 4.8 MB."""
    if size_bytes < KIBIBYTE:
        return f"{size_bytes} B"
    if size_bytes < KIBIBYTE * KIBIBYTE:
        return f"{size_bytes / KIBIBYTE:.1f} KB"
    return f"{size_bytes / KIBIBYTE / KIBIBYTE:.1f} MB"


def short_window(tokens: int | None) -> str:
    """Return the size of a context as people name it, `1.05M` and `131k`; `?` is unknown."""
    if tokens is None:
        return "?"
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.2f}".rstrip("0").rstrip(".") + "M"
    return short_count(tokens)


def money(cost_usd: Decimal) -> str:
    """Return dollars with as many digits as say something: $0, $0.00040, $0.021, $1.25."""
    if cost_usd <= 0:
        return "$0"
    if cost_usd >= 1:
        return f"${cost_usd:,.2f}"
    if cost_usd < Decimal("0.000005"):
        return "<$0.00001"
    return f"${cost_usd:.3f}" if cost_usd >= Decimal("0.001") else f"${cost_usd:.5f}"


def mark(words: str, *, is_estimated: bool) -> str:
    """Put the sign of an estimate before an amount that is one."""
    return f"~{words}" if is_estimated and words else words


def short_tokens(count: int, *, is_estimated: bool) -> str:
    """A count of tokens in few letters, marked if it is an estimate: 12.3k, ~12.3k, 0."""
    return mark(short_count(count), is_estimated=is_estimated and count > 0)


def cost(spending: Spending) -> str:
    """The cost of replies in few letters: `$0.021`, `~$0.021`, `$0.021 + ?`, `unknown`."""
    if not spending.replies:
        return "$0"
    if not spending.has_price:
        return "unknown"
    known = mark(money(spending.cost_usd), is_estimated=spending.usage.is_estimated)
    return f"{known} + ?" if spending.unpriced else known


def cost_in_words(spending: Spending) -> str:
    """The cost of replies in words: `$0.12 and 3 replies of unknown price`."""
    if not spending.unpriced:
        return cost(spending)
    rest = f"{counted(spending.unpriced, 'reply', 'replies')} of unknown price"
    if not spending.has_price:
        return rest
    known = mark(money(spending.cost_usd), is_estimated=spending.usage.is_estimated)
    return f"{known} and {rest}"


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: `1 reply`, `3 replies`."""
    return f"{count:,} {one if count == 1 else many}"
