"""Globs, held against paths."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tools.search import globs
from conduit_tui.tools.search.expressions import BadPattern
from conduit_tui.tools.search.globs import path_filter


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a.py"),
        ("*.py", ".py"),
        ("**/*.py", "a.py"),
        ("**/*.py", "a/b/c.py"),
        ("**", ".hidden/file"),
        ("src/**", "src/a/b"),
        ("src/", "src/a"),
        ("./src/*", "src/a"),
        ("src/**/test_?.py", "src/test_1.py"),
        ("src/**/test_?.py", "src/a/b/test_1.py"),
        ("{src,tests}/*.{py,pyi}", "tests/a.pyi"),
        ("{a,b{c,d}}.txt", "bd.txt"),
        ("[a-c]x", "bx"),
        ("[!a-c]x", "dx"),
        ("[^a-c]x", "dx"),
        ("[]]", "]"),
        ("[", "["),
        ("{a", "{a"),
        ("{a}", "{a}"),
        ("\\*", "*"),
        ("a.b+c(d)", "a.b+c(d)"),
        ("caf?", "café"),
        ("*\n*", "a\nb"),
        ("**/*", "a\nb/c\nd"),
    ],
)
def test_a_glob_fits(pattern: str, path: str) -> None:
    assert path_filter(pattern)(path.encode())


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a/b.py"),
        ("*.py", "a.pyc"),
        ("src/**", "src"),
        ("src/*", "src/a/b"),
        ("?", "ab"),
        ("?", ""),
        ("a?b", "a/b"),
        ("[!x]", "/"),
        ("*.PY", "a.py"),
        ("a.b", "axb"),
        ("a", "a\n"),
    ],
)
def test_a_glob_does_not_fit(pattern: str, path: str) -> None:
    assert not path_filter(pattern)(path.encode())


def test_a_wildcard_stands_for_bytes_that_are_no_text() -> None:
    assert path_filter("caf?.txt")(b"caf\xe9.txt")


def test_a_loose_glob_without_a_slash_fits_names_at_any_depth() -> None:
    assert path_filter("*.py", loose=True)(b"a/b/c.py")
    assert not path_filter("a/*.py", loose=True)(b"x/a/c.py")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("/etc/*", "relative"),
        ("../*", "'..'"),
        ("", "empty"),
        ("x" * 3_000, "3,000 characters"),
        ("{a,b}" * 20, "add up"),
        ("a\0", "NUL"),
        ("a\ud800", "half a character"),
        ("[z-a]", "backwards"),
    ],
)
def test_a_glob_that_cannot_be_used_is_refused_in_words(pattern: str, words: str) -> None:
    with pytest.raises(BadPattern, match=words):
        path_filter(pattern)


@given(
    st.sampled_from(["**/*.py", "**/*x", "**/*.{py,x}", "**/**/*.tar.gz", "**/*.", "**/*-a_b"]),
    st.text("a/.pyx-_bgtrz\n\u00e9", min_size=1, max_size=12),
)
def test_ends_tell_the_same_as_the_whole_expression(pattern: str, path: str) -> None:
    name = "/".join(part for part in path.split("/") if part).encode()
    with patch.object(globs, "_ends", return_value=None):
        by_expression = path_filter(pattern)
    assert path_filter(pattern)(name) == by_expression(name)
