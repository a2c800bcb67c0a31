"""Changes to a session's structure, as values: each is applied in one step and gives its inverse.

The store applies the same values to its rows (`storage/mark_rows.py`), so what is in memory and
what is found after a restart cannot drift apart.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
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
    """Make changes to a session, in their order but the leaf last, and return what undoes them.

    What is returned moves the leaf last: where it was may come back into sight only before that. A
    change to a message that is not there any more (it was erased) is left out. A leaf that is out
    of sight is replaced by what is nearest above it.
    """
    leaf_before = leaf_id = session.leaf_id
    undoing: list[Change] = []
    for change in changes:
        match change:
            case SetAbsence(message_id, absence) if message_id in session:
                undoing.append(SetAbsence(message_id, session.absence(message_id)))
                session.set_absence(message_id, absence)
            case SetMark(message_id, mark) if message_id in session:
                undoing += _set_mark(session, message_id, mark)
            case SetLeaf(wanted):
                leaf_id = wanted if wanted is None or wanted in session else leaf_id
            case SetTitle(title, is_manual):
                undoing.append(SetTitle(session.title, session.title_is_manual))
                session.title, session.title_is_manual = title, is_manual
            case SetAbsence() | SetMark():
                pass
            case _:
                assert_never(change)
    if any(isinstance(change, SetLeaf) for change in changes) or not _is_in_sight(session, leaf_id):
        session.visit(session.nearest_visible(leaf_id))
        undoing.insert(0, SetLeaf(leaf_before))
    return tuple(reversed(undoing))


def compacted(changes: Changes) -> Changes:
    """What remains of many changes when only the last of each thing counts; the leaf comes last."""
    last: dict[object, Change] = {}
    for change in changes:
        key = _key(change)
        last.pop(key, None)
        last[key] = change
    return tuple(sorted(last.values(), key=lambda change: isinstance(change, SetLeaf)))


def touches(changes: Changes, message_ids: Collection[str]) -> bool:
    """Whether changes mark some of these messages, or put them in or out of sight."""
    return any(
        isinstance(change, SetAbsence | SetMark) and change.message_id in message_ids
        for change in changes
    )


def concerns(changes: Changes, message_ids: Collection[str]) -> bool:
    """Whether changes are about some of these messages in any way."""
    return any(_is_about(change, message_ids, ()) for change in changes)


def without(changes: Changes, message_ids: Collection[str], titles: Collection[str]) -> Changes:
    """Changes without what is said of some messages, and without some titles."""
    return tuple(change for change in changes if not _is_about(change, message_ids, titles))


def _is_about(change: Change, message_ids: Collection[str], titles: Collection[str]) -> bool:
    match change:
        case SetAbsence(message_id) | SetMark(message_id):
            return message_id in message_ids
        case SetLeaf(leaf_id):
            return leaf_id in message_ids
        case SetTitle(title):
            return title in titles
        case _:
            assert_never(change)


def _set_mark(session: Session, message_id: str, mark: Mark) -> list[Change]:
    """Set a mark; another message that has its label loses it. Returns what undoes that."""
    undoing: list[Change] = []
    holder = session.labelled(mark.label) if mark.label else None
    if holder is not None and holder.id != message_id:
        undoing.append(SetMark(holder.id, session.mark(holder.id)))
        session.set_mark(holder.id, replace(session.mark(holder.id), label=None))
    undoing.append(SetMark(message_id, session.mark(message_id)))
    session.set_mark(message_id, mark)
    return undoing


def _is_in_sight(session: Session, leaf_id: str | None) -> bool:
    return leaf_id is None or session.is_visible(leaf_id)


def _key(change: Change) -> object:
    match change:
        case SetAbsence(message_id) | SetMark(message_id):
            return type(change), message_id
        case SetLeaf() | SetTitle():
            return type(change)
        case _:
            assert_never(change)
