"""What can be done to the structure of a session, as plans: messages to add, and changes to make.

Nothing here changes a session. `core/change.py` applies what is planned, in memory and in the
store, and gives its inverse. No plan removes a message: pruning puts it out of sight, and a graft
or a fork adds copies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from conduit_tui.core.change import Change, Changes, SetAbsence, SetLeaf, SetMark, compacted
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.marks import NO_MARK, Absence
from conduit_tui.core.message import Message, new_id
from conduit_tui.core.session import Session


@dataclass(frozen=True, slots=True)
class Loss:
    """What a pruning would put out of sight; `cost_usd` is of the replies whose price is known."""

    messages: int = 0
    tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    stars: int = 0
    labels: tuple[str, ...] = ()
    notes: int = 0
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Messages to add, in this order, and then the changes to make."""

    changes: Changes
    added: tuple[Message, ...] = ()


def prune(session: Session, message_id: str, at: datetime) -> Plan:
    """Put a message with all below it into the session's trash.

    Results of tools go with the call they answer. If the leaf is among them, the one before it in
    order becomes current, else what is above.
    """
    return _pruned(session, [calling(session, message_id)], at)


def prune_others(session: Session, at: datetime, kept_id: str | None = None) -> Plan:
    """Put everything into the trash that is not on the path to the current leaf.

    With `kept_id` it is the path through that message that stays, down to where one was last. A
    call that the leaf makes keeps its results. Raises NotPossible if there is nothing else.
    """
    end = session.leaf_below(kept_id) if kept_id else session.leaf_id
    end = end and answering(session, end)
    path = {message.id for message in session.path(end)}
    above: list[str | None] = [None, *path]
    roots = [child.id for each in above for child in session.children(each) if child.id not in path]
    if not roots:
        raise NotPossible("There is nothing but this path.")
    changes: list[Change] = [SetAbsence(root, Absence("pruned", at)) for root in roots]
    if kept_id:
        changes.append(SetLeaf(end))
    return Plan(tuple(changes))


def calling(session: Session, message_id: str) -> str:
    """The message whose calls these results answer; of any other message itself."""
    message = session[message_id]
    above = session.get(message.predecessor_id)
    return above.id if message.role == "tool" and above is not None else message_id


def answering(session: Session, message_id: str) -> str:
    """The results last visited that answer a message's calls; the message itself without any."""
    if not session[message_id].tool_calls:
        return message_id
    results = [child.id for child in session.children(message_id) if child.role == "tool"]
    if not results:
        return message_id
    on_the_way = {message.id for message in session.path(session.leaf_below(message_id))}
    return next((each for each in results if each in on_the_way), results[-1])


def hidden_by(session: Session, changes: Changes) -> tuple[str, ...]:
    """The messages that changes would put out of sight, each with all below it."""
    return tuple(
        change.message_id
        for change in compacted(changes)
        if isinstance(change, SetAbsence)
        and change.absence is not None
        and session.absence(change.message_id) is None
    )


def pruned_roots(plan: Plan) -> tuple[str, ...]:
    """The messages a plan puts out of sight, each with all below it."""
    return tuple(
        change.message_id
        for change in plan.changes
        if isinstance(change, SetAbsence) and change.absence is not None
    )


def loss(session: Session, roots: Iterable[str]) -> Loss:
    """Count what is in sight at and below some messages, none of them below another."""
    found = [message for root in roots for message in session.subtree(root)]
    marks = [session.mark(message.id) for message in found]
    return Loss(
        messages=len(found),
        tokens=sum(message.usage.total_tokens for message in found if message.usage),
        cost_usd=sum((message.cost_usd or Decimal(0) for message in found), Decimal(0)),
        stars=sum(mark.starred_at is not None for mark in marks),
        labels=tuple(mark.label for mark in marks if mark.label),
        notes=sum(bool(mark.note) for mark in marks),
        is_estimated=any(message.usage.is_estimated for message in found if message.usage),
    )


def restore(session: Session, message_id: str) -> Plan:
    """Bring a pruned message back to where it was, with all that was in sight below it.

    What it hangs on is brought back as well, if that was pruned later.
    """
    line = session.path(message_id)
    back: list[Change] = [
        SetAbsence(message.id, None) for message in line if session.absence(message.id)
    ]
    return Plan((*back, SetLeaf(session.leaf_below(message_id))))


def label(session: Session, message_id: str, name: str | None) -> Plan:
    """Give a message a label, or take it away with None. Another message that has it loses it."""
    changes: list[Change] = []
    holder = session.labelled(name) if name else None
    if holder is not None and holder.id != message_id:
        changes.append(SetMark(holder.id, replace(session.mark(holder.id), label=None)))
    changes.append(SetMark(message_id, replace(session.mark(message_id), label=name)))
    return Plan(tuple(changes))


def star(session: Session, message_id: str, at: datetime | None) -> Plan:
    """Star a message, or take the star away with None."""
    return Plan((SetMark(message_id, replace(session.mark(message_id), starred_at=at)),))


def annotate(session: Session, message_id: str, note: str) -> Plan:
    """Put a note on a message; an empty one takes it away."""
    return Plan((SetMark(message_id, replace(session.mark(message_id), note=note)),))


