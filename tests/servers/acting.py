"""Models that do what they are told: the last user message is a play of tool calls.

They refuse what their vendors refuse (`strict.py`).

    file_read {"path": "notes.md"}   a call: the name, then what it sends as arguments
    call file_read what ever         the same, where the arguments are no object
    *30 file_read {"path": "%N"}     so many calls; %N counts them
    then                             the calls above are made at once; those below, next
    !dup !noid !cut !mute !slow      one id for all; none; ended by max_tokens; no words; slowly

After the last of them it answers in words. By hand, on a port for each wire:

    python -m tests.servers.acting --log FILE
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers import anthropic_server as claude
from tests.servers import google_server as gemini
from tests.servers import openai_server as chat
from tests.servers.http import Exchange, LoopbackServer, Reply, Sleep, Step
from tests.servers.strict import COMPLAINTS
from tests.servers.wires import WIRES

SIGNED = "c2lnbmVk"
FLAGS = {"!dup", "!noid", "!cut", "!mute", "!slow"}


@dataclass
class Scene:
    """One generation: what is called, and how."""

    calls: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    flags: set[str] = field(default_factory=set[str])

    def ids(self, step: int) -> list[str]:
        """The ids of the calls."""
        if "!noid" in self.flags:
            return ["" for _ in self.calls]
        if "!dup" in self.flags:
            return ["call_0" for _ in self.calls]
        return [f"call_{step}_{at}" for at in range(len(self.calls))]


def scenes(words: str) -> list[Scene]:
    """Read a play."""
    found = [Scene()]
    for line in words.splitlines():
        line = line.strip()
        if line == "then":
            found.append(Scene())
        elif line in FLAGS:
            found[-1].flags.add(line)
        elif line.startswith("*"):
            times, _, rest = line[1:].partition(" ")
            name, _, arguments = rest.partition(" ")
            found[-1].calls += [
                (name, arguments.replace("%N", str(at))) for at in range(int(times))
            ]
        elif "{" in line or line.startswith("call "):
            name, _, arguments = line.removeprefix("call ").partition(" ")
            found[-1].calls.append((name, arguments))
    return [scene for scene in found if scene.calls or scene.flags]


def _chat_played(body: Any) -> tuple[str, int]:
    messages = body["messages"]
    users = [at for at, one in enumerate(messages) if one["role"] == "user"]
    content = messages[users[-1]]["content"]
    if not isinstance(content, str):
        content = "\n".join(part.get("text", "") for part in content)
    return content, sum(one["role"] == "assistant" for one in messages[users[-1] :])


def _claude_played(body: Any) -> tuple[str, int]:
    asked = [
        at
        for at, one in enumerate(body["messages"])
        if one["role"] == "user" and any(b["type"] == "text" for b in one["content"])
    ]
    texts = [b["text"] for b in body["messages"][asked[-1]]["content"] if b["type"] == "text"]
    later = body["messages"][asked[-1] :]
    return texts[-1], sum(one["role"] == "assistant" for one in later)


def _gemini_played(body: Any) -> tuple[str, int]:
    asked = [
        at
        for at, one in enumerate(body["contents"])
        if one["role"] == "user" and any("text" in part for part in one["parts"])
    ]
    texts = [part["text"] for part in body["contents"][asked[-1]]["parts"] if "text" in part]
    later = body["contents"][asked[-1] :]
    return texts[-1], sum(one["role"] == "model" for one in later)


def _chat_calls(scene: Scene, step: int) -> Iterable[Step]:
    yield chat.chunk({"role": "assistant", "content": "", "reasoning_content": "Hm. "})
    if "!mute" not in scene.flags:
        yield chat.chunk({"content": f"Step {step}. "})
    pieces = list(zip(scene.ids(step), scene.calls, strict=True))
    halves = [(args[: len(args) // 2], args[len(args) // 2 :]) for _, (_, args) in pieces]
    bare = bool({"!noid", "!dup"} & scene.flags)
    for at, (call_id, (name, args)) in enumerate(pieces):
        first = args if bare else halves[at][0]
        piece: dict[str, Any] = {
            "index": 0 if "!noid" in scene.flags else at,
            "id": call_id,
            "type": "function",
            "function": {"name": name, "arguments": first},
        }
        yield chat.chunk({"tool_calls": [piece]})
        if "!slow" in scene.flags:
            yield Sleep(0.05)
    for at, (_, after) in enumerate(halves):
        if not bare:
            yield chat.call_piece(at, after)
    yield chat.chunk(finish="length" if "!cut" in scene.flags else "tool_calls")
    yield chat.usage()
    yield chat.DONE


def _claude_calls(scene: Scene, step: int) -> Iterable[Step]:
    yield claude.message_start()
    yield from claude.thinking(0, "Hm. ", signature=SIGNED)
    at = 1
    if "!mute" not in scene.flags:
        yield from claude.text(1, f"Step {step}. ")
        at = 2
    for place, (call_id, (name, args)) in enumerate(zip(scene.ids(step), scene.calls, strict=True)):
        half = len(args) // 2
        if place:
            yield from claude.thinking(at, "And then. ", signature=SIGNED)
            at += 1
        yield from claude.tool_use(at, call_id, name, args[:half], args[half:])
        at += 1
        if "!slow" in scene.flags:
            yield Sleep(0.05)
    yield claude.message_delta("max_tokens" if "!cut" in scene.flags else "tool_use")
    yield claude.message_stop()


def _gemini_calls(scene: Scene, step: int) -> Iterable[Step]:
    yield gemini.chunk({"text": "Hm. ", "thought": True})
    for at, (call_id, (name, args)) in enumerate(zip(scene.ids(step), scene.calls, strict=True)):
        try:
            value = json.loads(args)
        except ValueError:
            value = args
        yield gemini.chunk(gemini.called(name, value, SIGNED if at == 0 else "", call_id))
        if "!slow" in scene.flags:
            yield Sleep(0.05)
    yield gemini.chunk("", finish="MAX_TOKENS" if "!cut" in scene.flags else "STOP")


PLAYED: dict[str, Callable[[Any], tuple[str, int]]] = {
    "openai-chat": _chat_played,
    "anthropic": _claude_played,
    "google": _gemini_played,
}
CALLS: dict[str, Callable[[Scene, int], Iterable[Step]]] = {
    "openai-chat": _chat_calls,
    "anthropic": _claude_calls,
    "google": _gemini_calls,
}


def act(kind: str, log: Callable[[str], object] = lambda _: None) -> Callable[[Exchange], Reply]:
    """What a model of a wire answers; a request that a vendor would refuse is refused."""
    wire = WIRES[kind]

    def answer(exchange: Exchange) -> Reply:
        body = exchange.body
        complaint = COMPLAINTS[kind](body)
        log(json.dumps({"kind": kind, "complaint": complaint, "body": body}))
        if complaint:
            return wire.refused(400, complaint)
        words, step = PLAYED[kind](body)
        play = scenes(words)
        if step < len(play):
            return wire.reply(*CALLS[kind](play[step], step), piece_bytes=11)
        if "stream" in words:
            pieces: list[Step] = []
            for n in range(600):
                pieces += [*wire.begun(f"word{n} ")[-1:], Sleep(0.05)]
            return wire.reply(*wire.begun("")[:1], *pieces, *wire.ending())
        return wire.whole("All ", f"done after {step}.")

    return answer


async def _serve(log: Path) -> None:
    def write(line: str) -> None:
        with log.open("a") as file:
            file.write(line + "\n")

    async with AsyncExitStack() as stack:
        for kind, port in zip(CALLS, (8711, 8712, 8713), strict=True):
            server: LoopbackServer = WIRES[kind].server(act(kind, write), port=port)
            await stack.enter_async_context(server)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path, required=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().log))


if __name__ == "__main__":
    main()
