"""A server of Ollama's own wire, byte for byte: https://docs.ollama.com/api

In a test:

    async with OllamaServer(streamed("Hello", " there")) as server:
        ... server.url ... server.chats[0].body ...

By hand, with `OLLAMA_HOST` set to what it prints:

    python -m tests.servers.ollama_server --port 0
"""

import argparse
import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from tests.servers.http import Cut, Exchange, LoopbackServer, Reply, Sleep, Stall, Step

NDJSON = "application/x-ndjson"
MODEL = "test-model"
AT = "2026-11-22T10:00:00.123456789Z"


def line(value: Any) -> bytes:
    """One line with a JSON value, as Go writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def delta(**message: Any) -> bytes:
    """One line of a generation; a message always has its content."""
    whole = {"role": "assistant", "content": "", **message}
    return line({"model": MODEL, "created_at": AT, "message": whole, "done": False})


def call(name: str, arguments: Any, call_id: str = "", index: int = 0) -> dict[str, Any]:
    """A whole tool call, as it stands in a message."""
    function = {"index": index, "name": name, "arguments": arguments}
    return {"id": call_id, "function": function} if call_id else {"function": function}


def done(reason: str | None = "stop", prompt: int = 10, output: int = 5, **more: Any) -> bytes:
    """The last line; counts of 0 are left out, as the server does."""
    value: dict[str, Any] = {
        "model": MODEL,
        "created_at": AT,
        "message": {"role": "assistant", "content": ""},
        "done": True,
        "total_duration": 4883583458,
        "load_duration": 1334875,
        "prompt_eval_duration": 342546000,
        "eval_duration": 4535599000,
        **more,
    }
    counts = {"done_reason": reason, "prompt_eval_count": prompt, "eval_count": output}
    return line(value | {name: count for name, count in counts.items() if count})


def said(*pieces: str, reason: str = "stop") -> list[Step]:
    """The steps of an ordinary answer."""
    return [*(delta(content=piece) for piece in pieces), done(reason)]


def streamed(*pieces: str, **options: Any) -> Reply:
    """An ordinary answer in text pieces."""
    return lines(*said(*pieces), **options)


def lines(*steps: Step, **options: Any) -> Reply:
    """A stream of lines."""
    return Reply(steps, content_type=NDJSON, **options)


def as_json(body: Any, status: int = 200, **headers: str) -> Reply:
    """One JSON value."""
    return Reply([line(body)], status, "application/json; charset=utf-8", headers)


def error(words: str, status: int, **headers: str) -> Reply:
    """An error as Ollama writes it."""
    return as_json({"error": words}, status, **headers)


def shown(
    *capabilities: str, context_length: int = 40960, parameters: str = "", **details: Any
) -> dict[str, Any]:
    """What `/api/show` says of a model."""
    return {
        "modelfile": "# Modelfile",
        "parameters": parameters or 'stop    "<|im_end|>"\ntemperature    0.6',
        "template": "{{ .Prompt }}",
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": "qwen3",
            "families": ["qwen3"],
            "parameter_size": "8.2B",
            "quantization_level": "Q4_K_M",
            **details,
        },
        "model_info": {
            "general.architecture": "qwen3",
            "general.parameter_count": 8190735360,
            "qwen3.context_length": context_length,
            "qwen3.embedding_length": 4096,
            "tokenizer.ggml.tokens": None,
        },
        "capabilities": list(capabilities),
        "modified_at": AT,
    }


def tagged(name: str, **more: Any) -> dict[str, Any]:
    """One model in `/api/tags`."""
    details = {"family": "qwen3", "parameter_size": "8.2B", "quantization_level": "Q4_K_M"}
    fields = {"name": name, "model": name, "size": 5_225_388_164, "digest": f"of {name}"}
    return {**fields, "modified_at": AT, "details": details, **more}


CHATS = shown("completion", "tools", "thinking")

Answering = Reply | Callable[[Exchange], Reply]


class OllamaServer(LoopbackServer):
    """Answers each chat with the next reply, the last one for ever after.

    `models` are those installed, with what is shown of them (None: nothing can be found out);
    `running` are in memory. `tags` and `pulls` answer the list and `/api/pull` in other ways.
    """

    def __init__(
        self,
        *replies: Answering,
        models: Mapping[str, Any] | None = None,
        running: Iterable[str] = (),
        tags: Reply | None = None,
        pulls: Answering | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(self._reply, port)
        self._replies = list(replies)
        self.models = dict({MODEL: CHATS} if models is None else models)
        self._running = tuple(running)
        self._tags = tags
        self._pulls = pulls

    @property
    def url(self) -> str:
        """The base URL for an endpoint, and for OLLAMA_HOST."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def chats(self) -> list[Exchange]:
        """The requests for an answer."""
        return self.asked("/api/chat")

    def asked(self, path: str) -> list[Exchange]:
        """The requests to a path."""
        return [each for each in self.exchanges if each.path == path]

    def _reply(self, exchange: Exchange) -> Reply:
        match exchange.path:
            case "/api/chat" if self._replies:
                reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
                return reply if isinstance(reply, Reply) else reply(exchange)
            case "/api/show":
                return self._show(exchange.body["model"])
            case "/api/tags":
                listed = [tagged(name) for name in self.models]
                return self._tags or as_json({"models": listed})
            case "/api/ps":
                return as_json({"models": [tagged(name) for name in self._running]})
            case "/api/version":
                return as_json({"version": "0.12.6"})
            case "/api/pull" if self._pulls:
                return self._pulls if isinstance(self._pulls, Reply) else self._pulls(exchange)
            case _:
                return Reply([b"404 page not found"], 404, "text/plain")

    def _show(self, name: str) -> Reply:
        about = self.models.get(name)
        if isinstance(about, Reply):
            return about
        return as_json(about) if about else error(f"model '{name}' not found", 404)


