"""Pictures of whole screens. What moves is held: ages, durations, paths, the time zone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from conduit_tui import runtime
from conduit_tui.controller import finding_skills
from conduit_tui.core.message import Message, Role, Status, Text, Thinking
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.core.usage import Usage
from conduit_tui.settings import Paths
from conduit_tui.tui import surroundings
from conduit_tui.tui.app import ConduitApp
from tests.tui.stage import Stage

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANSWER = """\
A leader is **elected**; the others follow. In short:

| step | who | what |
|---|---|---|
| 1 | candidate | asks for votes |
| 2 | leader | sends entries |

```python
def majority(nodes: int) -> int:
    return nodes // 2 + 1  # more than half
```

- one leader at a time
- entries count once *most* have them
"""


class HeldClock(datetime):
    """It is always the same time."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return NOW.astimezone(tz)


class Picture(App[str]):
    """Stands in for an app whose store must be opened in the loop it runs in."""

    TITLE = "conduit"

    def __init__(self, stage: Stage, *sessions: Session) -> None:
        super().__init__()
        self._stage = stage
        self._sessions = sessions

    def run(self, **options: Any) -> str | None:
        return asyncio.run(self._run(options))

    async def _run(self, options: dict[str, Any]) -> str | None:
        stage = self._stage
        if self._sessions:
            await stage.keep(*self._sessions, last=self._sessions[0])
        real = stage.settings
        settings = replace(real, paths=held_paths(real.paths.data, real.paths.state))
        async with AsyncExitStack() as stack:
            app = ConduitApp(settings, Start(), stack)
            await app.run_async(**options)
            return app.return_value


def held_paths(data: Path, state: Path) -> Paths:
    """Real directories for what is written; one that is nobody's for what is shown."""
    return Paths(Path("/home/you/.config/conduit"), data, state)


class Written(Session):
    """A session that grows by short calls."""

    def say(self, name: str, above: str | None, role: Role, *parts: Any, **fields: Any) -> None:
        fields.setdefault("created_at", NOW - timedelta(minutes=2))
        if role == "assistant":
            fields = {"model": "sonnet", "duration_seconds": 3.14} | fields
        texts = tuple(Text(part) if isinstance(part, str) else part for part in parts)
        self.add(Message(f"{self.id}-{name}", self.id, self._at(above), role, texts, **fields))

    def go(self, name: str) -> "Written":
        self.visit(self._at(name))
        return self

    def _at(self, name: str | None) -> str | None:
        return None if name is None else f"{self.id}-{name}"


def raft() -> Session:
    """A conversation with code, a table, thinking and siblings."""
    session = Written("raft", title="Explain Raft")
    usage = Usage(input_tokens=1830, output_tokens=412)
    session.say("q", None, "user", "Explain Raft")
    session.say("a1", "q", "assistant", "Raft is a way to agree.", usage=Usage(9, 7))
    session.say(
        *("a2", "q", "assistant", Thinking("The person wants it short."), ANSWER),
        usage=usage,
        cost_usd=Decimal("0.006"),
    )
    session.say("f1", "a2", "user", "And in three bullets?")
    session.say("f2", "a2", "user", "To a child, please")
    session.say("b2", "f2", "assistant", "Imagine a class that elects a captain.", usage=usage)
    return session.go("b2")


def trip() -> Session:
    """An older session."""
    session = Written("trip", title="Trip to Oslo")
    session.say("q", None, "user", "Where to?", created_at=NOW - timedelta(hours=1))
    return session.go("q")


def failed(status: Status = "error") -> Session:
    """A conversation that ended in an error."""
    session = Written("failed", title="Will it answer?")
    words = "'openai' is overloaded (503). Wait a moment."
    session.say("q", None, "user", "Will it answer?")
    session.say("a", "q", "assistant", status=status, error=words)
    return session.go("a")


@pytest.fixture
def held(stage: Stage, monkeypatch) -> Stage:
    """A stage on which no picture depends on where and when it is taken."""
    monkeypatch.setattr(surroundings, "datetime", HeldClock)
    monkeypatch.setattr(finding_skills, "shipped_place", stage.shipped_place)
    monkeypatch.setattr(runtime, "USUAL", ("current_time",))  # the meter counts them
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("HOME", "/home/you")
    time.tzset()
    yield stage
    monkeypatch.undo()
    time.tzset()


def shows(*words: str, keys: tuple[str, ...] = ()) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Wait until the chat stands and these words are on the screen; then press keys."""

    async def wait(pilot: Pilot[Any]) -> None:
        end = time.monotonic() + 30
        while not all(word in _text(pilot.app) for word in words):
            assert time.monotonic() < end, _text(pilot.app)
            await pilot.pause()
        chat = pilot.app.screen
        await chat.controller.tooling.load(chat.session)
        chat.refresh_status()
        await pilot.press(*keys)

    return wait


def _text(app: App[Any]) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def test_the_welcome(held: Stage, snap_compare):
    picture = Picture(held)
    ready = shows("Add a model", "No saved sessions")
    assert snap_compare(picture, terminal_size=(80, 24), run_before=ready)


def test_a_conversation_with_its_tree(held: Stage, snap_compare):
    picture = Picture(held, raft(), trip())
    ready = shows("Imagine a class", "Trip to Oslo", keys=("escape", "k", "k"))
    assert snap_compare(picture, terminal_size=(120, 40), run_before=ready)


def test_an_error_with_the_way_on(held: Stage, snap_compare):
    picture = Picture(held, failed())
    ready = shows("overloaded", "Press r to try again.")
    assert snap_compare(picture, terminal_size=(80, 24), run_before=ready)


def test_the_light_theme(held: Stage, snap_compare):
    held.write_settings('theme = "conduit-light"\n')
    picture = Picture(held, raft(), trip())
    ready = shows("Imagine a class", "Trip to Oslo")
    assert snap_compare(picture, terminal_size=(100, 30), run_before=ready)
