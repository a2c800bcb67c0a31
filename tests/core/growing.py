"""Random trees, and random things to do to them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from conduit_tui.core import structure
from conduit_tui.core.change import SetTitle
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from conduit_tui.core.structure import Plan
from conduit_tui.core.usage import Usage
from tests.conftest import AT

SHAPES = st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=1, max_size=20)
"""For each message in turn, which earlier one it stands below; None makes a root."""

LABELS = ("best", "other")


def grow(shape: list[int | None], session_id: str = "s1") -> Session:
    """A session of messages "0", "1", ...; the last one is the leaf."""
    session = Session(session_id)
    for position, above in enumerate(shape):
        predecessor = None if above is None or not position else str(above % position)
        role = (
            "assistant"
            if predecessor is not None and session[predecessor].role == "user"
            else "user"
        )
        message = Message(
            str(position),
            session_id,
            predecessor,
            role,
            (Text(f"message {position}"),),
            AT + timedelta(seconds=position),
            usage=Usage(input_tokens=position) if role == "assistant" else None,
        )
        session.add(message)
        session.visit(message.id)
    return session


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do, drawn before the tree it is done to is known."""

    name: str
    one: int
    other: int

    def plan(self, session: Session) -> Plan | None:
        """The plan for a session, or None if there is nothing to do it to."""
        visible = list(session.visible())
        if self.name == "title":
            return Plan((SetTitle(f"title {self.one}", is_manual=True),))
        if self.name == "restore":
            pruned = [each for each, why in session.absences.items() if why.why == "pruned"]
            return structure.restore(session, pruned[self.one % len(pruned)]) if pruned else None
        if not visible:
            return None
        message_id = visible[self.one % len(visible)].id
        onto_id = visible[self.other % len(visible)].id
        try:
            return _PLANS[self.name](session, message_id, onto_id, self)
        except NotPossible:
            return None


_PLANS: dict[str, Callable[[Session, str, str, Deed], Plan]] = {
    "prune": lambda session, one, _other, _deed: structure.prune(session, one, AT),
    "prune_others": lambda session, _one, _other, _deed: structure.prune_others(session, AT),
    "label": lambda session, one, _other, deed: structure.label(
        session, one, LABELS[deed.other % 2] if deed.other % 3 else None
    ),
    "star": lambda session, one, _other, deed: structure.star(
        session, one, AT + timedelta(seconds=deed.other) if deed.other % 3 else None
    ),
    "annotate": lambda session, one, _other, deed: structure.annotate(
        session, one, f"note {deed.other}" if deed.other % 3 else ""
    ),
    "go": lambda session, one, _other, deed: structure.move_leaf(
        session, one, is_exact=bool(deed.other % 2)
    ),
    "graft": lambda session, one, other, _deed: structure.graft(session, one, other),
    "move": lambda session, one, other, _deed: structure.move(session, one, other, AT),
}

DEEDS = st.builds(
    Deed,
    st.sampled_from([*_PLANS, "title", "restore"]),
    st.integers(0, 40),
    st.integers(0, 40),
)


def picture(session: Session) -> dict[str, Any]:
    """All that a person can see of a session's structure, to be compared."""
    visible = list(session.visible())
    return {
        "tree": [(each.id, each.predecessor_id) for each in visible],
        "order": {each.id: [child.id for child in session.children(each.id)] for each in visible},
        "marks": {each.id: session.mark(each.id) for each in visible},
        "trash": {each: why for each, why in session.absences.items() if why.why == "pruned"},
        "leaf": session.leaf_id,
        "title": (session.title, session.title_is_manual),
    }
