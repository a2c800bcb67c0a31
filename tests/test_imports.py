"""What is imported when: nothing before it is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MARK = "imported:"
SDKS = "openai httpx httpx2 anthropic google ollama"

OPENS_THE_CHAT = """
import asyncio, sys
from contextlib import AsyncExitStack
from conduit_tui.core.start import Start
from conduit_tui.settings import Flags, load_settings
from conduit_tui.tui.app import ConduitApp
import os

async def main():
    async with AsyncExitStack() as stack:
        app = ConduitApp(load_settings(Flags(), os.environ), Start(), stack)
        async with app.run_test() as pilot:
            while app.chat is None or not app.chat.is_current:
                await pilot.pause(0.02)
            await pilot.pause()

asyncio.run(main())
"""


def imported(code: str, unwanted: str, home: Path) -> str:
    """The unwanted modules that running a piece of code brought in."""
    code += f"\nimport sys; print({MARK!r}, *sorted(set({unwanted!r}.split()) & set(sys.modules)))"
    environ = os.environ | {"CONDUIT_HOME": str(home), "OPENAI_API_KEY": "sk-none"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True
    )
    return done.stdout.rsplit(MARK, 1)[1].strip()


def test_the_chat_opens_without_any_sdk(tmp_path: Path):
    assert imported(OPENS_THE_CHAT, f"{SDKS} pydantic rapidfuzz", tmp_path) == ""


def test_the_first_frame_needs_no_more_than_the_prompt(tmp_path: Path):
    ours = "conduit_tui.controller conduit_tui.core.message"
    unwanted = f"{SDKS} click pydantic sqlite3 markdown_it {ours}"
    code = "import conduit_tui.opening, conduit_tui.tui.app"
    assert imported(code, unwanted, tmp_path) == ""


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_help_and_version_need_no_screen(flag: str, tmp_path: Path):
    code = f"from conduit_tui.cli import run; run([{flag!r}])"
    assert imported(code, f"{SDKS} textual rich pydantic aiosqlite", tmp_path) == ""
