"""All wires side by side, so that what must hold for each is written once.

wire = WIRES["anthropic"]
async with wire.server(Reply([*wire.begun("Hel", "lo"), Cut])) as server:
    ... build(wire.endpoint(server.url)) ...
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conduit_tui.core.endpoint import Endpoint
from tests.providers.asking import endpoint
from tests.servers import (
    anthropic_server,
    google_server,
    ollama_server,
    openai_server,
    responses_server,
)
from tests.servers.http import Reply, Step


@dataclass(frozen=True, slots=True)
class Wire:
    """What one wire looks like.

    `begun` are the steps of an answer before its end, `ending` those that end it; `refusal` is the
    body of an error as the vendor writes it, and `fault` an error in mid-stream.
    """

    kind: str
    server: Callable[..., Any]
    content_type: str
    begun: Callable[..., list[Step]]
    ending: Callable[[], list[Step]]
    refusal: Callable[[int, str], Any]
    fault: Callable[[str], bytes]
    called: Callable[[str, str], list[Step]]
    counted: Callable[[Any], bytes]
    path: str

    def endpoint(self, url: str, **fields: Any) -> Endpoint:
        """An endpoint named `local` of this wire."""
        return endpoint(url, kind=self.kind, **fields)

    def url(self, address: str) -> str:
        """The base URL at an address such as `http://[::1]:80`."""
        return f"{address}/v1" if self.kind.startswith("openai") else address

    def reply(self, *steps: Step, **options: Any) -> Reply:
        """An answer of this wire's content type."""
        return Reply(steps, content_type=self.content_type, **options)

    def whole(self, *pieces: str, **options: Any) -> Reply:
        """An ordinary answer."""
        return self.reply(*self.begun(*pieces), *self.ending(), **options)

    def refused(self, status: int, words: str, **headers: str) -> Reply:
        """A refused request."""
        body = json.dumps(self.refusal(status, words)).encode()
        return Reply([body], status, "application/json", headers)

    def answers(self, exchanges: list[Any]) -> list[Any]:
        """The requests for an answer, among all that came."""
        return [one for one in exchanges if self.path in one.path]


_CODES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
_WORDS = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 503: "UNAVAILABLE"}


def _chat_begun(*pieces: str) -> list[Step]:
    role = openai_server.chunk({"role": "assistant", "content": ""})
    return [role, *(openai_server.chunk({"content": piece}) for piece in pieces)]


def _chat_ending() -> list[Step]:
    return [openai_server.chunk(finish="stop"), openai_server.usage(), openai_server.DONE]


def _chat_called(name: str, arguments: str) -> list[Step]:
    return [openai_server.call_piece(0, arguments, "call_a", name)]


def _response(kind: str, **fields: Any) -> bytes:
    data = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def _responses_begun(*pieces: str) -> list[Step]:
    script = responses_server.Script()
    item: dict[str, Any] = {"id": "msg_0", "type": "message", "role": "assistant", "content": []}
    at = {"item_id": "msg_0", "output_index": 0, "content_index": 0}
    delta = "response.output_text.delta"
    return [
        *script.begin(),
        _response("response.output_item.added", output_index=0, item=item),
        *(_response(delta, **at, delta=piece) for piece in pieces),
    ]


def _responses_called(name: str, arguments: str) -> list[Step]:
    item = {"id": "fc_1", "type": "function_call", "call_id": "call_a", "name": name}
    at = {"item_id": "fc_1", "output_index": 1}
    return [
        _response("response.output_item.added", output_index=1, item=item),
        _response("response.function_call_arguments.delta", **at, delta=arguments),
    ]


def _responses_counted(usage: Any) -> bytes:
    response: dict[str, Any] = {"id": "resp", "status": "completed", "output": [], "usage": usage}
    return _response("response.completed", response=response)


def _anthropic_begun(*pieces: str) -> list[Step]:
    return [anthropic_server.message_start(), *anthropic_server.text(0, *pieces)[:-1]]


def _anthropic_ending() -> list[Step]:
    return [
        anthropic_server.stop(0),
        anthropic_server.message_delta(),
        anthropic_server.message_stop(),
    ]


def _anthropic_called(name: str, arguments: str) -> list[Step]:
    return [
        anthropic_server.stop(0),
        *anthropic_server.tool_use(1, "call_a", name, arguments)[:-1],
    ]


def _ollama_called(name: str, arguments: str) -> list[Step]:
    return [ollama_server.delta(tool_calls=[ollama_server.call(name, arguments)])]


WIRES = {
    wire.kind: wire
    for wire in (
        Wire(
            kind="openai-chat",
            server=openai_server.OpenAIServer,
            content_type="text/event-stream; charset=utf-8",
            begun=_chat_begun,
            ending=_chat_ending,
            refusal=lambda status, words: openai_server.error(words),
            fault=lambda words: openai_server.frame(openai_server.error(words)),
            called=_chat_called,
            counted=lambda usage: openai_server.frame({"choices": [], "usage": usage}),
            path="/chat/completions",
        ),
        Wire(
            kind="openai-responses",
            server=responses_server.ResponsesServer,
            content_type="text/event-stream; charset=utf-8",
            begun=_responses_begun,
            ending=lambda: [_responses_counted(responses_server.USAGE)],
            refusal=lambda status, words: openai_server.error(words),
            fault=lambda words: _response("error", code="server_error", message=words, param=None),
            called=_responses_called,
            counted=_responses_counted,
            path="/responses",
        ),
        Wire(
            kind="anthropic",
            server=anthropic_server.AnthropicServer,
            content_type="text/event-stream; charset=utf-8",
            begun=_anthropic_begun,
            ending=_anthropic_ending,
            refusal=lambda status, words: anthropic_server.error(
                words, _CODES.get(status, "invalid_request_error")
            ),
            fault=lambda words: anthropic_server.event(
                "error", error={"type": "api_error", "message": words}
            ),
            called=_anthropic_called,
            counted=lambda usage: anthropic_server.event(
                "message_delta", delta={"stop_reason": "end_turn"}, usage=usage
            ),
            path="/v1/messages",
        ),
        Wire(
            kind="google",
            server=google_server.GoogleServer,
            content_type="text/event-stream",
            begun=lambda *pieces: [google_server.chunk(piece) for piece in pieces],
            ending=lambda: google_server.said("")[-1:],
            refusal=lambda status, words: google_server.error(
                status, words, _WORDS.get(status, "INVALID_ARGUMENT")
            ),
            fault=lambda words: google_server.frame(google_server.error(500, words, "INTERNAL")),
            called=lambda name, arguments: [google_server.chunk(google_server.called(name, {}))],
            counted=lambda usage: google_server.frame({"usageMetadata": usage}),
            path=":streamGenerateContent",
        ),
        Wire(
            kind="ollama",
            server=ollama_server.OllamaServer,
            content_type=ollama_server.NDJSON,
            begun=lambda *pieces: [ollama_server.delta(content=piece) for piece in pieces],
            ending=lambda: [ollama_server.done()],
            refusal=lambda status, words: {"error": words},
            fault=lambda words: ollama_server.line({"error": words}),
            called=_ollama_called,
            counted=lambda usage: ollama_server.line({**usage, "done": False}),
            path="/api/chat",
        ),
    )
}