HALF: list[Step] = [delta(content="Half of an "), delta(content="answer")]
_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

FAULTS: dict[str, Callable[[], Reply]] = {
    "401": lambda: error("unauthorized", 401),
    "404": lambda: error("model 'nope' not found", 404),
    "429": lambda: error("too many requests", 429, **{"retry-after": "3"}),
    "context": lambda: error("the input length exceeds the context length", 400),
    "memory": lambda: error("model requires more system memory (9.1 GiB) than is available", 500),
    "502": lambda: Reply([_PAGE.encode()], 502, "text/html"),
    "cut": lambda: lines(*HALF, Cut),
    "end": lambda: lines(*HALF),
    "garbage": lambda: lines(*HALF, b'{"model":"x","mess\n', done()),
    "error": lambda: lines(*HALF, line({"error": "an error was encountered while running"})),
    "stall": lambda: lines(*HALF, Stall),
    "silence": lambda: lines(Stall),
    "page": lambda: Reply([_PAGE.encode()], content_type="text/html"),
    "redirect": lambda: Reply(status=307, headers={"location": "http://127.0.0.1:9/"}),
    "load": lambda: lines(done("load", 0, 0)),
    "escape": lambda: streamed("red \x1b[31m, \x1b]0;gotcha\x07, \u202eturned, [bold]not markup"),
}


def echo(rate: float) -> Callable[[Exchange], Reply]:
    """Say the question back, with thinking or a tool call if it names them, or `fault NAME`."""

    def answer(exchange: Exchange) -> Reply:
        messages = exchange.body["messages"]
        words = next(each["content"] for each in reversed(messages) if each["role"] == "user")
        if found := re.search(r"\bfault(?: (\w+))?", words):
            fault = FAULTS.get(found[1] or "")
            return fault() if fault else streamed("Faults: " + ", ".join(FAULTS))
        if messages[-1]["role"] == "tool":
            return lines(*_slowly(f"The tool said:\n\n> {messages[-1]['content']}\n", rate))
        thinking = "Let me think about that. " if exchange.body.get("think") else ""
        if "tool" in words and exchange.body.get("tools"):
            name = exchange.body["tools"][0]["function"]["name"]
            asked = call(name, {"timezone": "Europe/Oslo"}, "call_k2x9")
            return lines(*_slowly("", rate, thinking, [delta(tool_calls=[asked])]))
        images = sum(len(each.get("images", ())) for each in messages)
        options = json.dumps(exchange.body.get("options"))
        text = f"You said, with {images} images and options `{options}`:\n\n> {words}\n"
        return lines(*_slowly(text, rate, thinking))

    return answer


def slow_pull(rate: float) -> Callable[[Exchange], Reply]:
    """Pull a model of 4 GB in two layers within some seconds; `nope` is unknown."""

    def answer(exchange: Exchange) -> Reply:
        if "nope" in exchange.body["model"]:
            words = "pull model manifest: file does not exist"
            return lines(line({"status": "pulling manifest"}), line({"error": words}))
        return lines(*_layers(rate))

    return answer


def _layers(rate: float) -> Iterable[Step]:
    layers = {"sha256:3d0b790534fe": 3_500_000_000, "sha256:ae370d884f10": 500_000_000}
    yield line({"status": "pulling manifest"})
    for step in range(101):
        for digest, total in layers.items():
            layer = {"status": f"pulling {digest[7:]}", "digest": digest, "total": total}
            completed = {"completed": total * step // 100} if step else {}
            yield line(layer | completed)
        yield Sleep(1 / rate)
    for status in ("verifying sha256 digest", "writing manifest", "success"):
        yield line({"status": status})


def _slowly(
    text: str, rate: float, thinking: str = "", more: Iterable[Step] = ()
) -> Iterable[Step]:
    for word in re.findall(r"\S+\s*", thinking):
        yield delta(thinking=word)
        yield Sleep(1 / rate)
    for word in re.findall(r"\s*\S+\s*", text):
        yield delta(content=word)
        yield Sleep(1 / rate)
    yield from more
    yield done()


async def _serve(port: int, rate: float) -> None:
    models = {
        "qwen3:8b": CHATS,
        "llama3.2-vision:11b": shown("completion", "vision", context_length=131072),
        "nomic-embed-text:latest": shown("embedding", context_length=2048),
    }
    answers = OllamaServer(
        echo(rate), models=models, running=("qwen3:8b",), pulls=slow_pull(rate / 4), port=port
    )
    async with answers as server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted, after printing the base URL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rate", type=float, default=50.0, help="words a second")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.port, arguments.rate))


if __name__ == "__main__":
    main()
