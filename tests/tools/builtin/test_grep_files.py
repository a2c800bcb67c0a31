"""grep_files, with ripgrep and without."""

import asyncio
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from conduit_tui.core.rule import Rule, Verdict
from conduit_tui.tools.bounds import Bounds
from conduit_tui.tools.search.below import find_ripgrep
from conduit_tui.tools.tool import Surroundings
from tests.tools.builtin.searching import Searching
from tests.tools.search.trees import RIPGREP, grown

no_ripgrep = pytest.mark.skipif(not RIPGREP, reason="ripgrep is not installed")


@pytest.fixture(params=[pytest.param(True, marks=no_ripgrep), False], ids=["rg", "own"])
def work(tmp_path: Path, request: pytest.FixtureRequest) -> Searching:
    return Searching(tmp_path, ripgrep=bool(request.param))


async def test_lines_are_listed_with_path_and_number(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"b": "x\nneedle 1\n", "a/c": "needle 2", "d": "nothing"})
    assert await work.grep(r"needle \d") == "a/c:1: needle 2\nb:2: needle 1"


async def test_options_are_heeded(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"a.py": "1\nA.B\n3\n", "a.txt": "a.b\n", "s/b.py": "axb\n"})
    assert await work.grep("a.b", glob="*.py", ignore_case=True, literal=True) == "a.py:2: A.B"
    assert await work.grep("a.b", glob="*.py") == "s/b.py:1: axb"
    assert await work.grep("A", context_lines=1) == "a.py-1- 1\na.py:2: A.B\na.py-3- 3"


async def test_a_single_file_can_be_searched(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"s/a.py": "x\nneedle\n", "s/b.py": "needle"})
    assert await work.grep("needle", path="s/a.py") == "s/a.py:2: needle"


async def test_more_matches_than_wanted_are_told_of(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"a": "x\n" * 9, "b": "x\n"})
    said = await work.grep("x", most=2)
    assert said.startswith("a:1: x\na:2: x\n[")
    assert "more" in said


async def test_secrets_are_left_out_whether_they_match_or_not(
    work: Searching, tmp_path: Path
) -> None:
    grown(tmp_path, {".env": "KEY=needle", "id_rsa": "nothing", "a": "needle"})
    said = await work.grep("needle")
    assert said.splitlines()[0] == "a:1: needle"
    assert "KEY" not in said
    assert "secrets: .env, id_rsa]" in said


async def test_binary_and_large_files_are_not_searched(work: Searching, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"needle\0")
    with (tmp_path / "sparse").open("wb") as file:
        file.write(b"needle\n")
        file.truncate(10 * 1024**3)
    said = await work.grep("needle")
    assert "No line matches" in said
    assert "over 20 MB: sparse" in said


async def test_pipes_and_folders_that_cannot_be_opened_hold_nothing_up(
    work: Searching, tmp_path: Path
) -> None:
    grown(tmp_path, {"a": "needle", "closed/b": "needle"})
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "closed").chmod(0)
    try:
        said = await work.grep("needle")
    finally:
        (tmp_path / "closed").chmod(stat.S_IRWXU)
    assert said.startswith("a:1: needle")


async def test_a_name_cannot_pass_for_a_result(work: Searching, tmp_path: Path) -> None:
    (tmp_path / "a:1: fake\nb").write_text("needle")
    assert await work.grep("needle") == '"a:1: fake\\nb":1: needle'


async def test_bytes_that_are_no_text_are_replaced(work: Searching, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"needle \xe9\n")
    assert await work.grep("needle") == "a:1: needle \ufffd"


async def test_a_pattern_that_cannot_be_used_is_said(work: Searching, tmp_path: Path) -> None:
    grown(tmp_path, {"a": ""})
    assert (await work.grep("(?=x)")).startswith("error: The pattern '(?=x)' cannot be used.")


