"""The screen of what was used: a chart by groups, over a period."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from conduit_tui.core.errors import StorageError
from conduit_tui.core.since import days_ago
from conduit_tui.core.spending import GROUPINGS, Account, Grouping
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.widgets.usage_chart import chart, totals

PERIODS: tuple[tuple[str, int | None], ...] = (
    ("today", 0),
    ("7 days", 6),
    ("30 days", 29),
    ("ever", None),
)
"""What a period is called, and how many days before today it begins."""

Load = Callable[[Grouping, datetime | None], Awaitable[Account]]


class UsageScreen(Dialog[None]):
    """Shows an account; Tab changes the groups, the arrows the period."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("tab", "group(1)", "Groups", show=False, priority=True),
        Binding("shift+tab", "group(-1)", "Groups", show=False, priority=True),
        Binding("left", "period(-1)", "Earlier", show=False, priority=True),
        Binding("right", "period(1)", "Later", show=False, priority=True),
        *(Binding(each[0], f"group_by('{each}')", f"By {each}", show=False) for each in GROUPINGS),
        Binding("j", "scroll_rows(1)", "Down", show=False),
        Binding("k", "scroll_rows(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = """
    UsageScreen {
        & Frame { width: 100; }
        & #usage-choices { height: auto; margin-bottom: 1; }
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #usage-totals { height: auto; margin-top: 1; }
        &.-tiny #usage-choices, &.-low #usage-choices { margin-bottom: 0; }
        &.-tiny #usage-totals, &.-low #usage-totals { margin-top: 0; }
    }
    """

    def __init__(
        self, load: Load, now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    ) -> None:
        super().__init__()
        self._load = load
        self._now = now
        self._by: Grouping = "model"
        self._period = len(PERIODS) - 1
        self._account: Account | None = None

    def compose(self) -> ComposeResult:
        """What can be chosen, the chart, and its sum."""
        hints = (("Tab", "groups"), ("←→", "period"), ("Esc", "close"))
        with Frame("Usage", *hints):
            yield Static(id="usage-choices")
            with VerticalScroll():
                yield Static(id="usage-chart")
            yield Static(id="usage-totals")

    def on_mount(self) -> None:
        """Show what there is."""
        self._show()

    def on_resize(self) -> None:
        """Draw for the width there is."""
        self.call_after_refresh(self._draw)

    def action_group(self, step: int) -> None:
        """Go on to the next groups."""
        at = GROUPINGS.index(self._by) + step
        self.action_group_by(GROUPINGS[at % len(GROUPINGS)])

    def action_group_by(self, by: Grouping) -> None:
        """Show these groups."""
        self._by = by
        self._show()

    def action_period(self, step: int) -> None:
        """Go on to the next period."""
        self._period = (self._period + step) % len(PERIODS)
        self._show()

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by rows."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def _show(self) -> None:
        self._static("choices").update(self._choices())
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        _, days = PERIODS[self._period]
        since = None if days is None else days_ago(days, self._now())
        try:
            self._account = await self._load(self._by, since)
        except StorageError as error:
            self._account = None
            self._static("chart").update(Content.styled(str(error), "$text-error"))
            self._static("totals").update("")
        else:
            self._draw()

    def _draw(self) -> None:
        if self._account is not None:
            width = self.query_one(VerticalScroll).scrollable_content_region.width
            self._static("chart").update(chart(self._account, width))
            self._static("totals").update(Content(totals(self._account)))

    def _choices(self) -> Content:
        periods = [name for name, _ in PERIODS]
        groups = _chosen("by", GROUPINGS, self._by)
        return Content("\n").join([groups, _chosen("of", periods, periods[self._period])])

    def _static(self, name: str) -> Static:
        return self.query_one(f"#usage-{name}", Static)


def _chosen(word: str, names: tuple[str, ...] | list[str], chosen: str) -> Content:
    """The names in a row, the chosen one reversed, so that no colour is needed to see it."""
    cells = [(f" {name} ", "reverse" if name == chosen else "$foreground-muted") for name in names]
    return Content.assemble((f"{word} ", "$foreground-muted"), *cells)
