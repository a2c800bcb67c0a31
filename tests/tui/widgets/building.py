"""Sessions to draw, and apps to draw widgets in."""

from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.message import Message as Posted
from textual.widget import Widget

from conduit_tui.core.message import Message, Part, Role, Status, Text
from conduit_tui.core.session import Session
from conduit_tui.tui.widgets.spinner import FRAMES

_STILL = str.maketrans(FRAMES, "◌" * len(FRAMES))

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Growing:
    """A session that grows by short calls: `add("b", "a", "assistant", "words")`."""

    def __init__(self) -> None:
        self.session = Session("s")

    def add(
        self,
        message_id: str,
        predecessor_id: str | None,
        role: Role = "user",
        text: str = "",
        *,
        model: str | None = None,
        status: Status = "complete",
        parts: tuple[Part, ...] = (),
        error: str | None = None,
    ) -> "Growing":
        parts = parts or ((Text(text),) if text else ())
        message = Message(
            message_id,
            "s",
            predecessor_id,
            role,
            parts,
            NOW,
            model=model,
            status=status,
            error=error,
        )
        self.session.add(message)
        return self

    def chain(self, count: int) -> "Growing":
        for number in range(count):
            before = f"m{number - 1}" if number else None
            self.add(f"m{number}", before, "assistant" if number % 2 else "user", f"text {number}")
        return self


def stilled(line: str) -> str:
    """A line in which a sign that turns is `◌`, whenever it was looked at."""
    return line.translate(_STILL)


class OneWidget(App[None]):
    """Shows one widget and keeps what it posts."""

    def __init__(self, widget: Widget, *kinds: type[Posted]) -> None:
        super().__init__()
        self.widget = widget
        self.posted: list[Posted] = []
        self._kinds = kinds

    def compose(self) -> ComposeResult:
        yield self.widget

    async def _on_message(self, message: Posted) -> None:
        await super()._on_message(message)
        if isinstance(message, self._kinds):
            self.posted.append(message)


def lines(app: App[None], widget: Widget) -> list[str]:
    """What stands on the screen where a widget is, line by line, without trailing spaces."""
    region = widget.region
    strips = app.screen._compositor.render_strips()[region.y : region.bottom]
    return [strip.crop(region.x, region.right).text.rstrip() for strip in strips]
