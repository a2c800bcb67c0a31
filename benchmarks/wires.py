"""Wires: what decoding costs above the makers' own SDKs, and `ask` above a bare SDK call.

Each client is a process of its own and talks to a server in another one. What is compared is CPU:
of the stream alone for decoding, of the whole process for `ask`.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DELTAS = 100_000
ROUNDS = 3
MOST_MICROSECONDS = 10.0
MOST_ASK_SECONDS = 0.15

Row = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire: its stream, and how its own SDK reads it.

    `answer` gives the bytes of a reply of so many deltas. `sdk` is the source of an async function
    `read(url, say)` that asks for a reply and hands its pieces on.
    """

    provider: str
    model: str
    variable: str
    suffix: str
    content_type: str
    answer: Callable[[int], bytes]
    sdk: str
    kind: str = ""


def _sse(objects: list[object], *, named: bool = False, end: bytes = b"") -> bytes:
    lines: list[str] = []
    for one in objects:
        name = f"event: {one['type']}\n" if named and isinstance(one, dict) else ""
        lines.append(f"{name}data: {json.dumps(one, separators=(',', ':'))}\n\n")
    return "".join(lines).encode() + end


def _openai(number: int) -> bytes:
    def chunk(delta: dict[str, str], finish: str | None = None) -> object:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "gpt-5",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }

    usage = {"prompt_tokens": 1, "completion_tokens": number, "total_tokens": number + 1}
    last = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": usage}
    pieces = [chunk({"content": f"word{index} "}) for index in range(number)]
    return _sse([*pieces, chunk({}, "stop"), last], end=b"data: [DONE]\n\n")


def _responses(number: int) -> bytes:
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress"}
    response = {"id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-5"}
    text = "".join(f"word{index} " for index in range(number))
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    done = item | {"status": "completed", "content": [part]}
    usage = {
        "input_tokens": 1,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": number,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": number + 1,
    }
    open_response = response | {"status": "in_progress", "output": []}
    whole = response | {"status": "completed", "output": [done], "usage": usage}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    events: list[dict[str, object]] = [
        {"type": "response.created", "response": open_response},
        {"type": "response.output_item.added", "output_index": 0, "item": item | {"content": []}},
        {"type": "response.content_part.added", **place, "part": part | {"text": ""}},
        *(
            {"type": "response.output_text.delta", **place, "delta": f"word{i} ", "logprobs": []}
            for i in range(number)
        ),
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": done},
        {"type": "response.completed", "response": whole},
    ]
    numbered: list[object] = [each | {"sequence_number": n} for n, each in enumerate(events)]
    return _sse(numbered, named=True)


def _anthropic(number: int) -> bytes:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    block = {"type": "text", "text": ""}
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    return _sse(
        [
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": block},
            *(
                {
                    "type": "content_block_delta",
                    "index": 0,
                    "delta": {"type": "text_delta", "text": f"word{index} "},
                }
                for index in range(number)
            ),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": end, "usage": {"output_tokens": number}},
            {"type": "message_stop"},
        ],
        named=True,
    )


def _google(number: int) -> bytes:
    def chunk(text: str, finish: str | None = None) -> object:
        candidate: dict[str, object] = {
            "content": {"parts": [{"text": text}], "role": "model"},
            "index": 0,
        }
        if finish:
            candidate["finishReason"] = finish
        return {
            "candidates": [candidate],
            "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 2},
            "modelVersion": "gemini-3.5-flash",
            "responseId": "r1",
        }

    pieces = [chunk(f"word{index} ") for index in range(number)]
    return _sse([*pieces, chunk("", "STOP")])


def _ollama(number: int) -> bytes:
    start = {"model": "llama3", "created_at": "2026-11-01T12:00:00.000000Z"}
    lines = [
        start | {"message": {"role": "assistant", "content": f"word{index} "}, "done": False}
        for index in range(number)
    ]
    lines.append(
        start
        | {
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": 1,
            "eval_count": number,
        }
    )
    return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines).encode()