async def test_nothing_leaks_when_files_become_links(work: Searching, tmp_path: Path) -> None:
    outside = grown(tmp_path / "outside", {"secret": "needle SECRET", "d/f": "needle SECRET"})
    inside = grown(tmp_path / "inside", {"d/f": "needle fine"})
    work = Searching(inside, bool(work.permitted.surroundings.environ["PATH"]))
    grown(inside, {f"n{number}": "needle fine" for number in range(50)})
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            for name, target in (("n7", outside / "secret"), ("d", outside / "d")):
                os.rename(inside / name, inside / "aside")
                (inside / name).symlink_to(target)
                os.unlink(inside / name)
                os.rename(inside / "aside", inside / name)

    swapping = asyncio.create_task(asyncio.to_thread(swap))
    try:
        said = [await work.grep("needle") for _ in range(12)]
    finally:
        done.set()
        await swapping
    assert all("fine" in text for text in said)
    assert not [text for text in said if "SECRET" in text]


def test_ripgrep_is_never_taken_from_the_project(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "rg"
    grown(tmp_path, {"bin/rg": "#!/bin/sh\n"})
    program.chmod(0o755)
    inside = Bounds.of(Surroundings(tmp_path))
    assert find_ripgrep({"PATH": f"{program.parent}:bin::."}, inside) == ""
    outside = Bounds.of(Surroundings(Path("/usr")))
    assert find_ripgrep({"PATH": str(program.parent)}, outside) == str(program)


@pytest.mark.parametrize("tool", ["grep_files", "file_read", "*"])
@pytest.mark.parametrize("verdict", ["deny", "ask"])
@pytest.mark.parametrize("ripgrep", [pytest.param(True, marks=no_ripgrep), False])
async def test_what_a_rule_withholds_is_left_out_of_what_lies_above_it(
    tmp_path: Path, tool: str, verdict: Verdict, ripgrep: bool
) -> None:
    root = grown(tmp_path, {"a": "needle", "private/b": "needle", "private/c\n/d": "needle"})
    (root / "private").joinpath(os.fsdecode(b"\xff")).write_text("needle")
    rule = Rule(verdict, tool, f"{root}/private/**")
    work = Searching(root, ripgrep, rules=(rule,))
    lines = (await work.grep("needle")).splitlines()
    assert lines == ["a:1: needle", "[3 files were left out, as the person's rules say]"]


async def test_rules_that_speak_of_other_tools_or_allow_withhold_nothing(tmp_path: Path) -> None:
    rules = (Rule("allow", "file_read", "**/a"), Rule("deny", "file_write", "**/a"))
    work = Searching(grown(tmp_path, {"a": "needle"}), ripgrep=False, rules=rules)
    assert await work.grep("needle") == "a:1: needle"


async def test_a_rule_that_was_answered_for_the_folder_withholds_nothing(tmp_path: Path) -> None:
    rules = (Rule("ask", "grep_files", f"{tmp_path}**"), Rule("ask", "file_read"))
    work = Searching(grown(tmp_path, {"a": "needle"}), ripgrep=False, rules=rules)
    assert await work.grep("needle") == "a:1: needle"


async def test_a_single_file_that_a_rule_withholds_is_not_searched(tmp_path: Path) -> None:
    rules = (Rule("deny", "file_read", f"{tmp_path}/a"),)
    work = Searching(grown(tmp_path, {"a": "needle"}), ripgrep=False, rules=rules)
    said = await work.grep("needle", path="a")
    assert "a:1" not in said
    assert "1 file was left out" in said


async def test_a_pattern_is_taken_as_rules_are(tmp_path: Path) -> None:
    rules = (Rule("deny", "file_read", rf"{tmp_path}/*/\*.(x)"),)
    files = {"s/*.(x)": "needle", "s/a.(x)": "needle", "s/t/*.(x)": "needle"}
    work = Searching(grown(tmp_path, files), ripgrep=False, rules=rules)
    said = await work.grep("needle")
    assert [line.split(":")[0] for line in said.splitlines()[:-1]] == ["s/a.(x)", "s/t/*.(x)"]


async def test_rules_that_cannot_be_held_against_paths_end_the_search(tmp_path: Path) -> None:
    rules = tuple(Rule("deny", "file_read", str(each) * 1_900) for each in range(10, 40))
    work = Searching(grown(tmp_path, {"a": "needle"}), ripgrep=False, rules=rules)
    assert "too many for a search" in await work.grep("needle")


async def test_a_pattern_that_takes_long_has_less_time(work: Searching, tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"{'a' * 5_000}\n" * 200)
    began = time.monotonic()
    said = await work.grep("(?:a?){1000}a{1000}")
    assert time.monotonic() - began < 10
    assert "took too long" in said
