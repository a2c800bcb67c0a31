"""Keeps the view still while something in it opens or closes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from conduit_tui.tui.widgets.row_chunks import Place

if TYPE_CHECKING:
    from conduit_tui.tui.widgets.path_view import PathView


class Mark(NamedTuple):
    """What stands in a row of the screen, counted from its top."""

    y: int
    message: int
    place: Place


def marks_in_sight(path: "PathView") -> list[Mark]:
    """Every row in sight, from top to bottom."""
    return [Mark(y, at, path.view(at).place_at(row)) for y, (at, row) in enumerate(path.visible())]


def marks_of_folds(path: "PathView", at: int, clicked: int | None, *, opens: bool) -> list[Mark]:
    """What may stay where it is when folds of a message open or close, the best first.

    That is the row that was clicked; the lines that open and close, in sight; every row in
    sight; and then those lines out of sight, at the edge that is nearer.
    """
    view = path.view(at)
    start = path.heights.above(at) - path.line
    rows = view.fold_rows() if clicked is None else [clicked, *view.fold_rows()]
    lines = [Mark(start + row, at, view.place_at(row)) for row in rows]
    if opens:  # text that goes on is read on: the line below what was shown moves away
        lines = [mark for mark in lines if mark.place.key[1] != "more"]
    seen = [mark for mark in lines if 0 <= mark.y < path.height]
    unseen = sorted(set(lines) - set(seen), key=lambda mark: abs(mark.y - path.height // 2))
    at_edge = [mark._replace(y=min(max(0, mark.y), path.height - 1)) for mark in unseen]
    return [*seen, *marks_in_sight(path), *at_edge]


def stand_on(path: "PathView", marks: Sequence[Mark]) -> None:
    """Move the view so that the first of the marks that is still shown is where it was."""
    for y, at, place in marks:
        row = path.view(at).row_of_place(place)
        if row is not None:
            path.stand(at, row, y)
            return
