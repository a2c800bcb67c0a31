"""Rows of a path, without a widget."""

from conduit_tui.tui.widgets import path_rows
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_rows import PathRows
from conduit_tui.tui.widgets.row_heights import message_size
from tests.tui.widgets.building import Growing


def test_going_back_to_the_path_before_measures_nothing_again(monkeypatch):
    measured = []

    def counted(message):
        measured.append(message.id)
        return message_size(message)

    monkeypatch.setattr(path_rows, "message_size", counted)
    session = Growing().chain(6).add("side", "m0").session
    long, short = ([Entry(each) for each in session.path(leaf)] for leaf in ("m5", "side"))
    rows = PathRows()
    for entries in (long, short, long):
        rows.show(entries)
    assert measured == ["m0", "m1", "m2", "m3", "m4", "m5", "side"]
    assert rows.heights.total == sum(rows.heights[at] for at in range(6))
