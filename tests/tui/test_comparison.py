"""Which two branches are compared, and what stands on each."""

import pytest

from conduit_tui.core.errors import NotPossible
from conduit_tui.core.marks import Absence
from conduit_tui.core.params import Params
from conduit_tui.tui.comparison import Pair, Side, columns, pair_at, step
from conduit_tui.tui.live import LiveReplies
from conduit_tui.tui.tree_entries import TreeEntries
from tests.tui.widgets.building import NOW, Growing


def branching() -> TreeEntries:
    """A question with the answers a, b and c, of which a goes on: d, e, and beside e, f."""
    growing = Growing().add("q", None, "user", "question")
    for name in "abc":
        growing.add(name, "q", "assistant", f"answer {name}", model=f"model-{name}")
    growing.add("d", "a", "user", "more").add("e", "d", "assistant", "one", model="x")
    growing.add("f", "d", "assistant", "other", model="x")
    growing.session.visit("e")
    return TreeEntries(growing.session, LiveReplies(), Params())


def ids(tree: TreeEntries, pair: Pair) -> list[list[str]]:
    return [[entry.id for entry in column.entries] for column in columns(tree, pair)]


@pytest.mark.parametrize(
    ("cursor", "left", "right", "chosen"),
    [
        ("b", ["a", "d", "e"], ["b"], 1),
        ("c", ["b"], ["c"], 1),
        ("a", ["a", "d", "e"], ["b"], 0),  # the first is compared with the next
        ("f", ["e"], ["f"], 1),
        ("d", ["a", "d", "e"], ["b"], 0),  # it has no sibling: the nearest fork above
    ],
)
def test_a_message_is_compared_with_the_sibling_before_it(cursor, left, right, chosen) -> None:
    tree = branching()
    pair = pair_at(tree, cursor)
    assert pair is not None
    assert ids(tree, pair) == [left, right]
    assert pair.chosen == chosen
    assert pair.sides[chosen].through_id == cursor


def test_without_a_fork_above_there_is_nothing_to_compare() -> None:
    tree = TreeEntries(Growing().chain(4).session, LiveReplies(), Params())
    assert pair_at(tree, "m3") is None


def test_two_messages_are_compared_from_where_their_paths_part() -> None:
    tree = branching()
    pair = pair_at(tree, "f", "c")
    assert pair is not None
    assert ids(tree, pair) == [["a", "d", "f"], ["c"]], "in the order of the siblings"
    assert pair.sides[pair.chosen].through_id == "f"


def test_two_messages_of_one_path_stand_each_alone() -> None:
    tree = branching()
    for mine, other in (("e", "a"), ("a", "e")):
        pair = pair_at(tree, mine, other)
        assert pair is not None
        assert ids(tree, pair) == [["a"], ["e"]]
        assert pair.sides[pair.chosen].through_id == mine


def test_a_step_goes_through_all_siblings_but_the_one_on_the_other_side() -> None:
    tree = branching()
    pair = pair_at(tree, "b")
    assert pair is not None
    right = step(tree, pair, 1)
    assert right is not None
    assert ids(tree, right) == [["a", "d", "e"], ["c"]]
    assert step(tree, right, 1) is None
    left = right.choose(0)
    over = step(tree, left, 1)
    assert over is not None
    assert over.sides[0] == Side("b", "b")
    assert step(tree, over, 1) is None, "c is on the other side, and the last"


def test_what_is_pruned_is_no_sibling_and_cannot_be_compared() -> None:
    tree = branching()
    tree.session.set_absence("b", Absence("pruned", NOW))
    pair = pair_at(tree, "c")
    assert pair is not None
    assert ids(tree, pair)[0] == ["a", "d", "e"]
    with pytest.raises(NotPossible):
        pair_at(tree, "b", "c")


def test_columns_say_what_differs_and_what_the_branch_took() -> None:
    tree = branching()
    pair = pair_at(tree, "b")
    assert pair is not None
    left, right = columns(tree, pair)
    assert (left.position, right.position) == ("1/3", "2/3")
    assert (left.differs, right.differs) == ("model-a", "model-b")
    assert left.took.startswith("3 messages")
    assert right.took == ""
