"""The line that shows how far a model is that is being fetched."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit, short_seconds

BAR_CELLS = 16
NARROW_BAR_CELLS = 6
NARROW_COLUMNS = 60
GAP = "  "


@dataclass(frozen=True, slots=True)
class PullView:
    """What the line shows. `total_bytes` is 0 and the rate None while they are not known."""

    model: str
    status: str = ""
    completed_bytes: int = 0
    total_bytes: int = 0
    bytes_per_second: float | None = None
    hint: str = ""


class PullLine(Widget):
    """One line above the status bar, there only while something is being fetched."""

    DEFAULT_CSS = """
    PullLine {
        display: none;
        height: 1;
        width: 1fr;
        padding: 0 1;
        background: $panel;
        color: $foreground;
    }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._view: PullView | None = None

    def show(self, view: PullView | None) -> None:
        """Show a view, or nothing."""
        if view != self._view:
            self._view = view
            self.display = view is not None
            self.refresh()

    def render(self) -> Content:
        """The line, as wide as the widget."""
        if self._view is None:
            return Content()
        return pull_line(self._view, self.content_size.width)


def pull_line(view: PullView, width: int) -> Content:
    """Lay a view out in `width` cells: what does not fit is dropped, name and hint last."""
    parts = [("Pulling " + clean_line(view.model), "bold"), *_progress(view, width)]
    hint = clean_line(view.hint)
    room = width - (cell_len(hint) + len(GAP) if hint else 0)
    while len(parts) > 1 and _cells(parts) > room:
        parts.pop()
    name = fit(parts[0][0], max(room, 0))
    line = Content.styled(name, "bold")
    for text, style in parts[1:]:
        line = line.append(GAP).append(Content.styled(text, style))
    gap = width - cell_len(line.plain) - cell_len(hint)
    if not hint or gap < 0:
        return line
    return Content.assemble(line, " " * gap, (hint, "$foreground-muted"))


def short_bytes(size: float) -> str:
    """Return a size in few letters, in powers of 1,000 as Ollama counts: 812 B, 5.2 GB."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size:.0f} B"


def _progress(view: PullView, width: int) -> list[tuple[str, str]]:
    done, total, rate = view.completed_bytes, view.total_bytes, view.bytes_per_second
    if not total or done >= total:
        return [(clean_line(view.status), "$text-accent")] if view.status else []
    cells = NARROW_BAR_CELLS if width < NARROW_COLUMNS else BAR_CELLS
    filled = int(done / total * cells)
    parts = [
        ("▰" * filled + "▱" * (cells - filled), "$text-accent"),
        (f"{int(done / total * 100)} %", ""),
        (f"{short_bytes(done)} of {short_bytes(total)}", "$foreground-muted"),
    ]
    if rate:
        parts.append((f"{short_bytes(rate)}/s", "$foreground-muted"))
        parts.append((f"{short_seconds((total - done) / rate)} left", "$foreground-muted"))
    return parts


def _cells(parts: list[tuple[str, str]]) -> int:
    return sum(cell_len(text) for text, _ in parts) + len(GAP) * (len(parts) - 1)
