"""Runs the real program in a process of its own, with a home of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.openai_server import OpenAIServer

KEPT = ("PATH", "TMPDIR", "COVERAGE_PROCESS_START")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process printed, and how it ended."""

    code: int
    stdout: str
    stderr: str


@dataclass(slots=True)
class Program:
    """conduit-tui with its own home and environment."""

    home: Path
    environ: dict[str, str]

    async def start(self, *arguments: str, **options: int | None) -> asyncio.subprocess.Process:
        """Start it; stdin is /dev/null unless said otherwise."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "conduit_tui", *arguments),
            stdin=options.get("stdin", asyncio.subprocess.DEVNULL),
            stdout=options.get("stdout", asyncio.subprocess.PIPE),
            stderr=asyncio.subprocess.PIPE,
            env=self.environ,
            start_new_session=True,  # without a terminal, wherever the tests run
        )

    async def run(self, *arguments: str, stdin: bytes | None = None) -> Outcome:
        """Run it to its end; `stdin` is piped in."""
        pipe = asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE
        process = await self.start(*arguments, stdin=pipe)
        return outcome(process, *await process.communicate(stdin))

    def use(self, server: OpenAIServer) -> None:
        """Let `openai/...` mean this server."""
        self.environ |= {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}

    def write_settings(self, text: str) -> None:
        """Write settings.toml."""
        (self.home / "config").mkdir(parents=True, exist_ok=True)
        (self.home / "config" / "settings.toml").write_text(text)


def outcome(process: asyncio.subprocess.Process, stdout: bytes, stderr: bytes) -> Outcome:
    """The outcome of a process that has ended."""
    assert process.returncode is not None
    return Outcome(process.returncode, stdout.decode(), stderr.decode())


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty home, without any key."""
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    home = tmp_path / "home"
    own = {"HOME": str(home), "CONDUIT_HOME": str(home), "TERM": "xterm-256color"}
    return Program(home, environ | own)


@pytest.fixture
async def held() -> AsyncIterator[asyncio.Event]:
    """An event that is set at the latest when the test ends, so that no server waits for ever."""
    event = asyncio.Event()
    yield event
    event.set()
