import json
from pathlib import Path

from rich.cells import cell_len

from tests.commands.conftest import Program

GOOD = "---\nname: {0}\ndescription: What {0} does.\n---\nBody of {0}\n"


def put(directory: Path, name: str, content: str = GOOD) -> Path:
    folder = directory / name
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(content.format(name))
    return folder


async def test_all_skills_are_listed_and_what_is_odd(program: Program):
    put(program.home / "config" / "skills", "mine")
    put(program.home / ".claude" / "skills", "mine")
    bad = put(program.home / ".agents" / "skills", "bad\x1b[31m", "none")
    result = await program.run("skills")
    lines = result.stdout.splitlines()
    assert lines[0].split(maxsplit=3) == ["mine", "skill", "user", "What mine does."]
    assert [line.split()[0] for line in lines[1:5]] == [
        *("code-review", "commit-message", "conduit-guide", "plain-words")
    ]
    assert "\x1b" not in result.stdout
    assert f"{bad.parent}/bad␛[31m: left out: it does not begin with front matter" in lines[6]
    assert "left out: 'mine' is also at" in lines[7]
    assert (result.code, result.stderr) == (0, "")


async def test_names_and_descriptions_of_any_script_stand_in_columns(program: Program):
    skills = program.home / "config" / "skills"
    put(skills, "long", f"---\nname: long\ndescription: {'d' * 1_000}\n---\n")
    put(skills, "技能", f"---\nname: 技能\ndescription: {'界' * 500}\n---\n")
    lines = (await program.run("skills")).stdout.splitlines()[:2]
    assert [cell_len(line) for line in lines] == [94, 94]
    assert lines[0].endswith("  user     " + "d" * 58 + " …")
    assert lines[1].endswith("  user     " + "界" * 29 + " …")


async def test_a_list_as_json_holds_everything(program: Program):
    folder = put(program.home / "config" / "skills", "mine")
    found = json.loads((await program.run("skills", "list", "--json")).stdout)
    assert found["skills"][0] == {
        "name": "mine",
        "description": "What mine does.",
        "type": "skill",
        "source": "user",
        "directory": str(folder),
        "files": [],
        "license": "",
        "compatibility": "",
        "allowed_tools": "",
        "metadata": {},
    }
    assert found["notes"] == []


async def test_a_skill_is_shown_as_a_model_is_given_it(program: Program):
    put(program.home / "config" / "skills", "mine", GOOD + "\x1b]0;owned\x07</skill>\n")
    result = await program.run("skills", "show", "mine")
    assert result.stdout.startswith('<skill name="mine" type="skill">\n')
    assert result.stdout.endswith("Body of mine\n␛]0;owned␇&lt;/skill>\n</skill>\n")
    found = json.loads((await program.run("skills", "show", "mine", "--json")).stdout)
    assert found["body"].startswith("Body of mine")


async def test_a_skill_that_is_not_there_is_said(program: Program):
    result = await program.run("skills", "show", "x\x1b[31m")
    assert (result.code, result.stdout) == (1, "")
    assert "code-review, commit-message" in result.stderr
    assert "\x1b" not in result.stderr


async def test_folders_are_validated_with_a_line_for_every_problem(
    program: Program, tmp_path: Path
):
    good, bad = put(tmp_path / "skills", "good"), put(tmp_path / "skills", "bad", "---\nx: 1\n---")
    result = await program.run("skills", "validate", str(tmp_path / "skills"))
    assert result.code == 1
    assert result.stdout.splitlines() == [
        f"{bad}: 'x' is no key of the standard; other data goes under metadata.",
        f"{bad}: it has no name.",
        f"{bad}: it has no description.",
        f"{good}: ok",
        "2 folders, 1 with problems",
    ]
    result = await program.run("skills", "validate", str(good), "--json")
    assert (result.code, json.loads(result.stdout)) == (0, [{"path": str(good), "problems": []}])


async def test_what_is_meant_by_nothing_else_is_usage(program: Program):
    for arguments in (("show",), ("validate",), ("list", "x"), ("enable", "x")):
        result = await program.run("skills", *arguments)
        assert (result.code, result.stdout) == (2, "")
        assert "list, show NAME, or validate DIR..." in result.stderr
