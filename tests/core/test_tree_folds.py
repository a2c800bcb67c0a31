from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.marks import Mark
from conduit_tui.core.tree_folds import TreeLines, fold_lane, fold_words, gaps, runs
from conduit_tui.core.tree_rows import LiveNode, TreeRows, tree_rows
from tests.tui.widgets.building import NOW, Growing


def drawn(rows: TreeRows, lines: TreeLines) -> list[str]:
    folds = [lines.fold(line) for line in range(len(lines))]
    return [
        rows.lanes[lines.rows[line]] + rows.ids[lines.rows[line]]
        if fold is None
        else f"{fold_lane(rows, fold)}… {len(fold)}"
        for line, fold in enumerate(folds)
    ]


def folded(tree: Growing, leaf_id: str | None, live: tuple[LiveNode, ...] = ()) -> list[str]:
    rows = tree_rows(tree.session, leaf_id, live)
    return drawn(rows, TreeLines(len(rows), runs(rows, tree.session)))


def test_a_run_folds_between_its_first_message_and_the_last_two_turns():
    assert folded(Growing().chain(500), "m499") == [
        "m0",
        "… 494",
        *("m495", "m496", "m497", "m498", "m499"),
    ]


def test_a_run_that_hides_only_a_few_rows_stays():
    assert folded(Growing().chain(9), "m8") == [f"m{number}" for number in range(9)]
    assert folded(Growing().chain(10), "m9")[1] == "… 4"


def test_forks_and_what_follows_them_and_leaves_are_never_hidden():
    tree = Growing().chain(20)
    tree.add("x0", "m10")
    for number in range(9):
        tree.add(f"x{number + 1}", f"x{number}")
    assert folded(tree, None) == [
        *("m0", "… 9", "m10"),
        *("├─m11", "│ … 7", "│ m19"),
        *("└─x0", "  … 8", "  x9"),
    ]


def test_a_marked_message_parts_a_run():
    for mark in (Mark("best"), Mark(starred_at=NOW), Mark(note="look here")):
        tree = Growing().chain(20)
        tree.session.set_mark("m9", mark)
        assert folded(tree, None) == ["m0", "… 8", "m9", "… 9", "m19"]


def test_what_stopped_early_or_failed_or_streams_is_never_hidden():
    tree = Growing().chain(6).add("a", "m5", status="interrupted").add("b", "a", status="error")
    before = "b"
    for number in range(6):
        tree.add(f"z{number}", before)
        before = f"z{number}"
    assert folded(tree, None, (LiveNode("live", "z5", "gpt"),)) == [
        *("m0", "… 5", "a", "b", "… 6", "live")
    ]


def test_standing_rows_are_not_hidden():
    rows = tree_rows(Growing().chain(20).session, None)
    assert runs(rows, Growing().chain(20).session, {10}) == [range(1, 10), range(11, 19)]


def test_a_fold_tells_its_turns_or_else_its_messages():
    tree = Growing().chain(10)
    rows = tree_rows(tree.session, None)
    assert fold_words(rows, tree.session, range(10)) == "5 turns"
    assert fold_words(rows, tree.session, range(1, 3)) == "1 turn"
    assert fold_words(rows, tree.session, range(1, 2)) == "1 message"


def test_a_gap_over_branches_ends_their_lanes():
    tree = Growing().add("r", None).add("a", "r").add("b", "r").add("c", "r")
    tree.add("a1", "a").add("b1", "b").add("c1", "c")
    rows = tree_rows(tree.session, None)
    assert drawn(rows, TreeLines(7, gaps(7, [0, 1]))) == ["r", "├─a", "└─… 5"]
    assert drawn(rows, TreeLines(7, gaps(7, [0, 1, 5]))) == ["r", "├─a", "├─… 3", "└─c", "  … 1"]
    assert drawn(rows, TreeLines(7, gaps(7, [0, 1, 3]))) == ["r", "├─a", "│ … 1", "├─b", "└─… 3"]


@given(st.integers(0, 40), st.sets(st.integers(0, 39)))
def test_every_row_is_shown_or_hidden_by_one_line(count, shown):
    shown = {row for row in shown if row < count}
    lines = TreeLines(count, gaps(count, shown))
    covered = [row for line in range(len(lines)) for row in lines.fold(line) or (lines.rows[line],)]
    assert covered == list(range(count))
    for row in range(count):
        assert lines.hides(row) == (row not in shown)
        assert row in (lines.fold(lines.line_of(row)) or (lines.rows[lines.line_of(row)],))
