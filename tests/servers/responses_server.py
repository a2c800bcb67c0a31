"""A server of the Responses wire, byte for byte.

Written from https://platform.openai.com/docs/api-reference/responses-streaming: every event has
its name, its number, and the indices of what it belongs to. By hand:

    OPENAI_BASE_URL=$(python -m tests.servers.responses_server --port 8081) ...

with `kind = "openai-responses"` under `[providers.openai]`.
"""

import argparse
import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.servers.http import Exchange, LoopbackServer, Reply, Step
from tests.servers.openai_server import refused

ID = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b"
USAGE: dict[str, Any] = {
    "input_tokens": 36,
    "input_tokens_details": {"cached_tokens": 16, "cache_write_tokens": 4},
    "output_tokens": 87,
    "output_tokens_details": {"reasoning_tokens": 64},
    "total_tokens": 123,
}


class Script:
    """Writes the events of one response, numbered; `output` are its finished items so far."""

    def __init__(self) -> None:
        self.output: list[dict[str, Any]] = []
        self._number = 0

    def event(self, kind: str, **fields: Any) -> bytes:
        """One event as it stands on the wire."""
        data = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

    def response(self, status: str, **fields: Any) -> dict[str, Any]:
        """The response object as it stands in the first events and the last."""
        return {
            "id": ID,
            "object": "response",
            "created_at": 1741476542,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "model": "gpt-5-2025-08-07",
            "output": self.output,
            "store": False,
            "usage": None,
            **fields,
        }

    def begin(self) -> list[Step]:
        """The two events before anything else."""
        return [
            self.event("response.created", response=self.response("in_progress", output=[])),
            self.event("response.in_progress", response=self.response("in_progress", output=[])),
        ]

    def end(self, status: str = "completed", **fields: Any) -> list[Step]:
        """The last event."""
        response = self.response(status, usage=USAGE, **fields)
        return [self.event(f"response.{status}", response=response)]

    def reasoning(self, *parts: str, encrypted: str = "gAAAAABo") -> list[Step]:
        """A reasoning item with the parts of its summary, each in two deltas."""
        index, name = len(self.output), f"rs_{len(self.output)}"
        at = {"item_id": name, "output_index": index}
        item: dict[str, Any] = {"id": name, "type": "reasoning", "summary": []}
        begun = {**item, "encrypted_content": encrypted[:3]}
        steps: list[Step] = [
            self.event("response.output_item.added", output_index=index, item=begun)
        ]
        for number, text in enumerate(parts):
            here = {**at, "summary_index": number}
            part = {"type": "summary_text", "text": text}
            steps += [
                self.event("response.reasoning_summary_part.added", **here, part=part),
                self.event("response.reasoning_summary_text.delta", **here, delta=text[:4]),
                self.event("response.reasoning_summary_text.delta", **here, delta=text[4:]),
                self.event("response.reasoning_summary_text.done", **here, text=text),
                self.event("response.reasoning_summary_part.done", **here, part=part),
            ]
        summary = [{"type": "summary_text", "text": text} for text in parts]
        done = {**item, "encrypted_content": encrypted, "summary": summary}
        self.output.append(done)
        return [*steps, self.event("response.output_item.done", output_index=index, item=done)]

    def message(self, *pieces: str, kind: str = "output_text", **part: Any) -> list[Step]:
        """A message item; of kind `refusal`, a refusal."""
        index, name = len(self.output), f"msg_{len(self.output)}"
        at = {"item_id": name, "output_index": index, "content_index": 0}
        field = "refusal" if kind == "refusal" else "text"
        whole = {"type": kind, field: "".join(pieces), **part}
        if kind == "output_text":
            whole = {"annotations": [], **whole}
        item = {"id": name, "type": "message", "role": "assistant", "content": []}
        done = {**item, "status": "completed", "content": [whole]}
        self.output.append(done)
        return [
            self.event(
                "response.output_item.added",
                output_index=index,
                item={**item, "status": "in_progress"},
            ),
            self.event("response.content_part.added", **at, part={**whole, field: ""}),
            *(self.event(f"response.{kind}.delta", **at, delta=one, logprobs=[]) for one in pieces),
            self.event(f"response.{kind}.done", **at, **{field: whole[field]}),
            self.event("response.content_part.done", **at, part=whole),
            self.event("response.output_item.done", output_index=index, item=done),
        ]

    def call(self, name: str, arguments: str, call_id: str = "call_a") -> list[Step]:
        """A function call; its arguments come in two deltas."""
        index, item_id = len(self.output), f"fc_{len(self.output)}"
        at = {"item_id": item_id, "output_index": index}
        item = {"id": item_id, "type": "function_call", "call_id": call_id, "name": name}
        done = {**item, "status": "completed", "arguments": arguments}
        self.output.append(done)
        begun = {**item, "status": "in_progress", "arguments": ""}
        delta = "response.function_call_arguments.delta"
        return [
            self.event("response.output_item.added", output_index=index, item=begun),
            self.event(delta, **at, delta=arguments[:3]),
            self.event(delta, **at, delta=arguments[3:]),
            self.event("response.function_call_arguments.done", **at, arguments=arguments),
            self.event("response.output_item.done", output_index=index, item=done),
        ]

    def item(self, item: dict[str, Any]) -> list[Step]:
        """Any other item, whole."""
        index = len(self.output)
        self.output.append(item)
        return [
            self.event("response.output_item.added", output_index=index, item=item),
            self.event("response.output_item.done", output_index=index, item=item),
        ]


def said(*pieces: str) -> list[Step]:
    """The steps of an ordinary answer: reasoning, text, end."""
    script = Script()
    return [
        *script.begin(),
        *script.reasoning("Let me see.", "So it is."),
        *script.message(*pieces),
        *script.end(),
    ]


class ResponsesServer(LoopbackServer):
    """Answers each request with the next reply, the last one for ever after."""

    def __init__(self, *replies: Reply | Callable[[Exchange], Reply], port: int = 0) -> None:
        super().__init__(self._reply, port)
        self._replies = list(replies)

    @property
    def url(self) -> str:
        """The base URL for an endpoint."""
        return f"http://127.0.0.1:{self.port}/v1"

    def _reply(self, exchange: Exchange) -> Reply:
        if exchange.path != "/v1/responses" or not self._replies:
            return refused(404, {"detail": "Not Found"})
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return reply if isinstance(reply, Reply) else reply(exchange)


def tool_round(exchange: Exchange) -> Reply:
    """Call the first tool that is offered, then tell what it said; print what came back."""
    print(json.dumps(exchange.body, indent=1, ensure_ascii=False), flush=True)  # noqa: T201
    script = Script()
    results = [one for one in exchange.body["input"] if one.get("type") == "function_call_output"]
    tools = exchange.body.get("tools", [])
    if results or not tools:
        words = f"The tool said: {results[-1]['output']}" if results else "There is no tool."
        return Reply([*script.begin(), *script.message(words), *script.end()])
    return Reply(
        [
            *script.begin(),
            *script.reasoning("I need the time."),
            *script.call(tools[0]["name"], '{"timezone": "UTC"}'),
            *script.end(),
        ]
    )


async def _serve(port: int) -> None:
    async with ResponsesServer(tool_round, port=port) as server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted, after printing the base URL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
