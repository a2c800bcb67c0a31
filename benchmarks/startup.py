"""Start: CPU from exec to a typed letter on the screen, and the cost of --version and --help."""

import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pyte
from ptyprocess import PtyProcess

ROUNDS = 9
SKILLS = 100
SKILL_ROUNDS = 40
COLUMNS, LINES = 100, 30
TYPED = "zq"
ALTERNATE_SCREEN = b"\x1b[?1049h"
DEADLINE_SECONDS = 30.0

BARE_APP = """
from textual.app import App
from textual.widgets import TextArea

class Bare(App):
    def compose(self):
        yield TextArea()

Bare().run()
"""

Row = tuple[str, str, str, bool]


def measure() -> list[Row]:
    """Ratios against a bare Textual app, and against a Python that imports click."""
    with tempfile.TemporaryDirectory() as home:
        environ = os.environ | {
            "CONDUIT_HOME": home,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        bare = Path(home) / "bare.py"
        bare.write_text(BARE_APP)
        return [*_screen(environ, bare), *_skills(environ), *_headless(environ)]


def _screen(environ: dict[str, str], bare: Path) -> list[Row]:
    ours, theirs = [sys.executable, "-m", "conduit_tui"], [sys.executable, str(bare)]
    for command in (ours, theirs):  # compiled bytecode and a database, before what counts
        _cpu_to_first_key(command, environ)
    pairs = [
        (_cpu_to_first_key(ours, environ), _cpu_to_first_key(theirs, environ))
        for _ in range(ROUNDS)
    ]
    ratio = statistics.median(ours_cpu / bare_cpu for ours_cpu, bare_cpu in pairs)
    figure = f"{ratio:.2f}x ({_median(pairs, 0):.3f} s against {_median(pairs, 1):.3f} s)"
    return [("start to a typed key, CPU, against a bare Textual app", figure, "1.3x", ratio <= 1.3)]


def _skills(environ: dict[str, str]) -> list[Row]:
    """The start with skills installed against that without: they are read when first needed."""
    with tempfile.TemporaryDirectory() as home:
        many = environ | {"HOME": home, "CONDUIT_HOME": str(Path(home) / "conduit")}
        for number in range(SKILLS):
            folder = Path(home) / ".agents" / "skills" / f"skill-{number}"
            folder.mkdir(parents=True)
            text = f"---\nname: skill-{number}\ndescription: {'words ' * 40}\n---\n{'line ' * 2000}"
            (folder / "SKILL.md").write_text(text)
        none = environ | {"HOME": str(Path(home) / "nobody")}
        command = [sys.executable, "-m", "conduit_tui"]
        for each in (many, none):
            _cpu_to_first_key(command, each)
        pairs = [
            (_cpu_to_first_key(command, many), _cpu_to_first_key(command, none))
            for _ in range(SKILL_ROUNDS)
        ]
    # The clock of a process's CPU ticks every 10 ms: a mean of many sees less than one tick.
    excess = 1000 * statistics.mean(with_skills - without for with_skills, without in pairs)
    means = [1000 * statistics.mean(pair[which] for pair in pairs) for which in (0, 1)]
    figure = f"{excess:+.1f} ms ({means[0]:.0f} ms against {means[1]:.0f} ms)"
    return [(f"start with {SKILLS} skills against none, CPU", figure, "5 ms more", excess <= 5)]


def _median(pairs: list[tuple[float, float]], which: int) -> float:
    return statistics.median(pair[which] for pair in pairs)


def _cpu_to_first_key(command: list[str], environ: dict[str, str]) -> float:
    """CPU seconds of the process when the typed letters stand on its screen."""
    process = PtyProcess.spawn(command, env=environ, dimensions=(LINES, COLUMNS), echo=False)
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    has_typed = False
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        while time.monotonic() < deadline:
            if not select.select([process.fd], [], [], 0.005)[0]:
                continue
            output = process.read(65536)
            stream.feed(output)
            if not has_typed and ALTERNATE_SCREEN in output:
                process.write(TYPED.encode())
                has_typed = True
            if any(TYPED in line for line in screen.display):
                times = psutil.Process(process.pid).cpu_times()
                return times.user + times.system
        raise TimeoutError(f"{command} showed no typed key within {DEADLINE_SECONDS:g} s")
    finally:
        process.terminate(force=True)


def _headless(environ: dict[str, str]) -> list[Row]:
    rows: list[Row] = []
    for flag in ("--version", "--help"):
        pairs = [
            (
                _wall([sys.executable, "-m", "conduit_tui", flag], environ),
                _wall([sys.executable, "-c", "import click"], environ),
            )
            for _ in range(ROUNDS)
        ]
        excess = statistics.median(ours - 1.5 * click for ours, click in pairs)
        figure = f"{_median(pairs, 0):.3f} s against {_median(pairs, 1):.3f} s"
        rows.append((f"{flag} against import click", figure, "1.5x + 50 ms", excess <= 0.05))
    return rows


def _wall(command: list[str], environ: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    for row in measure():
        print(row)
