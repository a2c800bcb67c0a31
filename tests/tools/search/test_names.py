"""File names as text."""

import pytest

from conduit_tui.tools.search.names import shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"src/a.py", "src/a.py"),
        ("café".encode(), "café"),
        (b"a\nb", '"a\\nb"'),
        (b"caf\xe9", '"caf\\351"'),
        (b"\x1b[31m", '"\\033[31m"'),
        ("a\u202eb".encode(), '"a\\342\\200\\256b"'),
        (b'"a"', '"\\"a\\""'),
        (b" a", '" a"'),
        (b"a: b", "a: b"),
    ],
)
def test_a_name_is_shown_so_that_it_is_unmistakable(name: bytes, text: str) -> None:
    assert shown(name) == text


def test_a_name_with_a_colon_is_quoted_before_a_colon() -> None:
    assert shown(b"a:1: x", before_colon=True) == '"a:1: x"'
