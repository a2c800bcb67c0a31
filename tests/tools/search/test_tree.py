"""What a search sees of a tree, with ripgrep and without."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduit_tui.tools.search.ignoring import Above
from conduit_tui.tools.search.remarks import Remarks
from conduit_tui.tools.search.tree import OUT_OF_TIME, TOO_MANY, Tree
from tests.tools.search.trees import RIPGREP, grown, listed

NAMES = st.sampled_from(["a", "b", "foo", "foo.txt", "x.log", ".hid", "build", "a b"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
LINES = (
    "*.log|build|build/|/a|a/|foo*|!foo.txt|!x.log|a/b|a/**|**/b|a/*/b|*|!*/|!a/|.hid|# word||"
    "\\!x|[ab]|/foo/**/x.log|?|**/build/|b/*|a b|!.hid|foo.txt  |[|**|!a|!b/**|/*"
)
PATTERNS = st.sampled_from(LINES.split("|"))
IGNORES = st.lists(PATTERNS, min_size=1, max_size=4).map("\n".join)


@pytest.fixture(autouse=True)
def tree(tmp_path: Path) -> Path:
    return tmp_path


def test_what_gitignore_excludes_is_left_out_and_hidden_files_are_not(tree: Path) -> None:
    grown(tree, {".gitignore": "*.log\nout/\n", "a.log": "", "out/a": "", ".b": "", "c/d": ""})
    assert listed(tree) == [".b", ".gitignore", "c/d"]


def test_a_tree_of_too_many_files_is_left_with_a_remark(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduit_tui.tools.search.tree.MOST_FILES", 3)
    grown(tree, {f"{folder}/{number}": "" for folder in "ab" for number in range(4)})
    names, stopped = walked(tree)
    assert ([name[:2] for name in names], stopped) == (["a/"], TOO_MANY)
    grown(tree, {"flat/a": "", "flat/b": "", "flat/c": "", "flat/d": ""})
    names, stopped = walked(tree / "flat")
    assert (len(names), stopped) == (3, TOO_MANY)


def test_a_walk_whose_time_is_over_says_so(tree: Path) -> None:
    grown(tree, {str(number): "" for number in range(4)})
    assert walked(tree, seconds=-1) == ([], OUT_OF_TIME)


def walked(tree: Path, seconds: float = 60) -> tuple[list[str], str]:
    """What our own walk comes upon, and why it stopped."""
    remarks = Remarks()
    root = os.open(tree, os.O_RDONLY)
    try:
        walk = Tree(root, Above(), remarks, time.monotonic() + seconds)
        return [os.fsdecode(entry.path) for entry in walk.files()], remarks.stopped
    finally:
        os.close(root)


def test_nested_rules_win_over_those_above(tree: Path) -> None:
    grown(
        tree, {".gitignore": "*.log", "a/.gitignore": "!keep.log", "a/keep.log": "", "a/b.log": ""}
    )
    assert listed(tree) == [".gitignore", "a/.gitignore", "a/keep.log"]


def test_what_is_below_an_ignored_folder_cannot_be_taken_back(tree: Path) -> None:
    grown(tree, {".gitignore": "a/\n!a/b", "a/b": ""})
    assert listed(tree) == [".gitignore"]


def test_git_itself_is_never_listed(tree: Path) -> None:
    grown(tree, {".git/config": "", "a": "", "b/.git": "gitdir: elsewhere", "b/c": ""})
    assert listed(tree) == ["a", "b/c"]


def test_rules_above_hold_up_to_the_git_root(tree: Path) -> None:
    grown(
        tree,
        {".gitignore": "*", "r/.git/HEAD": "", "r/.gitignore": "/s/x\n", "r/s/x": "", "r/s/y": ""},
    )
    assert listed(tree / "r/s") == ["y"]


def test_without_git_rules_above_hold_up_to_the_working_directory(tree: Path) -> None:
    grown(tree, {".gitignore": "*", "w/.gitignore": "*.log", "w/s/x.log": "", "w/s/y": ""})
    assert listed(tree / "w/s", levels_below=1) == ["y"]


def test_links_loops_pipes_and_devices_are_no_files(tree: Path) -> None:
    grown(tree, {"a/file": ""})
    (tree / "a/loop").symlink_to(tree)
    (tree / "link").symlink_to("/etc/passwd")
    os.mkfifo(tree / "pipe")
    assert listed(tree) == ["a/file"]


def test_a_tree_that_is_very_deep_ends_somewhere(tree: Path) -> None:
    at = os.open(tree, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)
    assert listed(tree) == []


def test_patterns_made_to_hang_do_not(tree: Path) -> None:
    grown(tree, {".gitignore": "*a" * 100 + "b\n" + "**/" * 100 + "x", "a" * 200: "", "b": ""})
    assert listed(tree) == [".gitignore", "a" * 200, "b"]


@pytest.mark.skipif(not RIPGREP, reason="ripgrep is not installed")
@given(
    paths=st.lists(PATHS, min_size=1, max_size=12),
    ignores=st.dictionaries(st.sampled_from(["", "a/", "foo/", "a/b/", "build/"]), IGNORES),
    has_git=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_our_walk_and_ripgrep_see_the_same_files(
    paths: list[str], ignores: dict[str, str], has_git: bool
) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(os.path.realpath(made))
        for path in paths:
            try:
                grown(root, {path: ""})
            except OSError:
                continue  # a file is where a folder would be
        for folder, lines in ignores.items():
            if (root / folder).is_dir():
                grown(root, {f"{folder}.gitignore": lines})
        if has_git:
            subprocess.run(["git", "init", "-q", str(root)], check=False)
        assert listed(root) == listed(root, RIPGREP)
