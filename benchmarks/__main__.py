"""Prints every measure with its bar: `make bench`, or `make bench ARGS=startup` for some of them.

A run of all of them also writes RESULTS.md.
"""

import importlib
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

MODULES = (
    "startup",
    "wires",
    "streaming",
    "keys",
    "long_sessions",
    "trees",
    "many_sessions",
    "hostile",
    "commits",
    "search",
    "tools",
    "kills",
)
BAR = "\\|"  # a bar inside a cell of a table
RESULTS = Path(__file__).with_name("RESULTS.md")

Row = tuple[str, str, str, bool]


def main(names: list[str]) -> int:
    """Measure, print a table, and return 1 if a bar was missed."""
    machine = _machine()
    print(f"{machine}\n")
    rows: list[Row] = []
    for row in _measured(names or MODULES):
        measure, figure, bar, is_met = row
        print(f"{_verdict(is_met)}  {measure}: {figure} (at most {bar})", flush=True)
        rows.append(row)
    if not names:
        RESULTS.write_text(_as_markdown(machine, rows), encoding="utf-8")
    return 0 if all(is_met for *_, is_met in rows) else 1


def _measured(names: "list[str] | tuple[str, ...]") -> Iterator[Row]:
    for name in names:
        yield from importlib.import_module(f"benchmarks.{name}").measure()


def _verdict(is_met: bool) -> str:
    return "ok  " if is_met else "MISS"


def _machine() -> str:
    """The machine and what runs on it, in a line."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Textual {version('textual')}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor() or "an unknown processor"


def _as_markdown(machine: str, rows: list[Row]) -> str:
    lines = [
        "# Results",
        "",
        f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {machine}.",
        "",
        "| measure | figure | bar | |",
        "|---|---|---|---|",
        *(
            f"| {measure.replace('|', BAR)} | {figure} | {bar} | {_verdict(is_met).strip()} |"
            for measure, figure, bar, is_met in rows
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
