"""Sums of what was used keep apart what is known, estimated and unknown."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.amounts import cost, cost_in_words, money
from conduit_tui.core.spending import Account, Spending, SpendingRow, spent_on
from conduit_tui.core.usage import Usage
from tests.conftest import MakeMessage

ESTIMATED = Usage(1, 1, is_estimated=True)
spendings = st.builds(
    Spending,
    st.integers(0, 9),
    st.builds(Usage, st.integers(0, 99), st.integers(0, 99), is_estimated=st.booleans()),
    st.decimals(0, 9, places=6),
    st.integers(0, 3),
)


@given(st.lists(st.tuples(spendings, spendings), max_size=6))
def test_a_total_is_the_sum_of_both_halves_of_every_row(pairs: list[tuple[Spending, Spending]]):
    rows = tuple(SpendingRow(str(at), "", *pair) for at, pair in enumerate(pairs))
    account = Account("model", rows)
    total = account.total
    assert total.replies == sum(one.replies + other.replies for one, other in pairs)
    assert total.cost_usd == sum((a.cost_usd + b.cost_usd for a, b in pairs), Decimal(0))
    tokens = sum(one.usage.total_tokens + other.usage.total_tokens for one, other in pairs)
    assert total.usage.total_tokens == tokens


def test_replies_are_added_up_but_for_those_given_again(make_message: MakeMessage) -> None:
    replayed = {"replay_of": "2026-11-22T00:00:00+00:00"}
    spending = spent_on(
        [
            make_message("user", "hi"),
            make_message("assistant", usage=Usage(10, 5), cost_usd=Decimal("0.1")),
            make_message("assistant", usage=Usage(1, 1)),
            make_message("assistant", usage=Usage(99, 99), provider_data=replayed),
            make_message("assistant"),
        ]
    )
    assert spending == Spending(2, Usage(11, 6), Decimal("0.1"), 1)


def test_an_unknown_price_is_told_and_never_zero() -> None:
    known = Spending(2, Usage(1, 1), Decimal("0.12"))
    unknown = Spending(3, Usage(1, 1), Decimal(0), 3)
    assert cost(unknown) == "unknown"
    assert cost(known + unknown) == "$0.120 + ?"
    assert cost_in_words(known) == "$0.120"
    assert cost_in_words(unknown) == "3 replies of unknown price"
    assert cost_in_words(known + unknown) == "$0.120 and 3 replies of unknown price"
    one = Spending(1, ESTIMATED, Decimal(0), 1)
    assert cost_in_words(known + one) == "~$0.120 and 1 reply of unknown price"
    assert cost(Spending()) == "$0"


def test_an_estimated_cost_is_marked() -> None:
    assert cost(Spending(1, ESTIMATED, Decimal("0.5"))) == "~$0.500"


def test_tiny_and_huge_amounts_say_something() -> None:
    amounts = ("0.0000001", "0.00042", "1234.5")
    assert [money(Decimal(each)) for each in amounts] == ["<$0.00001", "$0.00042", "$1,234.50"]
