"""Paths as people and terminals write them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.attachments.paths import dropped_paths, expanded, quoted, split_paths


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("a.png b.pdf", ("a.png", "b.pdf")),
        ("'a b.png' c", ("a b.png", "c")),
        (r"a\ b.png", ("a b.png",)),
        ("it's.png", ("it's.png",)),
        ("file:///tmp/a%20b.png", ("/tmp/a b.png",)),
        ("  ", ()),
    ],
)
def test_a_line_of_paths_is_read_as_in_a_shell(written: str, paths: tuple[str, ...]) -> None:
    assert split_paths(written) == paths


@pytest.mark.parametrize(
    ("pasted", "paths"),
    [
        ("/home/a/photo.PNG", ("/home/a/photo.PNG",)),
        ("/home/a/photo.png ", ("/home/a/photo.png",)),
        (r"/home/a/my\ photo.png", ("/home/a/my photo.png",)),
        ("'/home/a/my photo.png'", ("/home/a/my photo.png",)),
        ("/home/a/my photo.png", ("/home/a/my photo.png",)),
        ("file:///home/a/my%20photo.jpg", ("/home/a/my photo.jpg",)),
        ("~/paper.pdf", ("~/paper.pdf",)),
        ("/a.png /b.gif", ("/a.png", "/b.gif")),
        ("/a.png\n/b.gif\n", ("/a.png", "/b.gif")),
        ("/etc/hosts", ()),
        ("see /home/a/photo.png", ()),
        ("photo.png", ()),
        ("/a.png and /b.txt", ()),
        ("/help", ()),
        ("", ()),
        ("/" + "a" * 9000 + ".png", ()),
    ],
)
def test_a_paste_of_media_paths_is_a_drop(pasted: str, paths: tuple[str, ...]) -> None:
    assert dropped_paths(pasted) == paths


@given(st.text(max_size=60))
def test_no_paste_is_too_odd(pasted: str) -> None:
    dropped_paths(pasted)
    split_paths(pasted)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1))
def test_a_quoted_path_reads_back(path: str) -> None:
    for written in (path, f"{path} {path}"):
        assert split_paths(quoted(written)) in ((written,), split_paths(written))


def test_a_path_begins_where_one_works_or_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/a")
    assert expanded("x.png", Path("/srv")) == Path("/srv/x.png")
    assert expanded("~/x.png", Path("/srv")) == Path("/home/a/x.png")
    assert expanded("/x.png", Path("/srv")) == Path("/x.png")
    assert expanded("~nobody-here/x", Path("/srv")) == Path("/srv/~nobody-here/x")
