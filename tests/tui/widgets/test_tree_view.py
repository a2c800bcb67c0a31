"""What of a tree is on view, without a widget."""

import pytest

from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.tree_rows import LiveNode, tree_rows
from conduit_tui.tui.widgets import tree_view
from conduit_tui.tui.widgets.tree_view import TreeView
from tests.tui.widgets.building import NOW, Growing


@pytest.fixture
def layouts(monkeypatch):
    """How often a tree was laid out, as a list that grows."""
    made = []

    def counted(*asked):
        made.append(asked)
        return tree_rows(*asked)

    monkeypatch.setattr(tree_view, "tree_rows", counted)
    return made


def test_a_star_and_another_leaf_need_no_new_layout(layouts):
    tree, view = Growing().chain(4).add("side", "m1"), TreeView(lambda: NOW)
    view.show(tree.session, "m3", ())
    tree.session.set_mark("m1", Mark(starred_at=NOW))
    view.show(tree.session, "side", ())
    assert len(layouts) == 1
    assert view.rows == tree_rows(tree.session, "side")


def test_a_layout_is_made_anew_when_the_tree_or_what_streams_changes(layouts):
    tree, view = Growing().chain(4), TreeView(lambda: NOW)
    view.show(tree.session, "m3", ())
    tree.add("side", "m1")
    view.show(tree.session, "m3", ())
    assert view.rows.index["side"]
    tree.session.set_absence("side", Absence("pruned", NOW))
    view.show(tree.session, "m3", ())
    assert "side" not in view.rows.index
    view.show(tree.session, "new", (LiveNode("new", "m3", "gpt"),))
    assert view.rows.live
    view.show(tree.session, "m3", ())
    assert not view.rows.live
    other = Growing().chain(4).add("x", "m3").add("y", "x").session
    view.show(other, "y", ())
    assert view.rows == tree_rows(other, "y")
    assert len(layouts) == 6
    view.show(None, None, ())
    assert not len(view.rows)