def move_leaf(session: Session, message_id: str, *, is_exact: bool = False) -> Plan:
    """Go to a message: the leaf last visited under it becomes current, or exactly itself."""
    return Plan((SetLeaf(message_id if is_exact else session.leaf_below(message_id)),))


def graft(session: Session, message_id: str, onto_id: str) -> Plan:
    """Put a copy of a message and all in sight below it under another message.

    Stars and notes are copied, labels stay with the original. The leaf goes to the copy of what
    was last visited in it. Calls and their results stay together on both ends. Raises NotPossible
    for what is out of sight, and below calls that nothing answers.
    """
    message_id, onto_id = _ends(session, message_id, onto_id)
    subtree = list(session.subtree(message_id))
    copies, new_ids = _copies(subtree, session.id, onto_id)
    leaf = SetLeaf(new_ids[session.leaf_below(message_id)])
    return Plan((*_copied_marks(session, new_ids, with_labels=False), leaf), copies)


def move(session: Session, message_id: str, onto_id: str, at: datetime) -> Plan:
    """Put a message with all below it under another one: a graft, and the original pruned.

    Labels go along. Raises NotPossible as a graft does, and where the target is below the message
    itself, or where it hangs already.
    """
    message_id, onto_id = _ends(session, message_id, onto_id)
    if any(message.id == message_id for message in session.path(onto_id)):
        raise NotPossible("A message cannot be moved below itself. Copying it there is possible.")
    if session[message_id].predecessor_id == onto_id:
        raise NotPossible("It hangs there already.")
    subtree = list(session.subtree(message_id))
    copies, new_ids = _copies(subtree, session.id, onto_id)
    unlabelled = [
        SetMark(message.id, replace(session.mark(message.id), label=None))
        for message in subtree
        if session.mark(message.id).label
    ]
    changes: tuple[Change, ...] = (
        *unlabelled,
        *_copied_marks(session, new_ids, with_labels=True),
        SetAbsence(message_id, Absence("pruned", at)),
        SetLeaf(new_ids[session.leaf_below(message_id)]),
    )
    return Plan(changes, copies)


def fork_path(session: Session, message_id: str, new_session_id: str) -> Plan:
    """Copy the path down to a message, for a new session; a call takes its results along."""
    end = answering(session, message_id)
    return _forked(session, session.path(end), end, new_session_id)


def fork_subtree(session: Session, message_id: str, new_session_id: str) -> Plan:
    """Copy the path down to a message and all in sight below it, for a new session."""
    messages = [*session.path(message_id)[:-1], *session.subtree(message_id)]
    return _forked(session, messages, session.leaf_below(message_id), new_session_id)


def _forked(
    session: Session, messages: Sequence[Message], leaf_id: str, new_session_id: str
) -> Plan:
    copies, new_ids = _copies(messages, new_session_id, None)
    marks = _copied_marks(session, new_ids, with_labels=True)
    return Plan((*marks, SetLeaf(new_ids[leaf_id])), copies)


def _ends(session: Session, message_id: str, onto_id: str) -> tuple[str, str]:
    """What is put where, so that calls and their results stay together."""
    if not session.is_visible(message_id):
        raise NotPossible("That is in the trash of this session; /pruned brings it back first.")
    if not session.is_visible(onto_id):
        raise NotPossible("The place to put it is in the trash; /pruned brings it back first.")
    end = answering(session, onto_id)
    if session[end].tool_calls:
        raise NotPossible(
            "This message calls tools and nothing answers them; choose another place."
        )
    return calling(session, message_id), end


def _pruned(session: Session, roots: Sequence[str], at: datetime) -> Plan:
    changes: list[Change] = [SetAbsence(root, Absence("pruned", at)) for root in roots]
    gone = set(roots)
    hit = next((each for each in session.path(session.leaf_id) if each.id in gone), None)
    if hit is not None:
        changes.append(SetLeaf(_leaf_beside(session, hit, gone)))
    return Plan(tuple(changes))


def _leaf_beside(session: Session, message: Message, gone: set[str]) -> str | None:
    siblings = session.siblings(message.id)
    at = siblings.index(message)
    near = [*reversed(siblings[:at]), *siblings[at + 1 :]]
    left = next((sibling for sibling in near if sibling.id not in gone), None)
    return session.leaf_below(left.id) if left else message.predecessor_id


def _copies(
    messages: Sequence[Message], session_id: str, onto_id: str | None
) -> tuple[tuple[Message, ...], dict[str, str]]:
    """Copy messages, parents before children; what hangs on none of them hangs on `onto_id`.

    Returns the copies, siblings in the order of their originals, and the new id of each original.
    """
    new_ids = {message.id: new_id() for message in messages}
    copies = [
        replace(
            message,
            id=new_ids[message.id],
            session_id=session_id,
            predecessor_id=new_ids.get(message.predecessor_id or "", onto_id),
            copy_of=message.copy_of or message.id,
        )
        for message in messages
    ]
    return tuple(copies), new_ids


def _copied_marks(
    session: Session, new_ids: dict[str, str], *, with_labels: bool
) -> tuple[SetMark, ...]:
    marks = ((new, session.mark(old)) for old, new in new_ids.items())
    kept = ((new, mark if with_labels else replace(mark, label=None)) for new, mark in marks)
    return tuple(SetMark(new, mark) for new, mark in kept if mark != NO_MARK)
