"""Opens and closes parts of messages of a path, and keeps the view still meanwhile."""

from collections.abc import Sequence
from typing import NamedTuple

from conduit_tui.tui.widgets.fold_choices import asides
from conduit_tui.tui.widgets.path_view import PathView
from conduit_tui.tui.widgets.row_chunks import Place


def toggle(
    path: PathView, message_id: str, part: int | None = None, row: int | None = None
) -> bool:
    """Open or close one part of a message, or open all of them, or close all if all are open.

    What is in sight stays where it is on the screen, at best the `row` that was clicked.
    Returns whether there was anything to open or close.
    """
    at = path.index_of(message_id)
    if at is None:
        return False
    are_open = path.view(at).folds
    parts = tuple(are_open) if part is None else (part,)
    opens = not all(are_open.get(each, False) for each in parts)
    marks = _marks_of_folds(path, at, row, opens=opens)
    path.choices.choose(message_id, parts, is_open=opens)
    _stand_on(path, marks)
    return bool(parts)


def toggle_asides(path: PathView) -> None:
    """Open all thinking, tool calls and results of the path, or close them if any is open."""
    found = asides(path.entries)
    chosen = {at: path.choices.of(path.entries[at].id) for at in found}
    opens = not any(chosen[at].get(part) for at, parts in found.items() for part in parts)
    marks = _marks_in_sight(path)
    for at, parts in found.items():
        path.choices.choose(path.entries[at].id, parts, is_open=opens)
        path.estimate(at)
    _stand_on(path, marks)


def put(path: PathView, message_id: str, part: int, choice: bool | None) -> bool | None:
    """Open or close a part, or leave it to its message with None; returns what was chosen."""
    before = path.choices.put(message_id, part, choice)
    at = path.index_of(message_id)
    if at is not None and path.is_drawn(at):
        path.view(at)
    elif at is not None:
        path.estimate(at)
    return before


def fold_unseen(path: PathView) -> bool:
    """Let very long replies fold that are not the newest any more and not in sight."""
    unseen = path.choices.spare_only({path.entries[at].id for at, _ in path.visible()})
    for at in (path.index_of(each) for each in unseen):
        if at is not None:
            path.estimate(at)
    return bool(unseen)


class _Mark(NamedTuple):
    """What stands in a row of the screen, counted from its top."""

    y: int
    message: int
    place: Place


def _marks_in_sight(path: PathView) -> list[_Mark]:
    """Every row in sight, from top to bottom."""
    return [_Mark(y, at, path.view(at).place_at(row)) for y, (at, row) in enumerate(path.visible())]


def _marks_of_folds(path: PathView, at: int, clicked: int | None, *, opens: bool) -> list[_Mark]:
    """What may stay where it is when folds of a message open or close, the best first.

    That is the row that was clicked; the lines that open and close, in sight; every row in
    sight; and then those lines out of sight, at the edge that is nearer.
    """
    view = path.view(at)
    start = path.heights.above(at) - path.line
    rows = view.fold_rows() if clicked is None else [clicked, *view.fold_rows()]
    lines = [_Mark(start + row, at, view.place_at(row)) for row in rows]
    if opens:  # text that goes on is read on: the line below what was shown moves away
        lines = [mark for mark in lines if mark.place.key[1] != "more"]
    seen = [mark for mark in lines if 0 <= mark.y < path.height]
    unseen = sorted(set(lines) - set(seen), key=lambda mark: abs(mark.y - path.height // 2))
    at_edge = [mark._replace(y=min(max(0, mark.y), path.height - 1)) for mark in unseen]
    return [*seen, *_marks_in_sight(path), *at_edge]


def _stand_on(path: PathView, marks: Sequence[_Mark]) -> None:
    """Move the view so that the first of the marks that is still shown is where it was."""
    for y, at, place in marks:
        row = path.view(at).row_of_place(place)
        if row is not None:
            path.stand(at, row, y)
            return
