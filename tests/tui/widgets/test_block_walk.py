"""From block to block along a path, drawn or not."""

from datetime import UTC, datetime

import pytest

from conduit_tui.core.message import Attachment, Message, Part, Role, Text, Thinking, ToolResult
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets import block_walk
from conduit_tui.tui.widgets.block_walk import BlockWalk, NoBlock
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_view import PathView

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TWO = "first\n\n```python\na = 1\n```\n\nwords\n\n```sh\nls\n```\n"


def entry(number: int, *parts: Part, role: Role = "assistant") -> Entry:
    return Entry(Message(f"m{number}", "s", None, role, parts, NOW))


def walk_of(entries: list[Entry], height: int = 12) -> tuple[BlockWalk, PathView]:
    path = PathView()
    path.show(entries)
    path.resize(40, height, Palette())
    path.to_end()
    return BlockWalk(path), path


def top_rows(path: PathView) -> list[str]:
    return [path.view(at)[row].text for at, row in path.visible()]


def marked(walk: BlockWalk) -> tuple[str, int] | None:
    return tuple(walk.mark) if walk.mark else None


def test_blocks_are_met_one_after_the_other_across_messages() -> None:
    walk, path = walk_of([entry(0, Text(TWO)), entry(1, Text("none")), entry(2, Text(TWO))])
    met: list[tuple[str, int] | None] = []
    for _ in range(4):
        assert walk.step(path.index_of(walk.mark.message_id) if walk.mark else 2, -1) is None
        met.append(marked(walk))
    assert met == [("m2", 1), ("m2", 0), ("m0", 1), ("m0", 0)]
    assert walk.step(0, -1) == NoBlock(True, 0)
    assert walk.step(0, 1) is None
    assert marked(walk) == ("m0", 1)
    assert walk.step(0, 1) is None
    assert marked(walk) == ("m2", 0)


def test_without_a_mark_it_begins_with_what_is_in_sight() -> None:
    long = "\n\n".join(f"```\nblock {number}\n```\n\n{'words ' * 60}" for number in range(5))
    walk, path = walk_of([entry(0, Text(long))])
    path.jump_to(0, path.view(0).row_of_line(path.view(0).blocks()[2].line) - 1)
    assert walk.step(0, 1) is None
    assert marked(walk) == ("m0", 2)
    walk.mark = None
    assert walk.step(0, -1) is None
    assert marked(walk) == ("m0", 2)


def test_a_mark_that_was_scrolled_away_does_not_count() -> None:
    long = "\n\n".join(f"```\nblock {number}\n```\n\n{'words ' * 90}" for number in range(5))
    walk, path = walk_of([entry(0, Text(long))])
    path.to_start()
    walk.step(0, 1)
    assert marked(walk) == ("m0", 0)
    path.to_end()
    walk.step(0, -1)
    assert marked(walk) == ("m0", 4)


def test_the_block_stands_near_the_top() -> None:
    words = "\n\n".join(f"line {number}" for number in range(40))
    walk, path = walk_of([entry(0, Text(f"{words}\n\n{TWO}\n\n{words}"))])
    assert walk.step(0, -1) is None
    rows = top_rows(path)
    assert "ls" in rows[:5]
    found = walk.marked_lines()
    assert found
    at, lines = found
    shown = [path.view(at)[row].text for row in range(len(path.view(at)))]
    assert [shown[path.view(at).row_of_line(line)] for line in lines] == ["", "ls"]


def test_a_message_that_was_never_drawn_is_drawn_when_it_has_a_block() -> None:
    entries = [entry(0, Text(TWO)), *(entry(n, Text("words\n\n- a")) for n in range(1, 3000))]
    walk, path = walk_of(entries)
    assert walk.step(2999, -1) is None
    assert marked(walk) == ("m0", 1)
    assert len(path._kept) < 40


def test_what_is_typed_needs_fences_and_files_count() -> None:
    entries = [
        entry(0, Text("see\n\n    indented"), role="user"),
        entry(1, Text("see"), Attachment("text/plain", b"x = 1\n", "a.py"), role="user"),
        entry(2, Attachment("image/png", b"png", "a.png"), role="user"),
        entry(3, ToolResult("c", "```\nx\n```"), role="tool"),
        entry(4, Thinking("```\nx\n```"), Text("words")),
    ]
    walk, _ = walk_of(entries)
    assert walk.step(4, -1) is None
    assert marked(walk) == ("m1", 0)
    assert [(block.name, block.code) for block in walk.blocks_of("m1")] == [("a.py", "x = 1\n")]
    assert walk.step(1, -1) == NoBlock(True, 1)
    assert marked(walk) == ("m1", 0), "what is not found leaves the mark"


def test_a_step_stops_looking_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_walk, "MOST_LOOKED_AT", 1_000)
    seemingly = "- words\n    - that are indented but are no code\n" * 5
    walk, _ = walk_of([entry(0, Text(TWO)), *(entry(n, Text(seemingly)) for n in range(1, 20))])
    steps = 1
    while (missing := walk.step(19, -1)) is not None:
        assert not missing.is_sure
        assert missing.looked_at < 19
        steps += 1
    assert steps > 2
    assert marked(walk) == ("m0", 1)


def test_a_block_in_a_folded_paste_is_unfolded() -> None:
    paste = "\n".join(f"line {number}" for number in range(60)) + "\n```\ndeep = 1\n```\n"
    walk, path = walk_of([entry(0, Text(paste), role="user"), entry(1, Text("ok"))])
    assert "deep = 1" not in top_rows(path)
    assert walk.step(1, -1) is None
    assert "deep = 1" in top_rows(path)


def test_a_long_reply_opens_for_a_block_it_has_folded_away() -> None:
    words = "words\n\n" * 300
    walk, path = walk_of([entry(0, Text(f"{words}{TWO}")), entry(1, Text("newest"))])
    assert path.view(0).cut_parts == (0,)
    assert [block.code for block in walk.blocks_of("m0")] == ["a = 1\n", "ls\n"]
    assert path.view(0).cut_parts == (0,), "looking at what there is opens nothing"
    assert walk.step(1, -1) is None
    assert marked(walk) == ("m0", 1)
    assert "ls" in top_rows(path)


def test_a_reply_that_has_only_begun_a_fence_has_no_block_yet() -> None:
    live = Entry(entry(1).message, live_parts=lambda: (Text("words\n\n```"),))
    walk, _ = walk_of([entry(0, Text("q"), role="user"), live])
    assert walk.step(0, 1) == NoBlock(True, 1)
