"""The cases of the standard's own validator, and what it leaves open."""

import os
from pathlib import Path

import pytest

from conduit_tui.skills.folders import read_skill_file
from conduit_tui.skills.validating import validate
from tests.skills.conftest import WriteSkill


def problems(path: Path) -> str:
    (checked,) = validate(path)
    return "\n".join(checked.problems)


@pytest.mark.parametrize(
    "name", ["pdf-tools", "a", "1-2", "a" * 64, "技能", "мой-навык", "café", "no"]
)
def test_a_right_name_of_any_script_is_taken(write: WriteSkill, name: str):
    assert problems(write(name)) == ""


def test_a_name_is_composed_before_it_is_compared(write: WriteSkill):
    assert problems(write("café", name="cafe\u0301")) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MySkill", "not in lower case"),
        ("НАВЫК", "not in lower case"),
        ("a" * 65, "at most 64"),
        ("-x", "begins or ends with a hyphen"),
        ("x-", "begins or ends with a hyphen"),
        ("x--y", "two hyphens in a row"),
        ("my_skill", "other characters"),
        ("my skill", "other characters"),
        ("x.y", "other characters"),
        ("x\u3164", "has letters that cannot be seen"),
        ("x\uffa0y", "has letters that cannot be seen"),
    ],
)
def test_a_wrong_name_is_told(write: WriteSkill, name: str, words: str):
    assert words in problems(write(name))


def test_a_name_must_be_that_of_the_folder(write: WriteSkill):
    assert problems(write("one", name="two")) == "its name 'two' is not that of its folder, 'one'."


def test_the_folder_is_known_where_it_is_named_by_a_dot(
    write: WriteSkill, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(write("one"))
    assert problems(Path()) == ""


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("name: x", "it has no description."),
        ("name: x\ndescription: '  '", "it has no description."),
        ("name: x\ndescription: [a]", "'description' must be text."),
        ("description: y", "it has no name."),
        ("name: ''\ndescription: y", "it has no name."),
        ("name: [x]\ndescription: y", "'name' must be text."),
        (f"name: x\ndescription: {'y' * 1025}", "has 1,025 characters; at most 1,024"),
        (f"name: x\ndescription: y\ncompatibility: {'z' * 501}", "has 501 characters"),
        ("name: x\ndescription: y\ncompatibility: ''", "'compatibility' is empty."),
        ("name: x\ndescription: y\ncompatibility: [z]", "'compatibility' must be text."),
        ("name: x\ndescription: y\nlicense: [z]", "'license' must be text."),
        ("name: x\ndescription: y\nmetadata: z", "'metadata' must hold keys"),
        ("name: x\ndescription: y\nmetadata: {a: {b: c}}", "'metadata: a' must be text."),
        ("name: x\ndescription: y\nallowed-tools: [a, b]", "'allowed-tools' must be text"),
        ("name: x\ndescription: y\nversion: 1", "'version' is no key of the standard"),
        ("name: x\ndescription: y\ntype: prompt", "write it as conduit-type under metadata"),
        ("name: x\nname: x\ndescription: y", "'name' is given twice"),
        ("name: x\ndescription: y\nmetadata: {conduit-type: z}", "must be one of skill, context"),
        ("name: x\ndescription: y\nmetadata: {a: b}", "line 4: lists and keys in brackets"),
        ("{name: x, description: y}", "line 2: lists and keys in brackets"),
        ("name: x\ndescription: y --- z", "line 3: --- within the front matter"),
        ("name: x\ndescription: |\n  y\n  ---\n  z", "line 5: --- within the front matter"),
        ("name:\tx\ndescription: y", "line 2: a tab stands where blanks belong"),
    ],
)
def test_wrong_front_matter_is_told(write: WriteSkill, lines: str, words: str):
    assert words in problems(write("x", f"---\n{lines}\n---\nBody\n"))


