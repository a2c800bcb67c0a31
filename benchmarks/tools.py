"""How long tools take that search a tree of 100,000 files, and how soon they end when cancelled.

ripgrep's own time is taken in the same run, each the best of a few. The files are small, and in
memory after the first run.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import ToolError
from conduit_tui.core.message import ToolCall
from conduit_tui.tools.search.below import search_below
from conduit_tui.tools.search.job import Job
from conduit_tui.tools.tool import Surroundings, ToolContext

FILES = 100_000
FOLDERS = 1_000
RUNS = 3
BAR_TIMES, CANCEL_BAR_MS, HOSTILE_BAR_SECONDS, PAUSE_BAR_MS = 3.0, 200.0, 1.0, 50.0
WORDS = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "lazy",
    "dogs",
    "and",
    "returns",
    "import",
    "def",
    "class",
    "self",
]
HOSTILE = (
    "(a+)+$",
    "(a|aa)+$",
    "(.*)*x",
    "a{1,1000}{1,1000}b",
    "((a{1,30}){1,30}){1,30}b",
    "|".join(f"word{number}" for number in range(1_500)),
    "(" * 400 + "a" + ")*" * 400,
    r"(\p{L}\p{M}*|\p{Greek}|[^\x00-\x{10FFFF}]){1,50}z",
    ".*.*.*.*.*.*.*.*.*.*=.*x",
    "x" * 1_000_000,
)

Row = tuple[str, str, str, bool]


def measure() -> list[Row]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        grow(root)
        return asyncio.run(_measured(root))


def grow(root: Path) -> None:
    """Write the tree: 100,000 small files, a quarter of which is ignored."""
    text = "\n".join(" ".join(WORDS[at % 7 :]) for at in range(12)) + "\n"
    (root / ".gitignore").write_text("*.log\nbuild/\n", encoding="utf-8")
    for number in range(FOLDERS):
        folder = root / f"package{number % 25}" / f"module{number // 25}"
        folder.mkdir(parents=True)
        if number % 50 == 0:
            (folder / ".gitignore").write_text("*.tmp\n!keep.tmp\n", encoding="utf-8")
        for at in range(FILES // FOLDERS):
            ending = ("py", "txt", "md", "log")[at % 4]
            (folder / f"file{at}.{ending}").write_text(f"{text}{number} {at}\n", encoding="utf-8")


async def _measured(root: Path) -> list[Row]:
    ripgrep = shutil.which("rg")
    glob = Job("glob", "**/*.py")
    grep = Job("grep", r"fox \w+ over the")
    rows: list[Row] = []
    for name, job, options in (
        ("glob_files", glob, ["--files", "--hidden", "--glob=**/*.py"]),
        ("grep_files, no line", grep, ["--line-number", "--hidden", "--regexp", job_pattern(grep)]),
    ):
        own = await _best(lambda job=job: _search(root, job, path=""))
        if ripgrep is None:
            rows.append(
                (f"{name} in {FILES:,} files", f"{own:.2f} s, rg is not installed", "", True)
            )
            continue
        rows.append(await _against(root, name, job, [ripgrep, "--no-config", *options, "./"]))
        rows.append((f"{name} in {FILES:,} files without rg", f"{own:.2f} s", "20 s", own < 20))
    rows += [await _cancelled(root, grep, name) for name in ("rg", "") if name == "" or ripgrep]
    return [*rows, *await _hostile(root)]


def job_pattern(job: Job) -> str:
    """The expression of a job."""
    return job.pattern


async def _against(root: Path, name: str, job: Job, command: list[str]) -> Row:
    theirs = await _best(lambda: asyncio.to_thread(_run, command, root))
    ours = await _best(lambda: _search(root, job))
    times = ours / theirs
    figure = f"{times:.1f}x ({ours:.2f} s against {theirs:.2f} s)"
    return f"{name} in {FILES:,} files, against rg", figure, f"{BAR_TIMES:g}x", times <= BAR_TIMES


async def _cancelled(root: Path, job: Job, name: str) -> Row:
    """The longest from cancelling a search to its end."""
    taken: list[float] = []
    for wait in (0.02, 0.1, 0.2, 0.3):
        task = asyncio.ensure_future(_search(root, job, None if name else ""))
        await asyncio.sleep(wait)
        began = time.perf_counter()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        taken.append((time.perf_counter() - began) * 1000)
    longest = max(taken)
    measure = f"cancel to the end of a search {'with' if name else 'without'} rg, longest"
    return measure, f"{longest:.0f} ms", f"{CANCEL_BAR_MS:.0f} ms", longest <= CANCEL_BAR_MS


async def _hostile(root: Path) -> list[Row]:
    folder = root / "hostile"
    folder.mkdir()
    (folder / "text").write_text(("a" * 5_000 + "\n") * 200, encoding="utf-8")
    longest, pause = 0.0, 0.0
    for path in (None, ""):
        for pattern in HOSTILE:
            with_ticks = _Ticker()
            took = await with_ticks.around(_refusable(folder, Job("grep", pattern), path))
            pause = max(pause, with_ticks.longest)
            longest = max(longest, took)
    return [
        (
            f"slowest of {len(HOSTILE)} hostile patterns, with rg and without",
            f"{longest:.2f} s",
            f"{HOSTILE_BAR_SECONDS:g} s",
            longest <= HOSTILE_BAR_SECONDS,
        ),
        (
            "longest pause of the event loop meanwhile",
            f"{pause * 1000:.0f} ms",
            f"{PAUSE_BAR_MS:.0f} ms",
            pause * 1000 <= PAUSE_BAR_MS,
        ),
    ]


class _Ticker:
    """Looks at the clock all the time, and keeps the longest it was kept from that."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def around(self, work: Awaitable[object]) -> float:
        """How long something takes, in seconds."""
        ticking = asyncio.ensure_future(self._tick())
        began = time.perf_counter()
        try:
            await work
            return time.perf_counter() - began
        finally:
            ticking.cancel()

    async def _tick(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            self.longest = max(self.longest, time.perf_counter() - before - 0.002)


async def _refusable(root: Path, job: Job, path: str | None) -> None:
    with suppress(ToolError):
        await _search(root, job, path)


async def _search(root: Path, job: Job, path: str | None = None) -> str:
    """Search as a tool does; `path` is PATH."""
    environ = {"PATH": os.environ.get("PATH", "") if path is None else path, "HOME": "/nowhere"}
    call = ToolCall("c1", f"{job.kind}_files", "{}")
    return await search_below(
        ToolContext(call, Surroundings(root, environ=environ), _yes), ".", job
    )


async def _yes(_: Act) -> None:
    return None


def _run(command: list[str], root: Path) -> None:
    subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=False)


async def _best(work: Callable[[], Awaitable[object]]) -> float:
    """The shortest of a few runs, in seconds."""
    taken: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        await work()
        taken.append(time.perf_counter() - began)
    return min(taken)
