"""How long hostile texts keep the keys waiting: the longest that drawing goes on without a pause.

Each is drawn as a stored reply, as a reply that streams in pieces, as the person's own words and
at another width, the way the transcript does it: in frames, and in slices where one is not
enough. What is in sight is painted after each. CPU time, so that a busy machine does not count.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from time import thread_time

from rich.style import Style

from conduit_tui.core.message import Message, Part, Role, Text, Thinking
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.warm import warm_up
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_view import PathView
from conduit_tui.tui.widgets.row_painter import Ground, Mark, RowPainter

BAR_MS = 100.0
PIECES = 60  # frames in which a reply arrives
WIDTH, HEIGHT = 100, 40
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MB5 = 5_000_000


def _long(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _table(columns: int, rows: int, cell: str = "a") -> str:
    return f"|{'h|' * columns}\n|{'-|' * columns}\n" + f"|{f'{cell}|' * columns}\n" * rows


def _nested(depth: int) -> str:
    return "".join("  " * level + f"- item {level}\n" for level in range(depth))


TEXTS: dict[str, Callable[[], str]] = {
    "5 MB of prose": lambda: _long("Some *plain* words of `prose` that go on. " * 9 + "\n\n", MB5),
    "5 MB of one line": lambda: _long("word ", MB5),
    "5 MB of code in a fence": lambda: "```python\n" + _long("    x = f(1)  # words\n", MB5),
    "5 MB of nested lists": lambda: _long("- item\n  - nested\n    - more\n", MB5),
    "5 MB of CJK": lambda: _long("日本語のテキスト。" * 30 + "\n\n", MB5),
    "5 MB of emoji": lambda: _long("👩‍👩‍👧 🎉👍🏽 " * 20 + "\n\n", MB5),
    "5 MB of marks": lambda: _long("é\u0301\u0302 " * 40 + "\n\n", MB5),
    "a million newlines": lambda: "\n" * 1_000_000,
    "5,000 marks on a letter": lambda: "e" + "\u0301" * 5_000 + " end",
    "a list of 10,000 items": lambda: _long("- an item of the list\n", 220_000),
    "a nested list of 10,000 items": lambda: _nested(12) * 840,
    "a table of 500 columns": lambda: _table(500, 5),
    "a table of 500 columns and rows": lambda: _table(500, 500),
    "a table of 500 columns, short rows": lambda: _table(500, 0) + "x\n" * 20_000,
    "a table of 20,000 rows": lambda: _table(4, 20_000, "some words"),
    "> 10,000 times": lambda: "> " * 10_000,
    "- 10,000 times": lambda: "- " * 10_000,
    "( 100,000 times": lambda: "(" * 100_000,
    "[ 100,000 times": lambda: "[" * 100_000,
    "*a 50,000 times": lambda: "*a " * 50_000,
    "100,000 backticks": lambda: "`" * 100_000,
    "10,000 links": lambda: "[words](https://example.com/a) " * 10_000,
    "10,000 reference definitions": lambda: _long("[ref]: https://example.com/a\n", 290_000),
    "a paragraph of 100 KB": lambda: _long("words of a *paragraph* and `more`\n", 100_000),
    "a list item of 100 KB": lambda: "- " + _long("words of an *item* and `more`\n  ", 100_000),
    "an item with 100 KB of code": lambda: "1. a\n\n   ```c\n" + _long("   int x = 1;\n", 100_000),
    "a quote of 100 KB": lambda: _long("> words of a *quote* and `more`\n", 100_000),
    "50,000 lines of indented code": lambda: "    x = 1\n" * 50_000,
    "an unterminated fence": lambda: "```java\n" + _long("a b c\n", 200_000),
    "tabs": lambda: _long("\ta\tb\n", 200_000),
    "mixed directions": lambda: _long("שלום hello مرحبا\u202e world ", 200_000),
    "escape sequences": lambda: _long("\x1b[31mred\x1b]52;c;eA==\x07\x00\x85\u2028", 200_000),
    "lone surrogates": lambda: _long("a\ud800b\udc00", 200_000),
    "CR LF": lambda: _long("words\r\n\r\n- item\r\n", 200_000),
}
"""What each is called, and the text."""
LINES = "x", "word ", "日", "*a ", "**a *", "_a", "[", "![", "[a](", "`a ", "<a ", "&amp;", "a_b_"
PLACES = ("", "- ", "> ", "# ", "```\n", "`", "| a |\n|---|\n| ")
LINE_CHARACTERS = 200_000
LINE_PIECES = 20


def measure() -> list[tuple[str, str, str, bool]]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    return list(rows())


def rows() -> Iterator[tuple[str, str, str, bool]]:
    """Yield the rows as they are measured."""
    warm_up()
    gc.freeze()  # as the program does
    gc.set_threshold(5_000, 20, 50)
    for name, make in TEXTS.items():
        gc.collect()  # of what the last one left behind
        text = make()
        worst = {
            "stored": _stored("assistant", Text(text)),
            "typed": _stored("user", Text(text)),
            "thought": _stored("assistant", Thinking(text)),
            "streamed": _streamed(text, PIECES),
            "in one piece": _streamed(text, 1),
        }
        way = max(worst, key=worst.__getitem__)
        yield _row(f"{name}, {way}", worst[way])
    yield _long_lines()


def _long_lines() -> tuple[str, str, str, bool]:
    """The worst of lines that only repeat some marks, wherever they may stand."""
    worst, name = 0.0, ""
    for line, place in product(LINES, PLACES):
        gc.collect()
        text = place + _long(line, LINE_CHARACTERS)
        taken = max(_stored("assistant", Text(text)), _streamed(text, LINE_PIECES))
        if taken > worst:
            worst, name = taken, f"{line!r} behind {place!r}"
    count = len(LINES) * len(PLACES)
    return _row(f"{count} kinds of a line of {LINE_CHARACTERS:,} characters, worst {name}", worst)


def _row(name: str, longest: float) -> tuple[str, str, str, bool]:
    return f"no pause, {name}", f"{longest:.0f} ms", f"{BAR_MS:.0f} ms", longest < BAR_MS


class _Watch:
    """A path with one message, and the longest that anything done with it took, in ms."""

    def __init__(self) -> None:
        self.path = PathView()
        self.longest = 0.0
        self._painter = RowPainter()
        self._painter.reset(Ground(Style.null(), Style.null(), Style.null()), WIDTH)

    def time(self, work: Callable[[], object]) -> None:
        began = thread_time()
        work()
        self.path.settle()
        for spot in self.path.visible():
            row = self.path.view(spot.message)[spot.row]
            self._painter.paint(row, Mark(None, False, None), WIDTH)
        self.longest = max(self.longest, (thread_time() - began) * 1000)

    def catch_up(self) -> None:
        while self.path.is_behind:
            self.time(self.path.catch_up)


def _stored(role: Role, part: Part) -> float:
    watch = _Watch()
    message = Message("m", "s", None, role, (part,), NOW)
    watch.time(lambda: watch.path.resize(WIDTH, HEIGHT, Palette()))
    watch.time(lambda: watch.path.show([Entry(message)]))
    watch.catch_up()
    watch.time(lambda: folding.toggle(watch.path, "m"))
    watch.catch_up()
    for _ in range(3):
        watch.time(lambda: watch.path.scroll_by(-3 * HEIGHT))
    watch.time(lambda: watch.path.resize(WIDTH - 20, HEIGHT, watch.path.palette))
    watch.catch_up()
    watch.time(watch.path.to_start)
    watch.time(watch.path.to_end)
    return watch.longest


def _streamed(text: str, pieces: int) -> float:
    watch = _Watch()
    message = Message("m", "s", None, "assistant", (), NOW)
    taken = 0
    live = Entry(message, live_parts=lambda: (Text(text[:taken]),) if taken else ())
    watch.time(lambda: watch.path.resize(WIDTH, HEIGHT, Palette()))
    watch.time(lambda: watch.path.show([live]))
    for piece in range(1, pieces + 1):
        taken = len(text) * piece // pieces
        watch.time(lambda: watch.path.refresh(0))
    watch.catch_up()
    for _ in range(10):  # and on, by a few characters
        text += "more\n"
        taken = len(text)
        watch.time(lambda: watch.path.refresh(0))
    whole = replace(message, parts=(Text(text),))
    watch.time(lambda: watch.path.show([Entry(whole)]))
    watch.catch_up()
    return watch.longest


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ", flush=True)
