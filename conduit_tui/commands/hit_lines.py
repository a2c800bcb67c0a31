"""What a search found, as lines: with the matches lit on a terminal, one line each elsewhere."""

import io
import sys
from collections.abc import Sequence
from datetime import datetime

from conduit_tui.core.address import short_id
from conduit_tui.core.age import ago
from conduit_tui.core.clean import clean_line
from conduit_tui.core.hit import Hit

LONGEST_TITLE = 40
_INDENT = 9


def plain_lines(hits: Sequence[Hit], now: datetime) -> str:
    """Return a line for each hit, its fields between tabs: for other programs."""
    return "\n".join("\t".join((*_fields(hit, now), hit.excerpt)) for hit in hits)


def on_terminal(hits: Sequence[Hit], now: datetime) -> str:
    """Return two or more lines for each hit, as wide as the terminal."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    written = io.StringIO()
    shape = Console(file=sys.stdout)  # its colours and width, as the environment has them
    console = Console(
        file=written,
        width=shape.width,
        color_system=shape.color_system if shape.is_terminal else None,  # pyright: ignore[reportArgumentType] - one of its own names
        force_terminal=True,
        no_color=shape.no_color,
        highlight=False,
    )
    for hit in hits:
        address, title, *rest = _fields(hit, now)
        head = Text.assemble((address, "bold"), "  ", title)
        head.append("".join(f" · {field}" for field in rest if field), "dim")
        line = Text(hit.excerpt)
        for begin, end in hit.spans:
            line.stylize("bold yellow", begin, end)
        console.print(head, soft_wrap=True)
        console.print(Padding(line, (0, 0, 0, _INDENT)))
    return "\n".join(map(str.rstrip, written.getvalue().splitlines()))


def _fields(hit: Hit, now: datetime) -> tuple[str, ...]:
    title = clean_line(hit.session_title).strip() or "untitled"
    title = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    marks = f"{'★' * hit.is_starred} {clean_line(hit.label or '')}".strip()
    return short_id(hit.message_id), title, hit.role, ago(hit.created_at, now), marks
