"""What a streamed reply costs, against a bare Textual app fed by the same server."""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.model_server import LAST_WORD, ModelServer, model_server, tokens
from benchmarks.terminal import Terminal

Row = tuple[str, str, str, bool]

CONDUIT = (sys.executable, "-m", "conduit_tui", "-m", "openai/test-model")
BARE = (sys.executable, "-m", "benchmarks.bare_markdown")
RATE = 200
TOKENS, MANY_TOKENS, FLOOD_TOKENS = 2_000, 20_000, 5_000
LONG_TOKENS = 28_000  # some 100 KB
COST_BAR, FLATNESS_BAR, LATE_BAR_SECONDS, BYTES_BAR = 0.35, 1.2, 1.0, 3.0


def measure() -> list[Row]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    with model_server() as server:
        environ = environment(server)
        # The lateness first: the server tells of its answers in their order.
        late = _lateness(server, environ)
        return [_cost(environ), _flatness(environ), late, _bytes_written(environ)]


def environment(server: ModelServer) -> dict[str, str]:
    """A terminal of all colours, and the server in OpenAI's place."""
    return os.environ | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": "sk-of-no-account",
        "OLLAMA_HOST": "http://127.0.0.1:9",
    }


@contextmanager
def conduit(environ: Mapping[str, str]) -> Iterator[Terminal]:
    """The chat, standing and quiet, on a new session in a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        _ask_for_no_titles(Path(home))
        with Terminal(CONDUIT, {**environ, "CONDUIT_HOME": home}) as terminal:
            terminal.wait_for("INSERT")
            terminal.settle()
            yield terminal


def _ask_for_no_titles(home: Path) -> None:
    """A title is a request of its own, and would be answered with as long a stream."""
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("titles = false\n", encoding="utf-8")


@contextmanager
def _bare(environ: Mapping[str, str]) -> Iterator[Terminal]:
    with Terminal(BARE, environ) as terminal:
        terminal.wait_for("▊")  # the edge of its input
        terminal.settle()
        yield terminal


def _cost(environ: Mapping[str, str]) -> Row:
    with _bare(environ) as terminal:
        theirs = _cpu_seconds(terminal, TOKENS)
    with conduit(environ) as terminal:
        ours = _cpu_seconds(terminal, TOKENS)
    ratio = ours / theirs
    each, bare = (1e6 * seconds / TOKENS for seconds in (ours, theirs))
    return (
        f"CPU per token, {TOKENS:,} tokens at {RATE}/s, against a bare Textual app",
        f"{ratio:.2f}x ({each:.0f} against {bare:.0f} microseconds)",
        f"{COST_BAR}x",
        ratio <= COST_BAR,
    )


def _cpu_seconds(terminal: Terminal, number: int) -> float:
    before = terminal.cpu_seconds()
    _ask(terminal, number, RATE)
    terminal.settle()
    return terminal.cpu_seconds() - before


def _flatness(environ: Mapping[str, str]) -> Row:
    """By the median of seconds: what else the machine did in some of them does not count."""
    quarter = MANY_TOKENS // RATE // 4
    with conduit(environ) as terminal:
        terminal.type(f"stream {MANY_TOKENS} {RATE}\r")
        terminal.wait_for("Part 1")
        first = _cpu_per_second(terminal, quarter)
        terminal.rest(2 * quarter)
        last = _cpu_per_second(terminal, quarter - 2)
        terminal.wait_for(LAST_WORD)
    ratio = last / first
    return (
        f"CPU per token over {MANY_TOKENS:,} tokens, last quarter against first",
        f"{ratio:.2f}x ({last * 1000:.0f} ms a second against {first * 1000:.0f} ms)",
        f"{FLATNESS_BAR}x",
        ratio <= FLATNESS_BAR,
    )


def _cpu_per_second(terminal: Terminal, seconds: int) -> float:
    used: list[float] = []
    for _ in range(seconds):
        before = terminal.cpu_seconds()
        terminal.rest(1.0)
        used.append(terminal.cpu_seconds() - before)
    return statistics.median(used)


def _lateness(server: ModelServer, environ: Mapping[str, str]) -> Row:
    with conduit(environ) as terminal:
        _ask(terminal, FLOOD_TOKENS, 0)
        late = terminal.read_at - server.sent_at()
    return (
        f"last of {FLOOD_TOKENS:,} unthrottled tokens on the screen after it was sent",
        f"{late:.2f} s",
        f"{LATE_BAR_SECONDS:g} s",
        late <= LATE_BAR_SECONDS,
    )


def _bytes_written(environ: Mapping[str, str]) -> Row:
    size = len("".join(tokens(LONG_TOKENS)).encode())
    with conduit(environ) as terminal:
        before = terminal.written_bytes
        _ask(terminal, LONG_TOKENS, 0)
        terminal.settle()
        written = terminal.written_bytes - before
    ratio = written / size
    return (
        f"bytes written to the terminal for a reply of {size / 1000:.0f} KB that is followed",
        f"{ratio:.2f}x ({written / 1000:.0f} KB)",
        f"{BYTES_BAR:g}x",
        ratio <= BYTES_BAR,
    )


def _ask(terminal: Terminal, number: int, rate: int) -> None:
    terminal.type(f"stream {number} {rate}\r")
    terminal.wait_for(LAST_WORD, number / (rate or RATE) + 60)


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
