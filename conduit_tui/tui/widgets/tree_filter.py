"""Which rows of a tree a filter leaves."""

from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import TreeRows


def filtered_rows(rows: TreeRows, session: Session, wanted: str) -> list[int]:
    """Row numbers whose message matches, and the forks that lead to them, in the tree's order.

    `wanted` is in lower case. A fork is kept with the sibling through which the match is reached;
    otherwise its lanes would hang in the air.
    """
    kept: set[int] = set()
    walked: set[int] = set()
    for row in range(len(rows)):
        if _matches(rows, row, session, wanted):
            kept.add(row)
            _keep_forks_above(rows, row, kept, walked)
    return sorted(kept)


def _matches(rows: TreeRows, row: int, session: Session, wanted: str) -> bool:
    if live := rows.live.get(row):
        return wanted in live.label.lower()
    message = session[rows.ids[row]]
    return any(wanted in text.lower() for text in _texts(message))


def _texts(message: Message) -> tuple[str, ...]:
    names = (*(call.name for call in message.tool_calls), *(p.name for p in message.attachments))
    return (message.text, message.model or "", *names)


def _keep_forks_above(rows: TreeRows, row: int, kept: set[int], walked: set[int]) -> None:
    """Walk up until somebody has been there, so that all matches together cost one pass."""
    while row not in walked and (above := rows.parents[row]) >= 0:
        walked.add(row)
        if above in rows.forks:
            kept.update((above, row))
        row = above
