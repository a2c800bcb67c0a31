"""Changes to a session's structure, as values: each is applied in one step and gives its inverse.

The store applies the same values to its rows (`storage/change_rows.py`), so what is in memory and
what is found after a restart cannot drift apart.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.session import Session


@dataclass(frozen=True, slots=True)
class SetAbsence:
    """Put a message with all below it out of sight; None brings it back to where it was."""

    message_id: str
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class SetMark:
    """Replace what stands on a message: label, star and note."""

    message_id: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class SetLeaf:
    """Make a message the current leaf; None: none."""

    leaf_id: str | None


@dataclass(frozen=True, slots=True)
class SetTitle:
    """Give the session a title."""

    title: str
    is_manual: bool


Change: TypeAlias = SetAbsence | SetMark | SetLeaf | SetTitle
Changes: TypeAlias = tuple[Change, ...]


def apply(session: Session, changes: Changes) -> Changes:
    """Make changes to a session, in their order, and return what undoes them.

    What is returned moves the leaf last: where it was may come back into sight only before that. A
    change to a message that is not there any more (it was erased) is left out. A leaf that is out
    of sight is replaced by what is nearest above it.
    """
    undoing = [_apply(session, change) for change in changes]
    undoing.reverse()
    rest = [each for each in undoing if each is not None and not isinstance(each, SetLeaf)]
    return (*rest, *(each for each in undoing if isinstance(each, SetLeaf)))


def _apply(session: Session, change: Change) -> Change | None:
    match change:
        case SetAbsence(message_id, absence):
            if message_id not in session:
                return None
            before = SetAbsence(message_id, session.absence(message_id))
            session.set_absence(message_id, absence)
            return before
        case SetMark(message_id, mark):
            if message_id not in session:
                return None
            marked = SetMark(message_id, session.mark(message_id))
            session.set_mark(message_id, mark)
            return marked
        case SetLeaf(leaf_id):
            left = SetLeaf(session.leaf_id)
            session.visit(session.nearest_visible(leaf_id))
            return left
        case SetTitle(title, is_manual):
            called = SetTitle(session.title, session.title_is_manual)
            session.title, session.title_is_manual = title, is_manual
            return called
        case _:
            assert_never(change)
