"""The wires to be measured: a reply of any length in each, and how its own SDK reads it."""

import json
from collections.abc import Callable
from dataclasses import dataclass


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


EVENT_STREAM = "text/event-stream; charset=utf-8"

WIRES = (
    Wire(
        provider="openai",
        model="gpt-4o",
        variable="OPENAI_BASE_URL",
        suffix="/v1",
        content_type=EVENT_STREAM,
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
        content_type=EVENT_STREAM,
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
        content_type=EVENT_STREAM,
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
        content_type=EVENT_STREAM,
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
