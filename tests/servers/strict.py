"""What vendors refuse in a request that has tool calls, wire by wire; nothing if it is in order."""

import json
import re
from collections.abc import Callable
from typing import Any

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_GOOGLE_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")
_ID = re.compile(r"[a-zA-Z0-9_-]+")


def chat_complaint(body: Any) -> str:
    """What OpenAI says of the messages of a chat request."""
    waiting: set[str] = set()
    names = [tool["function"]["name"] for tool in body.get("tools", [])]
    if body.get("tools") == [] or len(set(names)) < len(names):
        return f"tools: empty, or a name twice: {names}"
    for at, message in enumerate(body["messages"]):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return f"messages[{at}]: 'tool' must be a response to a preceding 'tool_calls'"
            if not isinstance(message["content"], str):
                return f"messages[{at}].content: expected a string"
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            return f"messages[{at}]: tool_call_ids without response messages: {sorted(waiting)}"
        calls = message.get("tool_calls")
        if calls == [] or not (message.get("content") or calls):
            return f"messages[{at}]: no content"
        waiting = {call["id"] for call in calls or []}
        if len(waiting) < len(calls or []) or "" in waiting:
            return f"messages[{at}]: ids of tool_calls are not distinct"
        for call in calls or []:
            if words := _called(call["function"]["name"], call["function"]["arguments"]):
                return f"messages[{at}]: {words}"
    return f"tool_call_ids without response messages: {sorted(waiting)}" if waiting else ""


def anthropic_complaint(body: Any) -> str:
    """What Anthropic says of the messages and tools of a request."""
    messages = body["messages"]
    names = [tool["name"] for tool in body.get("tools", [])]
    if len(set(names)) < len(names):
        return "tools: Tool names must be unique."
    asked: set[str] = set()
    every: list[str] = []
    for at, message in enumerate(messages):
        if message["role"] != ("assistant" if at % 2 else "user"):
            return f"messages.{at}: roles must alternate, the user first"
        blocks = message["content"]
        if not blocks:
            return f"messages.{at}: all messages must have non-empty content"
        kinds = [block["type"] for block in blocks]
        given = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        if set(given) != asked or len(given) != len(asked):
            return f"messages.{at}: tool_use ids {sorted(asked)}, tool_result ids {sorted(given)}"
        if given and set(kinds[: len(given)]) != {"tool_result"}:
            return f"messages.{at}: tool_result blocks must come first"
        if message["role"] == "assistant" and kinds[-1] in {"thinking", "redacted_thinking"}:
            return f"messages.{at}: The final block in an assistant message cannot be `thinking`."
        called = [block for block in blocks if block["type"] == "tool_use"]
        asked = {block["id"] for block in called}
        every += [block["id"] for block in called]
        for block in called:
            if words := _called(block["name"], json.dumps(block["input"])):
                return f"messages.{at}: {words}"
            if not _ID.fullmatch(block["id"]):
                return f"messages.{at}: tool_use.id: should match '^[a-zA-Z0-9_-]+$'"
        if any(block["type"] == "text" and not block["text"].strip() for block in blocks):
            return f"messages.{at}: text content blocks must contain non-whitespace text"
    if len(set(every)) < len(every):
        return "`tool_use` ids must be unique"
    if every and not names:
        return "Requests which include `tool_use` blocks must define tools"
    return (
        "" if messages and messages[-1]["role"] == "user" else "the last message must be a user's"
    )


def google_complaint(body: Any) -> str:
    """What Gemini says of the contents of a request."""
    asked: list[str] = []
    role = ""
    for at, content in enumerate(body["contents"]):
        if not content["parts"]:
            return f"contents[{at}].parts: must not be empty"
        calls = [part["functionCall"] for part in content["parts"] if "functionCall" in part]
        answers = [
            part["functionResponse"] for part in content["parts"] if "functionResponse" in part
        ]
        if [one["name"] for one in answers] != asked:
            return f"contents[{at}]: function response parts must equal function call parts"
        if calls and role != "user":
            return "a function call turn must come immediately after a user turn"
        for call in calls:
            if words := _called(call["name"], json.dumps(call.get("args", {})), _GOOGLE_NAME):
                return f"contents[{at}]: {words}"
        asked, role = [call["name"] for call in calls], content["role"]
    return "function calls without responses" if asked else ""


COMPLAINTS: dict[str, Callable[[Any], str]] = {
    "openai-chat": chat_complaint,
    "anthropic": anthropic_complaint,
    "google": google_complaint,
}


def _called(name: str, arguments: str, names: re.Pattern[str] = _NAME) -> str:
    if not names.fullmatch(name):
        return f"a function name that is none: {name!r}"
    try:
        value = json.loads(arguments)
    except ValueError:
        return f"arguments that are no JSON: {arguments!r}"
    return "" if isinstance(value, dict) else f"arguments that are no object: {arguments!r}"