_EVENT_STREAM = "text/event-stream; charset=utf-8"

WIRES = (
    Wire(
        provider="openai",
        model="gpt-4o",
        variable="OPENAI_BASE_URL",
        suffix="/v1",
        content_type=_EVENT_STREAM,
        answer=_openai,
        sdk="""
async def read(url, say):
    from openai import AsyncOpenAI
    async with AsyncOpenAI(api_key="x", base_url=url, max_retries=0) as client:
        stream = await client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": "hi"}], stream=True,
            stream_options={"include_usage": True},
        )
        async for chunk in stream:
            for choice in chunk.choices:
                say(choice.delta.content or "")
""",
    ),
    Wire(
        provider="openai",
        model="gpt-5",
        variable="OPENAI_BASE_URL",
        suffix="/v1",
        content_type=_EVENT_STREAM,
        answer=_responses,
        kind="openai-responses",
        sdk="""
async def read(url, say):
    from openai import AsyncOpenAI
    async with AsyncOpenAI(api_key="x", base_url=url, max_retries=0) as client:
        stream = await client.responses.create(model="gpt-5", input="hi", stream=True, store=False)
        async for event in stream:
            if event.type == "response.output_text.delta":
                say(event.delta)
""",
    ),
    Wire(
        provider="anthropic",
        model="claude-sonnet-4-5",
        variable="ANTHROPIC_BASE_URL",
        suffix="",
        content_type=_EVENT_STREAM,
        answer=_anthropic,
        sdk="""
async def read(url, say):
    from anthropic import AsyncAnthropic
    async with AsyncAnthropic(api_key="x", base_url=url, max_retries=0) as client:
        stream = await client.messages.create(
            model="claude-sonnet-4-5", max_tokens=100,
            messages=[{"role": "user", "content": "hi"}], stream=True,
        )
        async for event in stream:
            if event.type == "content_block_delta":
                say(event.delta.text)
""",
    ),
    Wire(
        provider="google",
        model="gemini-3.5-flash",
        variable="GOOGLE_GEMINI_BASE_URL",
        suffix="",
        content_type=_EVENT_STREAM,
        answer=_google,
        sdk="""
async def read(url, say):
    from google import genai
    from google.genai import types
    client = genai.Client(api_key="x", http_options=types.HttpOptions(base_url=url))
    stream = await client.aio.models.generate_content_stream(
        model="gemini-3.5-flash", contents="hi"
    )
    async for chunk in stream:
        say(chunk.text or "")
""",
    ),
    Wire(
        provider="ollama",
        model="llama3",
        variable="OLLAMA_HOST",
        suffix="",
        content_type="application/x-ndjson",
        answer=_ollama,
        sdk="""
async def read(url, say):
    from ollama import AsyncClient
    stream = await AsyncClient(host=url).chat(
        model="llama3", messages=[{"role": "user", "content": "hi"}], stream=True
    )
    async for chunk in stream:
        say(chunk.message.content or "")
""",
    ),
)

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
    ours = statistics.median(_cpu_of_ask(wire, url) for _ in range(ROUNDS))
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


def _cpu_of_ask(wire: Wire, url: str) -> float:
    with tempfile.TemporaryDirectory() as home:
        environ = os.environ | {
            "CONDUIT_HOME": home,
            wire.variable: f"{url}/few{wire.suffix}",
            "OPENAI_API_KEY": "x",
            "ANTHROPIC_API_KEY": "x",
            "GEMINI_API_KEY": "x",
        }
        if wire.kind:
            settings = Path(home) / "config" / "settings.toml"
            settings.parent.mkdir(parents=True)
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
    import asyncio

    from tests.servers.http import Exchange, LoopbackServer, Reply

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
    import asyncio

    asyncio.run(_serve(WIRES[int(sys.argv[1])]))
