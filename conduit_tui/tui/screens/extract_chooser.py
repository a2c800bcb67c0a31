"""The screen that asks which part of a message to copy, write or open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.widgets.fitting import fit

Verb: TypeAlias = Literal["copy", "write", "open"]

MESSAGE, PATH = "m", "p"
_DIGITS = "123456789"
_WIDEST_LABEL = 16
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What was chosen: a block by its number from 1 as text, `MESSAGE` or `PATH`, and for what."""

    verb: Verb
    what: str


class ExtractChooser(Dialog[Taken]):
    """Lists the blocks of a message, the message and the whole path; None after Escape.

    A number, `m` or `p` copies at once, Enter copies the row under the cursor; `w` writes it to a
    file and `o` opens it.
    """

    AUTO_FOCUS = "Choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(key, f"take('copy', '{key}')", "Copy", show=False)
            for key in (*_DIGITS, MESSAGE, PATH)
        ),
        Binding("y", "take_row('copy')", "Copy", show=False),
        Binding("w", "take_row('write')", "Write", show=False),
        Binding("o", "take_row('open')", "Open", show=False),
        Binding("q", "leave", "Close", show=False),
    ]
    DEFAULT_CSS = """
    ExtractChooser {
        & Frame { width: 84; max-height: 90%; }
        & Choices { max-height: 100%; }
        &.-tiny Frame, &.-low Frame { max-height: 100%; }
    }
    """

    def __init__(
        self,
        blocks: Sequence[CodeBlock],
        chosen: int | None = None,
        *,
        message_note: str = "",
        path_note: str = "",
    ) -> None:
        """`chosen` is the block, from 0, on which the cursor begins.

        `message_note` says how much the message is; without it there is no message to take.
        """
        super().__init__()
        self._rows = block_rows(blocks)
        if message_note:
            self._rows.append(Row(f"{MESSAGE}  the message", MESSAGE, message_note))
        self._rows.append(Row(f"{PATH}  the whole path", PATH, path_note))
        self._chosen = None if chosen is None else str(chosen + 1)

    def compose(self) -> ComposeResult:
        """The rows below each other."""
        count = sum(row.value not in (MESSAGE, PATH) for row in self._rows)
        digits = ("1" if count == 1 else f"1-{min(count, len(_DIGITS))}",) if count else ()
        keys = " ".join((*digits, "Enter"))
        hints = (keys, "copy"), ("w", "write"), ("o", "open"), ("Esc", "close")
        with Frame("Copy", *hints):
            yield Choices()

    def on_mount(self) -> None:
        """Show the rows."""
        self.query_one(Choices).show(self._rows, self._chosen)

    def action_take(self, verb: Verb, what: str) -> None:
        """Choose a row by its sign, if there is such a row."""
        if any(row.value == what for row in self._rows):
            self.dismiss(Taken(verb, what))

    def action_take_row(self, verb: Verb) -> None:
        """Choose the row under the cursor."""
        if what := self.query_one(Choices).value:
            self.dismiss(Taken(verb, what))

    @on(Choices.Chosen)
    def _copy(self, event: Choices.Chosen) -> None:
        self.dismiss(Taken("copy", event.value))


def block_rows(blocks: Sequence[CodeBlock]) -> list[Row]:
    """One row for each block: its number, language or file, lines, and how it begins."""
    labels = [fit(_label(block), _WIDEST_LABEL) for block in blocks]
    counts = [_lines(each.line_count) for each in blocks]
    widest_label = max(map(cell_len, labels), default=0)
    widest_count = max(map(len, counts), default=0)
    return [
        Row(
            f"{_sign(number)}  {set_cell_size(label, widest_label)}  {count:>{widest_count}}  "
            f"{_beginning(block)}",
            str(number),
        )
        for number, (block, label, count) in enumerate(zip(blocks, labels, counts, strict=True), 1)
    ]


def _label(block: CodeBlock) -> str:
    return clean_line(block.name or block.language) or "code"


def _sign(number: int) -> str:
    return str(number) if number <= len(_DIGITS) else " "


def _lines(count: int) -> str:
    return "1 line " if count == 1 else f"{count:,} lines"


def _beginning(block: CodeBlock) -> str:
    return clean_line(block.code[:_LOOKED_AT].lstrip().split("\n", 1)[0])
