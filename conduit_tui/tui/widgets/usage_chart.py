"""What was used as a chart of bars, in plain text."""

from rich.cells import cell_len
from textual.content import Content

from conduit_tui.core.amounts import cost, cost_in_words, counted, short_count, short_tokens
from conduit_tui.core.clean import clean_line
from conduit_tui.core.spending import Account, Spending, SpendingRow
from conduit_tui.tui.widgets.fitting import fit

WIDEST_LABEL = 34
WIDEST_BAR = 40
LEAST_BAR = 6
GAP = "  "

_FULL, _HALF, _GUESSED = "█", "▌", "░"


def chart(account: Account, width: int) -> Content:
    """One row a group: label, bar, tokens in and out, cost. Nothing is wider than `width`.

    A bar is as long as its share of the most tokens; the estimated part of it is dotted. Where
    there is no room, the bars go first, then the tokens.
    """
    if not account.rows:
        return Content.styled("Nothing was used in this time.", "$foreground-muted")
    labels = [_label(row, width) for row in account.rows]
    figures = [_figures(row) for row in account.rows]
    widths = [max(map(len, column)) for column in zip(*figures, strict=True)]
    label_cells = max(map(cell_len, labels))
    while len(widths) > 1 and label_cells + sum(widths) + len(GAP) * len(widths) > width:
        del widths[0]
    room = width - label_cells - sum(widths) - len(GAP) * (len(widths) + 1)
    bar_cells = min(room, WIDEST_BAR) if room >= LEAST_BAR else 0
    most = max(row.total.usage.total_tokens for row in account.rows)
    lines: list[Content] = []
    for row, label, cells in zip(account.rows, labels, figures, strict=True):
        shown = GAP.join(map(str.rjust, cells[-len(widths) :], widths))
        name = label + " " * (label_cells - cell_len(label))
        bar = _bar(row, most, bar_cells)
        lines.append(
            Content.assemble(
                (fit(name, width), "$foreground"),
                (GAP + bar if bar_cells else "", "$text-accent"),
                (fit(GAP + shown, max(0, width - label_cells)), "$foreground-muted"),
            )
        )
    return Content("\n").join(lines)


def totals(account: Account) -> str:
    """The sum of an account in words, recorded and estimated apart; a line for each there is."""
    lines: list[str] = []
    if account.recorded.replies:
        lines.append(_in_words(account.recorded))
    if account.estimated.replies:
        lines.append(f"Estimated: {_in_words(account.estimated)}")
    return "\n".join(lines)


def _in_words(spending: Spending) -> str:
    usage = spending.usage
    parts = [
        counted(spending.replies, "reply", "replies"),
        f"{short_count(usage.input_tokens)} in",
        f"{short_count(usage.output_tokens)} out",
    ]
    details = (
        (usage.cache_read_tokens, "from cache"),
        (usage.cache_write_tokens, "into cache"),
        (usage.reasoning_tokens, "reasoning"),
    )
    parts += [f"{short_count(count)} {what}" for count, what in details if count]
    return f"{', '.join(parts)} · {cost_in_words(spending)}"


def _label(row: SpendingRow, width: int) -> str:
    return fit(clean_line(row.label), max(4, min(WIDEST_LABEL, width * 2 // 5)))


def _figures(row: SpendingRow) -> tuple[str, ...]:
    usage = row.total.usage
    given = short_tokens(usage.input_tokens, is_estimated=usage.is_estimated)
    made = short_tokens(usage.output_tokens, is_estimated=usage.is_estimated)
    return f"{given} in", f"{made} out", cost(row.total)


def _bar(row: SpendingRow, most: int, cells: int) -> str:
    """The recorded part solid, the estimated part dotted; what used anything has half a cell."""
    tokens, recorded = row.total.usage.total_tokens, row.recorded.usage.total_tokens
    if not cells or not most or not tokens:
        return " " * cells
    halves = max(1, round(2 * cells * tokens / most))
    if recorded == tokens:
        return (_FULL * (halves // 2) + (_HALF if halves % 2 else "")).ljust(cells)
    length = (halves + 1) // 2
    solid = min(length - 1, round(length * recorded / tokens))
    return (_FULL * solid + _GUESSED * (length - solid)).ljust(cells)
