"""glob_files, with ripgrep and without."""

import os
import time
from pathlib import Path

import pytest

from conduit_tui.core.rule import Rule
from tests.tools.builtin.searching import Searching
from tests.tools.search.trees import RIPGREP, grown

no_ripgrep = pytest.mark.skipif(not RIPGREP, reason="ripgrep is not installed")


@pytest.fixture(params=[pytest.param(True, marks=no_ripgrep), False], ids=["rg", "own"])
def work(tmp_path: Path, request: pytest.FixtureRequest) -> Searching:
    return Searching(tmp_path, ripgrep=bool(request.param))


async def test_files_are_listed_folder_by_folder(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"b.py": "", "a/c.py": "", "a-b.py": "", ".h/d.py": "", "e.txt": ""})
    assert await work.glob("**/*.py") == ".h/d.py\na/c.py\na-b.py\nb.py"


async def test_paths_can_be_named_as_they_are_listed(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"src/a/b.py": ""})
    assert await work.glob("**/*.py", path="src") == "src/a/b.py"
    [act] = work.permitted.acts
    assert (act.subject, act.effect, act.is_inside) == (f"{tmp_path}/src/", "read", True)


async def test_a_folder_outside_asks_and_is_listed_by_whole_paths(tmp_path: Path) -> None:
    grown(tmp_path, {"in/a": "", "out/b": ""})
    work = Searching(tmp_path / "in", ripgrep=False)
    assert await work.glob("*", path="../out") == str(tmp_path / "out/b")
    [act] = work.permitted.acts
    assert not act.is_inside
    assert act.warnings


async def test_a_denied_folder_is_not_listed(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"a": ""})
    work.permitted.denied.add("glob_files")
    assert await work.glob("*") == "error: The person said no."


async def test_more_files_than_wanted_are_counted(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {f"{number:02}": "" for number in range(20)})
    said = await work.glob("*", most=3)
    assert said.startswith("00\n01\n02\n[17 more;")


async def test_nothing_found_says_where_and_what_may_help(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"a/b.py": ""})
    said = await work.glob("*.py")
    assert "No file fits" in said
    assert "**/*.py" in said


async def test_names_that_are_no_text_are_quoted(work: Searching, tmp_path: Path) -> None:
    (tmp_path / "a\nb").touch()
    (tmp_path / os.fsdecode(b"caf\xe9")).touch()
    (tmp_path / "\x1b[31m").touch()
    assert await work.glob("**") == '"\\033[31m"\n"a\\nb"\n"caf\\351"'


async def test_what_is_the_programs_own_is_not_listed(tmp_path: Path) -> None:
    grown(tmp_path, {"conduit/keys.toml": "", "a": ""})
    for ripgrep in (bool(RIPGREP), False):
        work = Searching(tmp_path, ripgrep, protected=(tmp_path / "conduit",))
        assert await work.glob("**") == "a"


async def test_a_bad_glob_and_a_missing_folder_are_said(work: Searching) -> None:
    assert (await work.glob("../x")).startswith("error: The glob '../x' goes up")
    assert "does not exist" in await work.glob("*", path="nowhere")


@pytest.mark.parametrize("tool", ["glob_files", "ls", "*"])
async def test_names_that_a_rule_withholds_are_not_listed(tmp_path: Path, tool: str) -> None:
    rules = (Rule("deny", tool, f"{tmp_path}/private/**"),)
    work = Searching(grown(tmp_path, {"a": "", "private/b": ""}), ripgrep=False, rules=rules)
    assert await work.glob("**") == "a\n[1 file was left out, as the person's rules say]"


@pytest.mark.parametrize("what", ["FIFO", "/dev/zero"])
async def test_rules_of_git_that_never_end_are_passed_over(
    work: Searching, tmp_path: Path, what: str
) -> None:
    grown(tmp_path, {"a": ""})
    if what == "FIFO":
        os.mkfifo(tmp_path / ".gitignore")
    else:
        (tmp_path / ".gitignore").symlink_to(what)
    assert await work.glob("**") == "a"


async def test_rules_of_git_that_take_too_long_to_read_are_passed_over(tmp_path: Path) -> None:
    grown(tmp_path, {"a": "", "b": "", ".gitignore": f"{'*' * 100_000}\n{'a/**/' * 3_000}\nb\n"})
    began = time.monotonic()
    assert await Searching(tmp_path, ripgrep=False).glob("[ab]") == "a"
    assert time.monotonic() - began < 5
