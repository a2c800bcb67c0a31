"""A home directory, a server and runs of the program, each gone when its test ends."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.program import CONDUIT, Program


@dataclass
class Machine:
    """A person's account: starts the program in it. `environ` may be changed before a start."""

    home: Path
    environ: dict[str, str]
    runs: ExitStack = field(default_factory=ExitStack)

    @property
    def conduit_home(self) -> Path:
        """Where the program keeps its files."""
        return self.home / "conduit"

    @property
    def database(self) -> Path:
        """The file of all sessions."""
        return self.conduit_home / "data" / "conduit.db"

    def start(self, *arguments: str, size: tuple[int, int] = (100, 30)) -> Program:
        """Start the program; does not wait for its screen."""
        return self.run((*CONDUIT, *arguments), size)

    def ready(self, *arguments: str, size: tuple[int, int] = (100, 30)) -> Program:
        """Start the program, and wait until the prompt has the keys."""
        program = self.start(*arguments, size=size)
        program.wait_for("Esc reads")
        return program

    def asked(self, words: str, reply: str) -> Program:
        """Start the program, ask, and wait until the reply is complete."""
        program = self.ready()
        program.say(words)
        program.wait_for(reply)
        program.wait_for("Esc reads")
        return program

    def shell(self, line: str, size: tuple[int, int] = (100, 30)) -> Program:
        """Run a line of shell in which `conduit-tui` is the program."""
        quoted = " ".join(f"'{word}'" for word in CONDUIT)
        return self.run(("sh", "-c", line.replace("conduit-tui", quoted)), size)

    def run(self, command: tuple[str, ...], size: tuple[int, int] = (100, 30)) -> Program:
        """Run any command in a terminal."""
        return self.runs.enter_context(Program(command, self.environ, self.home, size))

    def write(self, name: str, text: str) -> Path:
        """Write a file below the home directory."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """An account without keys and without files of the program."""
    home = tmp_path / "home"
    home.mkdir()
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),  # the code beside these tests
        "HOME": str(home),
        "CONDUIT_HOME": str(home / "conduit"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }
    machine = Machine(home, environ)
    with machine.runs:
        yield machine


@pytest.fixture
def server(machine: Machine) -> Iterator[BackgroundServer]:
    """A model server that the account's environment names."""
    with BackgroundServer() as server:
        machine.environ["OPENAI_BASE_URL"] = server.url
        machine.environ["OPENAI_API_KEY"] = "sk-of-no-account"
        yield server