def test_all_keys_of_the_standard_are_taken(write: WriteSkill):
    lines = (
        f"name: x\ndescription: {'y' * 1024}\nlicense: MIT\ncompatibility: {'z' * 500}\n"
        "allowed-tools: Bash(git:*) Read\nmetadata:\n  author: me\n  version: 1.0\n"
        "  conduit-type: context"
    )
    assert problems(write("x", f"---\n{lines}\n---\n")) == ""


def test_every_problem_is_told(write: WriteSkill):
    found = problems(write("X_", "---\nname: X_\nfoo: 1\ntype: skill\n---\n"))
    assert len(found.splitlines()) == 5


def test_lower_case_is_taken_for_the_file_too(write: WriteSkill):
    assert problems(write("x", file="skill.md")) == ""


def test_what_is_no_skill_is_told(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    assert problems(tmp_path / "nowhere") == "it does not exist."
    assert problems(tmp_path / "file") == "it is not a directory."
    assert problems(tmp_path / "empty") == "there is no SKILL.md in it."
    assert problems(tmp_path / ("x" * 300)).startswith("it cannot be read: ")
    (tmp_path / "loop").symlink_to("loop")
    assert problems(tmp_path / "loop").startswith("it cannot be read: ")


def test_a_file_that_is_nearly_named_right_is_told(write: WriteSkill):
    found = problems(write("x", file="Skill.md"))
    assert found == "its file is named 'Skill.md'; it must be SKILL.md."


def test_what_stands_a_step_aside_in_a_folder_of_skills_is_told(write: WriteSkill, tmp_path: Path):
    write("case", file="Skill.md")
    write("deeper", within=tmp_path / "skills" / "group")
    write("right")
    (tmp_path / "skills" / "pictures").mkdir()
    found = {Path(each.path).name: each.problems for each in validate(tmp_path / "skills")}
    assert found == {
        "case": ("its file is named 'Skill.md'; it must be SKILL.md.",),
        "group": ("it has no SKILL.md; skills in folders below it are not looked for.",),
        "right": (),
    }


def test_the_file_stands_for_its_folder(write: WriteSkill, tmp_path: Path):
    assert problems(write("x") / "SKILL.md") == ""
    assert "no description" in problems(write("y", "---\nname: y\n---\n") / "SKILL.md")
    assert problems(tmp_path / "nowhere" / "SKILL.md") == "it does not exist."


def test_a_folder_of_skills_is_checked_whole(write: WriteSkill, tmp_path: Path):
    write("one")
    write("Two")
    (tmp_path / "skills" / "notes").mkdir()
    (tmp_path / "skills" / "README.md").write_text("x")
    one, two = sorted(validate(tmp_path / "skills"), key=lambda each: each.path, reverse=True)
    assert (one.problems, len(two.problems)) == ((), 1)


def test_a_folder_that_becomes_a_link_to_itself_while_it_is_checked_breaks_nothing(
    write: WriteSkill, monkeypatch: pytest.MonkeyPatch
):
    folder = write("x")

    def swapped(descriptor: int, name: str) -> bytes:
        content = read_skill_file(descriptor, name)
        folder.rename(folder.with_name("y"))
        folder.symlink_to("x")
        return content

    monkeypatch.setattr("conduit_tui.skills.validating.read_skill_file", swapped)
    assert problems(folder) == ""


def test_a_fifo_is_not_waited_for(tmp_path: Path):
    folder = tmp_path / "x"
    folder.mkdir()
    os.mkfifo(folder / "SKILL.md")
    assert problems(folder) == "its SKILL.md is not a regular file."


def test_shipped_skills_are_right_and_short():
    shipped = Path("conduit_tui/skills/shipped")
    checked = validate(shipped)
    assert [each.problems for each in checked] == [()] * 4
    for each in checked:
        text = Path(each.path, "SKILL.md").read_text("utf-8")
        assert text.count("\n") < 150
        assert "\n  conduit-type: " in text
