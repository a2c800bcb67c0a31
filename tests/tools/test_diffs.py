"""Unified diffs that say exactly what changes, and are there soon."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tools.diffs import unified_diff

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "\\ x\n"]), max_size=30).map("".join)
ENDS = st.sampled_from(["", "end"])
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def patched(before: str, diff: str) -> str:
    """What becomes of a text by a diff of it, as `patch` would have it."""
    old = re.findall(r"[^\n]*\n|[^\n]+", before)
    new: list[str] = []
    at = 0
    lines = diff.split("\n")[2:]
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if match := _HUNK.fullmatch(line):
            start = int(match[1]) - (match[2] != "0")
            new += old[at:start]
            at = start
        elif line[0] in " -+":
            text = line[1:] + ("" if following.startswith("\\") else "\n")
            if line[0] != "+":
                assert old[at] == text
                at += 1
            if line[0] != "-":
                new.append(text)
    return "".join((*new, *old[at:]))


@given(TEXTS, ENDS, TEXTS, ENDS)
def test_a_diff_leads_from_one_text_to_the_other(old: str, end: str, new: str, tail: str) -> None:
    before, after = old + end, new + tail
    assert patched(before, unified_diff(before, after, "/x")) == after


def test_far_changes_have_hunks_of_their_own() -> None:
    before = "".join(f"{number}\n" for number in range(100))
    after = before.replace("\n10\n", "\nten\n").replace("\n90\n", "\n")
    diff = unified_diff(before, after, "/x")
    assert re.findall("@@.*@@", diff) == ["@@ -8,7 +8,7 @@", "@@ -88,7 +88,6 @@"]
    assert patched(before, diff) == after


def test_a_path_cannot_forge_lines() -> None:
    diff = unified_diff(None, "a\n", "/x\n+forged\x1b[m")
    assert diff.split("\n")[:2] == ["--- /dev/null", "+++ /x\\n+forged\\x1b[m"]


def test_large_texts_that_have_nothing_or_all_in_common_are_compared_soon() -> None:
    start = time.monotonic()
    for before, after in (
        ("\n" * 300_000, "x\n" * 299_000),
        ("a\nb\n" * 100_000, "b\na\n" * 100_001),
        ("".join(f"{n}\n" for n in range(60_000)), "".join(f"{n}\n" for n in range(60_000, 0, -1))),
    ):
        assert patched(before, unified_diff(before, after, "/x")) == after
    assert time.monotonic() - start < 20
