"""Wires: what decoding costs above the makers' own SDKs, and `ask` above a bare SDK call.

Each client is a process of its own and talks to a server in another one. What is compared is CPU:
of the stream alone for decoding, of the whole process for `ask`.
"""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.wire_replies import WIRES, Wire
from tests.servers.http import Exchange, LoopbackServer, Reply

ROOT = Path(__file__).parents[1]
DELTAS = 100_000
ROUNDS = 5
MOST_MICROSECONDS = 10.0
MOST_ASK_SECONDS = 0.15

Row = tuple[str, str, str, bool]


_OURS = """
async def read(url, say):
    from conduit_tui.core.endpoint import Endpoint, Secret
    from conduit_tui.core.events import TextDelta
    from conduit_tui.core.request import Request
    from conduit_tui.core.params import Params
    from conduit_tui.core.message import Message, Text
    from datetime import UTC, datetime
    from conduit_tui.providers.registry import build
    provider = build(Endpoint({provider!r}, {kind!r}, url, Secret("x")))
    message = Message("m", "s", None, "user", (Text("hi"),), datetime.now(UTC))
    async for event in provider.stream(Request({model!r}, (message,), Params())):
        if isinstance(event, TextDelta):
            say(event.text)
    await provider.aclose()
"""

# Once to import and connect, then what counts.
_TIMED = """
import asyncio, sys, time
async def main():
    pieces = []
    await read(sys.argv[1] + "/few" + sys.argv[2], pieces.append)
    began, pieces = time.process_time(), []
    await read(sys.argv[1] + "/many" + sys.argv[2], pieces.append)
    assert len("".join(pieces)) > 100_000
    print(time.process_time() - began)
asyncio.run(main())
"""

_PRINTED = """
import asyncio, sys
asyncio.run(read(sys.argv[1] + "/few" + sys.argv[2], sys.stdout.write))
"""


def measure() -> Iterator[Row]:
    """Two rows for each wire: decoding, and `ask`."""
    for wire in WIRES:
        with _server(wire) as url:
            yield _decoding(wire, url)
            yield _asking(wire, url)


def _decoding(wire: Wire, url: str) -> Row:
    fields = {"provider": wire.provider, "model": wire.model, "kind": _kind(wire)}
    ours = statistics.median(_timed(_OURS.format(**fields), wire, url) for _ in range(ROUNDS))
    theirs = statistics.median(_timed(wire.sdk, wire, url) for _ in range(ROUNDS))
    each, bare = ours / DELTAS * 1e6, theirs / DELTAS * 1e6
    return (
        f"decoding {DELTAS:,} deltas of {_kind(wire)}, CPU each above the SDK's own",
        f"{each - bare:+.1f} microseconds ({each:.1f} against {bare:.1f})",
        f"{MOST_MICROSECONDS:g} microseconds",
        each - bare <= MOST_MICROSECONDS,
    )


def _asking(wire: Wire, url: str) -> Row:
    with tempfile.TemporaryDirectory() as home:
        _cpu_of_ask(wire, url, home)  # makes the database
        ours = statistics.median(_cpu_of_ask(wire, url, home) for _ in range(ROUNDS))
    bare = [sys.executable, "-c", wire.sdk + _PRINTED, url, wire.suffix]
    theirs = statistics.median(_cpu_of(bare, dict(os.environ)) for _ in range(ROUNDS))
    return (
        f"ask on {_kind(wire)}, CPU of the process above a bare SDK call",
        f"{(ours - theirs) * 1000:+.0f} ms ({ours:.2f} s against {theirs:.2f} s)",
        f"{MOST_ASK_SECONDS * 1000:.0f} ms",
        ours - theirs <= MOST_ASK_SECONDS,
    )


def _kind(wire: Wire) -> str:
    return wire.kind or {"openai": "openai-chat"}.get(wire.provider, wire.provider)


def _timed(source: str, wire: Wire, url: str) -> float:
    command = [sys.executable, "-c", source + _TIMED, url, wire.suffix]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _cpu_of_ask(wire: Wire, url: str, home: str) -> float:
    environ = os.environ | {
        "CONDUIT_HOME": home,
        wire.variable: f"{url}/few{wire.suffix}",
        "OPENAI_API_KEY": "x",
        "ANTHROPIC_API_KEY": "x",
        "GEMINI_API_KEY": "x",
    }
    if wire.kind:
        settings = Path(home) / "config" / "settings.toml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(f'[providers.{wire.provider}]\nkind = "{wire.kind}"\n')
    name = f"{wire.provider}/{wire.model}"
    return _cpu_of([sys.executable, "-m", "conduit_tui", "ask", "-m", name, "hi"], environ)


def _cpu_of(command: list[str], environ: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def _server(wire: Wire) -> Iterator[str]:
    """A server of the wire's two replies, as a process of its own; its address."""
    command = [sys.executable, "-m", "benchmarks.wires", str(WIRES.index(wire))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


async def _serve(wire: Wire) -> None:
    few, many = wire.answer(3), wire.answer(DELTAS)

    def answer(exchange: Exchange) -> Reply:
        if exchange.method != "POST":
            return Reply([b"{}"], content_type="application/json")
        if exchange.path.endswith("/api/show"):
            return Reply([b'{"capabilities":["completion"]}'], content_type="application/json")
        body = many if exchange.path.startswith("/many") else few
        return Reply([body], content_type=wire.content_type)

    async with LoopbackServer(answer) as server:
        print(f"http://127.0.0.1:{server.port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(WIRES[int(sys.argv[1])]))
