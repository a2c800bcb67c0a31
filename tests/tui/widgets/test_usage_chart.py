"""The chart of what was used: bars in proportion, and nothing wider than its place."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from conduit_tui.core.spending import Account, Spending, SpendingRow
from conduit_tui.core.usage import Usage
from conduit_tui.tui.widgets.usage_chart import chart, totals

NONE = Spending()


def recorded(label: str, tokens: int, cost: str | None = None) -> SpendingRow:
    spending = Spending(1, Usage(tokens, 0), Decimal(cost or 0), int(cost is None))
    return SpendingRow(label, label, spending, NONE)


def estimated(label: str, tokens: int) -> SpendingRow:
    usage = Usage(tokens, 0, is_estimated=True)
    return SpendingRow(label, label, NONE, Spending(1, usage, Decimal(0), 1))


def lines(width: int, *rows: SpendingRow) -> list[str]:
    return chart(Account("model", rows), width).plain.splitlines()


def bar(line: str) -> str:
    return "".join(each for each in line if each in "█▌░")


def test_bars_are_in_proportion_and_figures_in_columns() -> None:
    big, half, tiny = lines(
        72, recorded("a/big", 40_000, "0.02"), recorded("b/half", 20_000), recorded("c", 1)
    )
    assert len(bar(big)) == 2 * len(bar(half)) >= 20
    assert bar(tiny) == "▌"
    assert big.endswith("40k in  0 out   $0.020")
    assert half.endswith("20k in  0 out  unknown")
    assert big.index("█") == half.index("█") == tiny.index("▌")


def test_what_is_estimated_is_dotted_and_marked() -> None:
    both = SpendingRow("m", "m", recorded("m", 30).recorded, estimated("m", 10).estimated)
    (line,) = lines(72, both)
    solid, dotted = bar(line).count("█"), bar(line).count("░")
    assert solid == 3 * dotted > 0
    assert "~40 in" in line
    (line,) = lines(72, estimated("m", 10))
    assert set(bar(line)) == {"░"}


def test_where_there_is_no_room_the_bars_go_first_then_the_tokens() -> None:
    row = recorded("provider/model", 40_000, "0.02")
    assert bar(lines(80, row)[0])
    assert lines(40, row) == ["provider/model  40k in  0 out  $0.020"]
    assert lines(24, row) == ["provider…  0 out  $0.020"]
    assert lines(18, row) == ["provid…  $0.020"]


def test_nothing_used_is_said() -> None:
    assert lines(40) == ["Nothing was used in this time."]


def test_the_sum_is_said_recorded_and_estimated_apart() -> None:
    rows = (recorded("a", 40_000, "0.02"), recorded("b", 10), estimated("c", 5))
    assert totals(Account("model", rows)).splitlines() == [
        "2 replies, 40k in, 0 out · $0.020 and 1 reply of unknown price",
        "Estimated: 1 reply, 5 in, 0 out · 1 reply of unknown price",
    ]
    assert totals(Account("model", ())) == ""


def test_cache_and_reasoning_are_said_where_there_is_any() -> None:
    spending = Spending(1, Usage(100, 50, 80, 10, 5), Decimal(1))
    words = totals(Account("model", (SpendingRow("a", "a", spending, NONE),)))
    assert words == "1 reply, 100 in, 50 out, 80 from cache, 10 into cache, 5 reasoning · $1.00"


labels = st.text(max_size=60) | st.just("\x1b[2J日本語 [bold")


@given(st.integers(1, 120), st.lists(st.tuples(labels, st.integers(0, 10**13)), max_size=5))
def test_no_row_is_wider_than_its_place_or_carries_escapes(width, given_rows) -> None:
    rows = tuple(recorded(label, tokens) for label, tokens in given_rows)
    for line in chart(Account("session", rows), width).plain.split("\n"):
        assert cell_len(line) <= width or not rows
        assert "\x1b" not in line
