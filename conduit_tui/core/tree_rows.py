"""Lays a session's tree out as rows: which message stands where, and how its lane is drawn.

Like a graph of commits: depth first, siblings in order of creation, and a line of messages without
forks stays in one lane however long it is. Only a fork opens lanes, two cells each. In the deepest
lanes the last sibling keeps its parent's lane, so that a tree forked at every turn runs straight
down instead of off the pane. Nothing recurses: a chain of 100,000 messages is a list.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import LONGEST_WORDS
from conduit_tui.core.session import Session

LANE_CELLS = 2
INDENTED_FORKS = 4
"""Forks inside each other whose last sibling is indented like the others."""
LONGEST_LANE = 64
"""Cells of a lane worth keeping; no pane shows more, and memory must not grow with depth."""


@dataclass(frozen=True, slots=True)
class LiveNode:
    """A message that still streams: it has a place in the tree, but is not in the session yet.

    `label` is what to show for it, usually the model.
    """

    message_id: str
    predecessor_id: str | None
    label: str


@dataclass(slots=True)
class TreeRows:
    """The rows as parallel lists; `parents` holds row numbers, -1 for a root.

    `lanes` are the connectors drawn before a row. `models` is the model's name where it differs
    from the one above, else "". `here` is the row of the current leaf, -1 if there is none.
    """

    ids: list[str] = field(default_factory=list[str])
    parents: list[int] = field(default_factory=list[int])
    lanes: list[str] = field(default_factory=list[str])
    models: list[str] = field(default_factory=list[str])
    forks: set[int] = field(default_factory=set[int])
    path: set[int] = field(default_factory=set[int])
    live: dict[int, LiveNode] = field(default_factory=dict[int, LiveNode])
    index: dict[str, int] = field(default_factory=dict[str, int])
    here: int = -1

    def __len__(self) -> int:
        return len(self.ids)

    def first_child(self, row: int) -> int | None:
        """The row of the first message below `row`, if there is one."""
        below = row + 1
        return below if below < len(self.ids) and self.parents[below] == row else None

    def is_below(self, row: int, above: int) -> bool:
        """Whether one row stands anywhere below another one in the tree."""
        while row > above:
            row = self.parents[row]
        return row == above


def tree_rows(session: Session, leaf_id: str | None, live: Iterable[LiveNode] = ()) -> TreeRows:
    """Lay out all messages of a session, and those that still stream.

    Tool messages have no row: what follows one stands below the message that called the tool. The
    layout stays true while the session's `shape` and what streams are the same; `mark_path` then
    gives it another leaf.
    """
    rows = TreeRows()
    ids, index, parents, lanes, models = rows.ids, rows.index, rows.parents, rows.lanes, rows.models
    visible_below = _Below(session, live)
    # (what, row of its parent, lane drawn before it, lane of what follows it, model above)
    waiting = _branches(visible_below(None), -1, "", "")
    while waiting:
        node, parent, lane, following, above = waiting.pop()
        below = [node]
        while len(below) == 1:  # down to a fork or a leaf
            node, row = below[0], len(ids)
            node_id, model = _id_and_model(node)
            ids.append(node_id)
            index[node_id] = row
            parents.append(parent)
            lanes.append(lane)
            differs = model and model != above
            models.append(clean_line(model[:LONGEST_WORDS]) if differs else "")
            if isinstance(node, LiveNode):
                rows.live[row] = node
            parent, lane, above = row, following, model or above
            below = visible_below(node_id)
        if below:
            rows.forks.add(parent)
            waiting.extend(_branches(below, parent, following, above))
    mark_path(rows, session, leaf_id)
    return rows


def mark_path(rows: TreeRows, session: Session, leaf_id: str | None) -> None:
    """Take another leaf for the current one in a layout that is the same otherwise."""
    rows.path.clear()
    while leaf_id is not None and leaf_id not in rows.index:
        message = session.get(leaf_id)
        leaf_id = message.predecessor_id if message else None
    row = rows.here = -1 if leaf_id is None else rows.index[leaf_id]
    while row >= 0:
        rows.path.add(row)
        row = rows.parents[row]


_Node = Message | LiveNode
_Waiting = tuple[_Node, int, str, str, str]


def _id_and_model(node: _Node) -> tuple[str, str]:
    if isinstance(node, LiveNode):
        return node.message_id, ""
    return node.id, (node.model or node.provider or "") if node.role == "assistant" else ""


class _Below:
    """Finds what stands right below a message, past tool messages; what streams comes last."""

    def __init__(self, session: Session, live: Iterable[LiveNode]) -> None:
        self._session = session
        self._streaming: defaultdict[str | None, list[LiveNode]] = defaultdict(list)
        for node in live:
            if node.message_id not in session:
                self._streaming[node.predecessor_id].append(node)

    def __call__(self, message_id: str | None) -> list[_Node]:
        children = self._children(message_id)
        for node in children:
            if isinstance(node, Message) and node.role == "tool":
                return self._past_tools(children)
        return children

    def _past_tools(self, children: list[_Node]) -> list[_Node]:
        visible: list[_Node] = []
        waiting = children[::-1]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Message) and node.role == "tool":
                waiting.extend(reversed(self._children(node.id)))
            else:
                visible.append(node)
        return visible

    def _children(self, message_id: str | None) -> list[_Node]:
        session = self._session
        known = session.tops if message_id is None else session.children(message_id)
        children: list[_Node] = list(known)
        if self._streaming:
            children += self._streaming.get(message_id, ())
        return children


def _branches(nodes: list[_Node], row: int, lane: str, model: str) -> list[_Waiting]:
    """Give what stands below a row its lanes, last first; one alone stays in the row's own."""
    if len(nodes) <= 1:
        return [(node, row, lane, lane, model) for node in nodes]
    kept = lane[-LONGEST_LANE:]
    branches: list[_Waiting] = [(node, row, kept + "├─", kept + "│ ", model) for node in nodes]
    drawn, following = (
        (kept + "└─", kept + "  ") if len(lane) < INDENTED_FORKS * LANE_CELLS else (lane, lane)
    )
    branches[-1] = (nodes[-1], row, drawn, following, model)
    branches.reverse()
    return branches
