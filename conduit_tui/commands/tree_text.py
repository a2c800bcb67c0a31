"""Draws a session's tree in plain text: one message a line, lanes as in a graph of commits."""

from collections.abc import Iterator
from dataclasses import dataclass

import click
from rich.cells import cell_len, set_cell_size

from conduit_tui.core.address_offers import addresses_of
from conduit_tui.core.clean import clean_line
from conduit_tui.core.edges import edge_words
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import row_words
from conduit_tui.core.session import Session
from conduit_tui.core.tree_folds import TreeLines, fold_lane, fold_words, runs
from conduit_tui.core.tree_rows import TreeRows, tree_rows

SIGNS = "├│└─★…"
_ASCII = str.maketrans({"├": "|", "│": "|", "└": "`", "─": "-", "★": "*", "…": "..."})
_FEWEST_WORDS = 12
_LONGEST_NAME = 30

Piece = tuple[str, str]
"""Text, and what it is: a key of `_STYLES`."""

_STYLES: dict[str, dict[str, object]] = {
    "id": {"fg": "yellow"},
    "lane": {"fg": "bright_black"},
    "here": {"fg": "green", "bold": True},
    "you": {"fg": "cyan"},
    "model": {"fg": "green"},
    "mark": {"fg": "yellow"},
    "bad": {"fg": "red"},
    "quiet": {"dim": True},
    "words": {},
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a tree is drawn: `width` in cells, and what the output can show."""

    width: int
    is_folded: bool = True
    is_coloured: bool = False
    is_ascii: bool = False


def tree_lines(session: Session, look: Look) -> Iterator[str]:
    """Yield the lines of a whole session's tree, `@` at the current leaf.

    Later siblings say what changed.
    """
    rows = tree_rows(session, session.leaf_id)
    ids = addresses_of([session[message_id] for message_id in rows.ids], session)
    width = max(map(len, ids), default=0)
    lines = TreeLines(len(rows), runs(rows, session) if look.is_folded else ())
    for row in lines.rows:
        if (fold := lines.folds.get(row)) is not None:
            lane = _lane(fold_lane(rows, fold), look)
            words = f"… {fold_words(rows, session, fold)}"
            pieces = [(" " * width + "   ", "words"), (lane, "lane"), (words, "quiet")]
        else:
            pieces = _message_pieces(session, rows, row, ids[row].ljust(width), look)
        yield _line(pieces, look)


def _message_pieces(
    session: Session, rows: TreeRows, row: int, shown_id: str, look: Look
) -> list[Piece]:
    message = session[rows.ids[row]]
    lane = _lane(rows.lanes[row], look)
    who, kind = _who(message, rows.models[row])
    before: list[Piece] = [
        (shown_id, "id" if row in rows.path else "quiet"),
        (" @ " if row == rows.here else "   ", "here"),
        (lane + " " * lane.endswith("─"), "lane"),
        (f"{who}: ", kind),
    ]
    after = [*_marks(session, message)]
    if edge := clean_line(edge_words(session, message)):
        after.append((f" ({edge})", "quiet"))
    taken = sum(cell_len(_shown(text, look)) for text, _ in (*before, *after))
    room = max(_FEWEST_WORDS, look.width - taken)
    words = _fit(_shown(row_words(message), look), room, _shown("…", look))
    return [*before, (words, "here" if row == rows.here else "words"), *after]


def _who(message: Message, model: str) -> Piece:
    match message.role:
        case "user":
            return "you", "you"
        case "assistant":
            return _fit(model, _LONGEST_NAME) or "reply", "model"
        case other:
            return other, "quiet"


def _marks(session: Session, message: Message) -> Iterator[Piece]:
    mark = session.mark(message.id)
    if mark.starred_at is not None:
        yield " ★", "mark"
    if mark.label:
        yield f" [{clean_line(mark.label)}]", "mark"
    if message.status != "complete":
        yield f" ({message.status})", "bad"


def _lane(lane: str, look: Look) -> str:
    """A lane of at most half the width: in a narrow place its end says most."""
    most = max(2, look.width // 2)
    return lane if len(lane) <= most else f"…{lane[1 - most :]}"


def _line(pieces: list[Piece], look: Look) -> str:
    shown = [(_shown(text, look), kind) for text, kind in pieces]
    if not look.is_coloured:
        return "".join(text for text, _ in shown).rstrip()
    return "".join(click.style(text, **_STYLES[kind]) for text, kind in shown if text)  # pyright: ignore[reportArgumentType]: of its parameters' types


def _shown(text: str, look: Look) -> str:
    return text.translate(_ASCII) if look.is_ascii else text


def _fit(text: str, width: int, dots: str = "…") -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - len(dots)).rstrip() + dots
