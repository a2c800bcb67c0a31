"""The line above a message: who, which of its siblings, what it took, why it stopped."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from rich.cells import cell_len

from conduit_tui.core.marks import Mark
from conduit_tui.core.message import REPLAY_OF, Message, Role, Text, Thinking
from conduit_tui.core.usage import Usage
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_header import header_row, note_row

PALETTE = Palette()
WHOLE = "2/3 · 12.3k tok (8k thinking) · $0.042 · 1 min 43 s · cut at max tokens"


def message(role: Role = "assistant", **changes: object) -> Message:
    plain = Message("m", "s", None, role, (Text("hi"),), datetime(2026, 1, 1, tzinfo=UTC))
    return replace(plain, **{"model": "claude-sonnet", **changes})  # type: ignore[arg-type]


COSTLY = message(
    usage=Usage(900, 12_345, reasoning_tokens=8_000),
    cost_usd=Decimal("0.042"),
    duration_seconds=103.2,
    stop="max_tokens",
)


def header(entry: Entry, width: int = 100) -> str:
    return header_row(entry, width, PALETTE).characters


@pytest.mark.parametrize("parts", [(), (Thinking("hm"),)])
def test_an_answer_in_which_nothing_is_said_is_told_as_that(parts: tuple[Thinking, ...]) -> None:
    assert header(Entry(message(parts=parts, stop="end_turn"))).endswith("  empty answer")
    assert not header(Entry(message(parts=parts))).endswith("empty answer")


@pytest.mark.parametrize("width", [90, 200])
def test_everything_stands_at_the_right_where_there_is_room(width: int) -> None:
    shown = header(Entry(COSTLY, 2, 3), width)
    assert shown.startswith("claude-sonnet  ")
    assert shown.endswith(f"  {WHOLE}")
    assert len(shown) == width


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (77, "2/3 · 12.3k tok · $0.042 · 1 min 43 s · cut at max tokens"),
        (60, "2/3 · 12.3k tok · $0.042 · cut at max tokens"),
        (50, "2/3 · 12.3k tok · cut at max tokens"),
        (43, "2/3 · cut at max tokens"),
        (34, "cut at max tokens"),
        (20, ""),
    ],
)
def test_what_says_least_goes_first(width: int, shown: str) -> None:
    assert header(Entry(COSTLY, 2, 3), width).removeprefix("claude-sonnet").strip() == shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"stop": "end_turn"}, ""),
        ({"stop": "tool_calls"}, ""),
        ({"stop": "stop_sequence"}, ""),
        ({"stop": "max_tokens"}, "cut at max tokens"),
        ({"stop": "refusal"}, "refused"),
        ({"stop": "content_filter"}, "filtered"),
        ({"stop": "model_context_window_exceeded"}, "context full"),
        ({"status": "interrupted"}, "interrupted"),
        ({"status": "error", "stop": "end_turn"}, "error"),
        ({"stop": "recitation"}, "stopped: recitation"),
        ({"stop": "\x1b[2J\nmoon" + "w" * 99}, "stopped: ␛[2J moonwwwwwwwwwwwwwwwwwwwwww…"),
    ],
)
def test_an_early_end_has_its_word(changes: dict[str, object], words: str) -> None:
    assert header(Entry(message(**changes))).removeprefix("claude-sonnet").strip() == words


def test_a_word_nobody_knows_is_told_calmly() -> None:
    styles = {
        stop: header_row(Entry(message(stop=stop)), 80, PALETTE).segments[-1].style
        for stop in ("recitation", "max_tokens")
    }
    assert styles == {"recitation": PALETTE.muted, "max_tokens": PALETTE.warning}


def test_a_live_message_says_only_which_sibling_it_is() -> None:
    live = Entry(COSTLY, 2, 2, live_parts=tuple)
    assert header(live).removeprefix("claude-sonnet").strip() == "2/2"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"usage": Usage(1, 0)}, "0 tok"),
        ({"usage": Usage(1, 999)}, "999 tok"),
        ({"usage": Usage(1, 1_234_567)}, "1.2M tok"),
        ({"cost_usd": Decimal(0)}, "$0"),
        ({"cost_usd": Decimal("0.0004")}, "$0.00040"),
        ({"cost_usd": Decimal("12.346")}, "$12.35"),
        ({"duration_seconds": 0.04}, "0.0 s"),
        ({"duration_seconds": 3_725.0}, "1 h 2 min"),
    ],
)
def test_numbers_take_few_letters(changes: dict[str, object], words: str) -> None:
    assert header(Entry(message(**changes))).removeprefix("claude-sonnet").strip() == words


@pytest.mark.parametrize("width", [1, 2, 5, 9, 40])
@pytest.mark.parametrize("model", ["claude-sonnet", "模型" * 30, "\x1b]0;x\x07", ""])
def test_it_never_runs_over_nor_drives_the_terminal(width: int, model: str) -> None:
    shown = header(Entry(replace(COSTLY, model=model), 2, 3), width)
    assert cell_len(shown) <= width
    assert "\x1b" not in shown


def test_what_no_server_counted_is_marked() -> None:
    guessed = replace(COSTLY, usage=Usage(900, 412, is_estimated=True), stop="end_turn")
    assert header(Entry(guessed)).endswith("  ~412 tok · ~$0.042 · 1 min 43 s")


def test_a_large_read_from_the_cache_is_said_where_there_is_room() -> None:
    cached = replace(COSTLY, usage=Usage(9000, 412, 3200), stop="end_turn")
    assert header(Entry(cached)).endswith("  412 tok · 3.2k cached · $0.042 · 1 min 43 s")
    assert "cached" not in header(Entry(cached), 52)
    small = replace(cached, usage=Usage(9000, 412, 999))
    assert "cached" not in header(Entry(small))


def test_a_reply_that_was_given_again_says_so_and_how_old_it_was() -> None:
    replay = message(duration_seconds=0.1, provider_data={REPLAY_OF: "2025-12-29T00:00:00+00:00"})
    assert header(Entry(replay, 2, 2)).endswith("  2/2 · from the cache, 3 days old")
    fresh = replace(replay, provider_data={REPLAY_OF: "2026-01-01T00:00:00+00:00"})
    assert header(Entry(fresh)).endswith("  from the cache")


def test_what_a_reply_was_made_with_goes_first_where_there_is_no_room() -> None:
    entry = Entry(COSTLY, 2, 3, sampled="temp 0.9 · stop \x1b[31m" + "x" * 50)
    shown = header(entry, 130)
    assert "8k thinking) · temp 0.9 · stop ␛[31mx" in shown
    assert "x…" in shown
    assert header(entry, 90) == header(Entry(COSTLY, 2, 3), 90)


def marked(label: str | None = None, note: str = "", *, is_starred: bool = False) -> Entry:
    starred_at = datetime(2026, 1, 1, tzinfo=UTC) if is_starred else None
    return Entry(COSTLY, 2, 3, mark=Mark(label, starred_at, note))


def test_star_and_label_stand_before_all_else_and_stay_longest() -> None:
    entry = marked("best", is_starred=True)
    assert header(entry).endswith(f"  ★ [best] · {WHOLE}")
    assert "★ [best]" in header(entry, 50)
    assert "★" in header(entry, 24)


def test_a_label_is_shown_cut_and_harmless() -> None:
    shown = header(marked("日本語\x1b[2J" * 8))
    assert "\x1b" not in shown
    assert cell_len(shown) == 100


def test_a_note_is_one_line_that_says_whether_there_is_more() -> None:
    def note(text: str, width: int = 40) -> str | None:
        row = note_row(marked(note=text), width, PALETTE)
        return None if row is None else row.characters.rstrip()

    assert note("") is None
    assert note(" \n ") is None
    assert note("\n for the talk") == "note: for the talk"
    assert note("one\ntwo") == "note: one …"
    assert cell_len(note("long " * 99, 20) or "") <= 20
    assert "\x1b" not in (note("\x1b[2J") or "")
