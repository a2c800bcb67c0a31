"""Two branches of a session, and what stands on each."""

from dataclasses import dataclass, replace

from conduit_tui.core.amounts import cost, short_tokens
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.message import Message
from conduit_tui.core.spending import spent_on
from conduit_tui.tui.branch_differences import differences
from conduit_tui.tui.tree_entries import TreeEntries
from conduit_tui.tui.widgets.compare_side import Column
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fitting import short_seconds

NOT_IN_SIGHT = "That message is not in sight."


@dataclass(frozen=True, slots=True)
class Side:
    """A branch from right below a fork through a message down to the leaf last visited there.

    One that `is_alone` is its message and nothing below it.
    """

    top_id: str
    through_id: str
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """What is compared, left and right, and which of both is chosen: 0 or 1."""

    sides: tuple[Side, Side]
    chosen: int = 1

    def choose(self, side: int) -> "Pair":
        """The same with another side chosen."""
        return replace(self, chosen=side)

    def put(self, side: Side) -> "Pair":
        """The same with something else on the chosen side."""
        left, right = self.sides
        return replace(self, sides=(side, right) if self.chosen == 0 else (left, side))


def pair_at(tree: TreeEntries, message_id: str, other_id: str | None = None) -> Pair | None:
    """Return what to compare a message with: the other one, else its nearest sibling.

    Where it has none, the branch it is on is compared from the nearest fork above. None if there is
    no fork above it. Raises NotPossible for a message that is not in sight.
    """
    for each in (message_id, other_id):
        if each is not None and not _is_visible(tree, each):
            raise NotPossible(NOT_IN_SIGHT)
    if other_id is not None and other_id != message_id:
        return _pair_of(tree, message_id, other_id)
    top_id: str | None = message_id
    while top_id is not None and len(tree.siblings(top_id)) < 2:
        top_id = tree.above(top_id)
    if top_id is None or top_id not in tree:
        return None
    siblings = tree.siblings(top_id)
    at = siblings.index(top_id)
    mine = Side(top_id, message_id)
    if at == 0:
        return Pair((mine, Side(siblings[1], siblings[1])), chosen=0)
    return Pair((Side(siblings[at - 1], siblings[at - 1]), mine), chosen=1)


def step(tree: TreeEntries, pair: Pair, by: int) -> Pair | None:
    """Put the next sibling on the chosen side, or the one before with -1; None at the edge.

    The one on the other side is passed over.
    """
    side, other = pair.sides[pair.chosen], pair.sides[1 - pair.chosen]
    siblings = tree.siblings(side.top_id)
    at = siblings.index(side.top_id) + by if side.top_id in siblings else -1
    if 0 <= at < len(siblings) and siblings[at] == other.top_id:
        at += by
    if not 0 <= at < len(siblings):
        return None
    return pair.put(Side(siblings[at], siblings[at], side.is_alone))


def columns(tree: TreeEntries, pair: Pair) -> tuple[Column, Column]:
    """What both sides show now. Raises KeyError when something of it is gone."""
    left, right = (_entries(tree, side) for side in pair.sides)
    of_left, of_right = differences(left, right)
    return (
        _column(tree, pair, 0, left, of_left),
        _column(tree, pair, 1, right, of_right),
    )


def _is_visible(tree: TreeEntries, message_id: str) -> bool:
    above = tree.above(message_id) if tree.is_live(message_id) else message_id
    return above is None or tree.session.is_visible(above)


def _pair_of(tree: TreeEntries, message_id: str, other_id: str) -> Pair:
    """Both from where their paths part; of two on one path, each message by itself."""
    mine, its = _path(tree, message_id), _path(tree, other_id)
    shared = sum(1 for one, other in zip(mine, its, strict=False) if one == other)
    if shared in (len(mine), len(its)):
        a, b = Side(other_id, other_id, True), Side(message_id, message_id, True)
        return Pair((a, b), chosen=1) if len(its) < len(mine) else Pair((b, a), chosen=0)
    a, b = Side(its[shared], other_id), Side(mine[shared], message_id)
    siblings = tree.siblings(b.top_id)
    if a.top_id in siblings and siblings.index(b.top_id) < siblings.index(a.top_id):
        return Pair((b, a), chosen=0)
    return Pair((a, b), chosen=1)


def _path(tree: TreeEntries, message_id: str) -> list[str]:
    line: list[str] = []
    above: str | None = message_id
    while above is not None:
        line.append(above)
        above = tree.above(above) if above in tree else None
    return line[::-1]


def _entries(tree: TreeEntries, side: Side) -> tuple[Entry, ...]:
    ids = (side.top_id,) if side.is_alone else tree.branch(side.top_id, side.through_id)
    return tuple(replace(tree.entry(each), sampled="") for each in ids)


def _column(
    tree: TreeEntries, pair: Pair, number: int, entries: tuple[Entry, ...], differs: str
) -> Column:
    top = entries[0]
    mark = tree.session.mark(top.id)
    signs = [*(["★"] if mark.starred_at else []), *([f"[{mark.label}]"] if mark.label else [])]
    return Column(
        entries=entries,
        position=f"{top.position}/{top.siblings}" if top.siblings > 1 else "",
        marks=" ".join(signs),
        differs=differs,
        took=_took([entry.message for entry in entries if not entry.is_live]),
        is_chosen=number == pair.chosen,
    )


def _took(messages: list[Message]) -> str:
    """Tokens, money and time of all replies of a branch; of a single message its header tells."""
    if len(messages) < 2:
        return ""
    spending = spent_on(messages)
    words = [f"{len(messages):,} messages"]
    if spending.usage.output_tokens:
        estimated = spending.usage.is_estimated
        tokens = short_tokens(spending.usage.output_tokens, is_estimated=estimated)
        words.append(f"{tokens} tok")
    if spending.has_price:
        words.append(cost(spending))
    seconds = sum(each.duration_seconds or 0.0 for each in messages)
    if seconds:
        words.append(short_seconds(seconds))
    return " · ".join(words)
