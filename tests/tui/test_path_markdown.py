"""A path as Markdown: who said what, as they wrote it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Part,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from conduit_tui.tui.path_markdown import path_markdown

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def message(role: Role, *parts: Part, **changes: Any) -> Message:
    return Message("m", "s", None, role, parts, NOW, **changes)


def test_a_path_reads_as_a_dialogue():
    path = [
        message("system", Text("Be brief.")),
        message("user", Text("What time is it?"), Attachment("text/plain", b"x", "notes.md")),
        message(
            "assistant",
            Thinking("secret thoughts"),
            Text("Let me look."),
            ToolCall("c", "current_time", '{"timezone": "UTC"}'),
            model="gpt",
        ),
        message("tool", ToolResult("c", "12:30\nmore")),
        message(
            "assistant",
            Text("**12:30**\n\n```py\nx\n```"),
            Citation("https://a.example", "A"),
            Citation("https://b.example"),
            model="gpt",
        ),
    ]
    assert path_markdown(path) == (
        "## System\n\nBe brief.\n\n"
        "## User\n\nWhat time is it?\n\n> attached: `notes.md`\n\n"
        "## Assistant (gpt)\n\nLet me look.\n\n"
        '> `current_time({"timezone": "UTC"})` → `12:30`\n\n'
        "## Assistant (gpt)\n\n**12:30**\n\n```py\nx\n```\n\n1. A <https://a.example>\n2. <https://b.example>\n"
    )


def test_a_fence_without_an_end_does_not_swallow_what_follows():
    path = [
        message("assistant", Text("```py\nx = "), status="interrupted"),
        message("user", Text("go on")),
    ]
    assert path_markdown(path) == (
        "## Assistant\n\n```py\nx = \n```\n\n*interrupted*\n\n## User\n\ngo on\n"
    )


def test_pieces_of_one_text_stay_one_text():
    path = [message("user", Text("a"), Thinking("…"), Text("b"))]
    assert path_markdown(path) == "## User\n\nab\n"


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("not json\n", "> `f(not json)`"),
        ("{`}", "> `` f({`}) ``"),
        ("x" * 500, f"> `f({'x' * 400}…)`"),
    ],
)
def test_a_call_is_one_line_whatever_it_was_sent(arguments: str, shown: str):
    path = [message("assistant", ToolCall("c", "f", arguments))]
    assert path_markdown(path) == f"## Assistant\n\n{shown}\n"


def test_an_error_is_told_and_an_empty_message_left_out():
    path = [
        message("assistant", Thinking("only thoughts")),
        message("assistant", status="error", error="No connection."),
    ]
    assert path_markdown(path) == "## Assistant\n\n*error: No connection.*\n"
