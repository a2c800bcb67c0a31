"""Draws one line of the tree: a message with all that is marked on it, or a fold."""

from collections.abc import Callable, Collection

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from conduit_tui.core.amounts import mark, money, short_tokens
from conduit_tui.core.clean import clean_line
from conduit_tui.core.edges import edge_words, short_model
from conduit_tui.core.marks import NO_MARK, Mark
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import row_words
from conduit_tui.core.session import Session
from conduit_tui.core.tree_folds import fold_lane, fold_words
from conduit_tui.core.tree_rows import TreeRows
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.spinner import FRAMES
from conduit_tui.tui.widgets.tree_filter import TreeFilter

HERE = " ◂ here"
SHORT_HERE = " ◂"
ROOM_FOR_HERE = 16
"""Cells from the marks on below which it is said by its sign alone where one is."""
LONGEST_EDGE = 80
MOST_LOOKED_AT = 50
"""Rows above one in which a model is looked for."""
LEAST_WORDS = 4
"""Cells of first words that say something."""
STAR, NOTE, UNSEEN, ASKS = "★", "✎", "•", "?"

Part = Callable[[str], Style]
"""From a name such as `quiet` to its style."""


class TreeRow:
    """Draws the lines of one layout; what changed between siblings is worked out once for each."""

    def __init__(
        self, rows: TreeRows, session: Session, unseen: Collection[str], filter_: TreeFilter
    ) -> None:
        self._rows = rows
        self._session = session
        self._unseen = unseen
        self.asking: Collection[str] = frozenset()  # messages that wait for a person's answer
        self.live_sign = FRAMES[0]
        self._filter = filter_
        self._edges: dict[tuple[str, int], str] = {}
        self._folds: dict[range, tuple[str, str]] = {}

    def fold(self, fold: range, width: int, cut: Callable[[str], str], part: Part) -> list[Segment]:
        """A fold: where it is, and how much it hides."""
        if fold not in self._folds:
            hides = str(len(fold))
            if not self._filter.is_on:
                hides = fold_words(self._rows, self._session, fold)
            self._folds[fold] = fold_lane(self._rows, fold), hides
        lane, hides = self._folds[fold]
        lane = cut(lane)
        is_on_path = fold.start in self._rows.path
        return [
            Segment(lane, part("accent" if is_on_path else "quiet")),
            Segment("…", part("mark" if is_on_path else "quiet")),
            Segment(fit(f" {hides}", width - len(lane) - 1), part("quiet")),
        ]

    def message(
        self, row: int, width: int, cut: Callable[[str], str], part: Part, *, with_amounts: bool
    ) -> list[Segment]:
        """A message: lane, role, marks, model where it changes, words, and whether one is here."""
        message = self._session.get(self._rows.ids[row])
        is_on_path = row in self._rows.path
        quiet, text = ("accent", "text") if is_on_path else ("quiet", "quiet")
        lane = cut(self._rows.lanes[row])
        begin = [Segment(lane, part(quiet)), *self._signs(row, message, width // 2, part)]
        room = width - _cells(begin)
        here = (HERE if room >= ROOM_FOR_HERE else SHORT_HERE) if row == self._rows.here else ""
        room -= len(here)
        amounts = _amounts(message, room - LEAST_WORDS) if with_amounts and message else ""
        room -= len(amounts)
        said = self._said(row, message, room, width // 2 - len(lane))
        segments = [*begin, *self._words(said, room, quiet, text, part)]
        segments.append(Segment(here, part("mark")))
        gap = width - _cells(segments) - len(amounts)
        return [*segments, Segment(" " * gap + amounts, part("quiet"))] if amounts else segments

    def _signs(self, row: int, message: Message | None, room: int, part: Part) -> list[Segment]:
        """The role, or what went wrong, and what a person put on the message."""
        if message is None:
            return [Segment(f"{self.live_sign} ", part("mark"))]
        sign, name = _sign(message)
        role = part(name or ("mark" if row in self._rows.path else "quiet"))
        marks = self._session.mark(message.id)
        if message.id in self.asking:
            sign, role = ASKS, part("warning")
        before = UNSEEN if message.id in self._unseen else ""
        before += STAR if marks.starred_at is not None else ""
        after = NOTE if marks.note else ""
        return [
            Segment(f"{sign} ", role),
            Segment(before + " " if before else "", part("mark")),
            Segment(_label(marks, room), part("accent")),
            Segment(f"{after} " if after else "", part("quiet")),
        ]

    def _said(
        self, row: int, message: Message | None, room: int, most_model: int
    ) -> tuple[str, str]:
        """What stands before the words (what changed, or a model), and the words."""
        if message is None:
            return "", clean_line(self._rows.live[row].label) + " …"
        model = self._model(row, message)
        if self._filter.is_on:
            return fit(model, most_model), self._filter.excerpt(
                row_words(message), message.text, max(8, room)
            )
        edge = self._edge(message, max(8, min(room, LONGEST_EDGE)))
        if message.role == "user" and edge:
            return edge, ""
        # What did not change against a sibling is as in that one's row: also the model.
        return edge or fit(model, most_model), row_words(message)

    def _model(self, row: int, message: Message) -> str:
        """The model where it is another than above; of siblings in a first turn the first has it.

        Farther down, a later sibling without it would be taken for what answered above the fork.
        """
        name, above = self._rows.models[row], self._rows.parents[row]
        if not name:
            return ""
        for _ in range(MOST_LOOKED_AT):
            if above < 0 or self._rows.models[above]:
                break
            above = self._rows.parents[above]
        earlier = self._session.earlier_siblings(message, 1) if above < 0 else ()
        is_told = any(each.model == message.model and not each.is_by_hand for each in earlier[-1:])
        return "" if is_told else short_model(name)

    def _words(
        self, said: tuple[str, str], room: int, quiet: str, text: str, part: Part
    ) -> list[Segment]:
        before, words = said
        before = fit(before, room)
        left = room - cell_len(before) - 1
        if before and words and left >= LEAST_WORDS:
            before, words = before + " ", fit(words, left)
        else:
            words = "" if before else fit(words, room)
        segments = [Segment(before, part(quiet if words else text))]
        at = 0
        for begin, end in self._filter.spans(words):
            segments.append(Segment(words[at:begin], part(text)))
            segments.append(Segment(words[begin:end], part("match")))
            at = end
        return [*segments, Segment(words[at:], part(text))]

    def _edge(self, message: Message, room: int) -> str:
        key = (message.id, room)
        if key not in self._edges:
            self._edges[key] = edge_words(self._session, message, room)
        return self._edges[key]


def _sign(message: Message) -> tuple[str, str]:
    if message.status == "error":
        return "✗", "error"
    if message.status == "interrupted":
        return "⊘", "error"
    return {"user": "●", "assistant": "○", "system": "◇"}.get(message.role, "·"), ""


def _label(marks: Mark, room: int) -> str:
    if marks is NO_MARK or not marks.label:
        return ""
    return f"[{fit(clean_line(marks.label), max(3, room - 6))}] "


def _amounts(message: Message, room: int) -> str:
    """Tokens and cost of a reply as they stand at the right edge, as much as there is room for."""
    usage = message.usage
    is_estimated = usage is not None and usage.is_estimated
    tokens = short_tokens(usage.output_tokens, is_estimated=is_estimated) if usage else ""
    cost = "" if message.cost_usd is None else money(message.cost_usd)
    both = f" {tokens} {mark(cost, is_estimated=is_estimated)}".rstrip()
    return next((said for said in (both, f" {tokens}") if said.strip() and len(said) <= room), "")


def _cells(segments: list[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments)
