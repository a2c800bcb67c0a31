import errno
import os
import time
from pathlib import Path

import pytest

from conduit_tui.skills.folders import skill_file
from conduit_tui.skills.library import Library, read_library
from conduit_tui.skills.places import project_places, shipped_place, user_places
from tests.skills.conftest import WriteSkill, place


def read(directory: Path, *, may_link: bool = True) -> Library:
    return read_library([place(directory, may_link=may_link)])


def words(library: Library) -> list[str]:
    return [note.words for note in library.notes]


def test_a_skill_is_read_with_all_that_stands_in_it(write: WriteSkill, tmp_path: Path):
    folder = write(
        "pdf",
        "---\nname: pdf\ndescription: >\n  Reads\n  PDFs.\nlicense: MIT\nallowed-tools: Read\n"
        "compatibility: needs x\nmetadata:\n  author: me\n  conduit-type: context\n---\nBody\n",
    )
    (folder / "scripts").mkdir()
    (folder / "scripts" / "run.py").write_text("x")
    (folder / "notes.md").write_text("x")
    (folder / ".hidden").write_text("x")
    (skill,) = read(tmp_path / "skills").skills
    assert (skill.name, skill.description, skill.type) == ("pdf", "Reads PDFs.", "context")
    assert (skill.body, skill.license, skill.source) == ("Body", "MIT", "user")
    assert (skill.allowed_tools, skill.compatibility) == ("Read", "needs x")
    assert skill.metadata == {"author": "me", "conduit-type": "context"}
    assert skill.files == (f"{folder}/notes.md", f"{folder}/scripts/run.py")


def test_what_is_odd_is_loaded_with_a_note(write: WriteSkill, tmp_path: Path):
    write("one", name="other")
    write("two", description="y" * 2_000)
    write("three", name="Three")
    write("four", type="banana")
    write("five", "---\ndescription: y\nallowed-tools: [a, b]\n---\n")
    write("six", "---\nname: 'x y <z>'\ndescription: y\n---\n")
    library = read(tmp_path / "skills")
    assert {skill.name for skill in library.skills} == {
        *("other", "two", "Three", "four", "five", "six")
    }
    assert not any(note.is_left_out for note in library.notes)
    said = "\n".join(words(library))
    assert "its name 'other' is not that of its folder, 'one'." in said
    assert "its description has 2,000 characters" in said
    assert "its type 'banana' is none of" in said
    assert "it has no name; it goes by its folder's." in said
    assert "'allowed-tools' must be text" in said
    assert "its name 'x y <z>' cannot be used; it goes by its folder's." in said


def test_the_type_is_read_from_metadata_first_and_from_the_top(write: WriteSkill, tmp_path: Path):
    write("a", type="prompt")
    write("b", "---\ndescription: y\ntype: prompt\nmetadata: {conduit-type: Context}\n---\n")
    assert [skill.type for skill in read(tmp_path / "skills").skills] == ["prompt", "context"]


def test_what_cannot_be_used_is_left_out_with_its_reason(write: WriteSkill, tmp_path: Path):
    skills = tmp_path / "skills"
    write("a", "no front matter")
    write("b", "---\nname: b\n---\n")
    write("c", b"\xff\xfe")
    write("d", b"---\nname: d\ndescription: y\n---\n" + b"x" * 10_000_000)
    write("e", "---\nx: &a [1]\n---\n")
    (skills / "f").mkdir()
    os.mkfifo(skills / "f" / "SKILL.md")
    (skills / "g").mkdir()
    (skills / "g" / "SKILL.md").symlink_to("/etc/passwd")
    (skills / "h" / "SKILL.md").mkdir(parents=True)
    (skills / "i").mkdir()
    (skills / "README.md").write_text("x")
    library = read(skills)
    assert library.skills == ()
    assert [(Path(note.path).name, note.is_left_out) for note in library.notes] == [
        (name, True) for name in "abcdefgh"
    ]
    assert words(library)[5:] == [
        "its SKILL.md is not a regular file.",
        "its SKILL.md is a symbolic link; put the file itself there.",
        "its SKILL.md is not a regular file.",
    ]


def test_the_first_of_a_name_wins_and_the_other_is_told(write: WriteSkill, tmp_path: Path):
    first = write("x", within=tmp_path / "one", description="first")
    write("x", within=tmp_path / "two", description="second")
    library = read_library([place(tmp_path / "one"), place(tmp_path / "two")])
    assert [skill.description for skill in library.skills] == ["first"]
    (note,) = library.notes
    assert note.path == str(tmp_path / "two" / "x")
    assert note.words == f"'x' is also at {first}; that one is used."
    assert note.is_left_out


def test_a_note_names_the_skill_it_is_about_where_that_one_is_used(
    write: WriteSkill, tmp_path: Path
):
    write("x", within=tmp_path / "one", description="y" * 2_000)
    write("x", within=tmp_path / "two", description="y" * 3_000)
    library = read_library([place(tmp_path / "one"), place(tmp_path / "two")])
    assert [(note.skill, note.words[:28]) for note in library.notes] == [
        ("x", "its description has 2,000 ch"),
        ("", f"'x' is also at {tmp_path}"[:28]),
        ("", "its description has 3,000 ch"),
    ]


def test_a_folder_that_is_found_twice_is_one_skill(write: WriteSkill, tmp_path: Path):
    write("x", within=tmp_path / "one")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    library = read_library([place(tmp_path / "one"), place(tmp_path / "two")])
    assert (len(library.skills), library.notes) == (1, ())


def test_a_linked_folder_counts_in_ones_own_directories_only(write: WriteSkill, tmp_path: Path):
    real = write("x", within=tmp_path / "elsewhere")
    skills = tmp_path / "skills"
    skills.mkdir()
    (skills / "x").symlink_to(real)
    (skill,) = read(skills).skills
    assert skill.directory == str(real)
    library = read(skills, may_link=False)
    assert library.skills == ()
    assert words(library) == ["it is a symbolic link; in a project none is followed."]


def test_a_linked_directory_of_a_project_is_not_followed(write: WriteSkill, tmp_path: Path):
    write("x", within=tmp_path / "elsewhere" / "skills")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / ".claude").symlink_to(tmp_path / "elsewhere")
    library = read_library(project_places(tmp_path / "project", tmp_path / "project"))
    assert library.skills == ()
    assert words(library) == ["it is a symbolic link; in a project none is followed."]


def test_a_folder_that_becomes_a_link_while_it_is_read_opens_nothing_elsewhere(
    write: WriteSkill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = write("x")
    private = write("x", within=tmp_path / "private")

    def swap(descriptor: int) -> str | None:
        folder.rename(tmp_path / "away")
        folder.symlink_to(private)
        return skill_file(descriptor)

    monkeypatch.setattr("conduit_tui.skills.library.skill_file", swap)
    library = read(tmp_path / "skills", may_link=False)
    assert library.skills == ()
    assert words(library) == ["it was replaced while it was read."]


def test_a_name_that_mixes_scripts_is_noted(write: WriteSkill, tmp_path: Path):
    write("соnduit-guide")  # two letters of it are Cyrillic
    write("schlüssel")
    write("ключ-2")
    write("日本の")
    library = read(tmp_path / "skills")
    assert len(library.skills) == 4
    assert words(library) == [
        "its name 'соnduit-guide' mixes letters of CYRILLIC and LATIN: it may imitate another."
    ]


def test_a_name_without_a_letter_cannot_be_used(write: WriteSkill, tmp_path: Path):
    write("tea", name="'..'")
    library = read(tmp_path / "skills")
    assert [skill.name for skill in library.skills] == ["tea"]
    assert words(library) == ["its name '..' cannot be used; it goes by its folder's."]


def test_no_note_is_longer_than_a_few_lines(write: WriteSkill, tmp_path: Path):
    key = "k" * 900
    write("x", f"---\nname: x\ndescription: d\n{key}: a\n{key}: b\n---\n")
    (note,) = read(tmp_path / "skills").notes
    assert len(note.words) <= 400


def test_links_in_a_circle_and_to_all_files_are_left_out(write: WriteSkill, tmp_path: Path):
    skills = tmp_path / "home" / "skills"
    skills.mkdir(parents=True)
    (skills / "loop").symlink_to("loop")
    write("home", within=tmp_path)
    (skills / "all").symlink_to(tmp_path / "home")
    library = read_library([place(skills)], home=tmp_path / "home")
    assert library.skills == ()
    assert "it is a link to a directory that holds more than a skill." in words(library)


def test_a_home_directory_that_is_a_link_to_itself_hinders_nothing(
    write: WriteSkill, tmp_path: Path
):
    write("x")
    (tmp_path / "loop").symlink_to("loop")
    library = read_library([place(tmp_path / "skills")], home=tmp_path / "loop")
    assert [skill.name for skill in library.skills] == ["x"]


def test_files_behind_links_and_of_odd_names_are_not_listed(write: WriteSkill, tmp_path: Path):
    folder = write("x")
    (folder / "loop").symlink_to(".")
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "a\nb").write_text("x")
    (folder / "\x1b[31m").write_text("x")
    os.mkfifo(folder / "fifo")
    Path(os.fsdecode(bytes(folder) + b"/\xff")).write_text("x")
    (folder / "good").write_text("x")
    (skill,) = read(tmp_path / "skills").skills
    assert skill.files == (f"{folder}/good",)


def test_files_are_listed_up_to_a_number_and_a_depth(write: WriteSkill, tmp_path: Path):
    folder = write("x")
    deep = folder.joinpath(*"abcdefgh")
    deep.mkdir(parents=True)
    for directory in (deep, folder / "a" / "b" / "c", folder):
        for number in range(60):
            (directory / f"{number}").write_text("x")
    (skill,) = read(tmp_path / "skills").skills
    assert len(skill.files) == 100
    assert not any("/d/" in path for path in skill.files)


def test_ten_thousand_folders_are_read_up_to_a_bound_and_that_is_told(tmp_path: Path):
    skills = tmp_path / "skills"
    skills.mkdir()
    for number in range(10_000):
        (skills / f"{number:05}").mkdir()
    began = time.process_time()
    library = read(skills)
    assert time.process_time() - began < 3
    assert words(library) == ["it holds 10,000 entries; the first 2,000 are read."]


def test_there_are_never_more_than_500_skills_and_that_is_told_once(
    write: WriteSkill, tmp_path: Path
):
    for number in range(510):
        write(f"s{number:03}")
    library = read(tmp_path / "skills")
    assert len(library.skills) == 500
    assert words(library) == ["there are more than 500 skills; this one and more do not count."]


def test_there_are_never_more_than_200_notes(write: WriteSkill, tmp_path: Path):
    for number in range(250):
        write(f"s{number:03}", "no front matter")
    assert len(read(tmp_path / "skills").notes) == 201


def test_a_name_with_letters_that_cannot_be_seen_cannot_be_used(write: WriteSkill, tmp_path: Path):
    write("git")
    write("other", name="git\u3164")  # shown, it would be another `git`
    write("\u1160", name="\uffa0")
    library = read(tmp_path / "skills")
    assert [skill.name for skill in library.skills] == ["git", "other"]
    assert words(library) == [
        "its name 'git\u1160' cannot be used; it goes by its folder's.",
        "neither its name nor its folder's can be used as a name.",
    ]


def test_a_folder_that_may_not_be_entered_is_told(
    write: WriteSkill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write("shut")

    def refusing(*_: object, **__: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("conduit_tui.skills.folders.os.stat", refusing)  # root may enter all
    library = read(tmp_path / "skills")
    assert (library.skills, words(library)) == ((), ["it cannot be read: Permission denied."])


def test_a_skill_that_stands_a_step_aside_is_told(write: WriteSkill, tmp_path: Path):
    skills = tmp_path / "skills"
    write("case", file="Skill.MD")
    write("one", within=skills / "group")
    write("two", within=skills / "group")
    (skills / "SKILL.md").write_text("x")
    (skills / "pictures").mkdir()
    library = read(skills)
    assert [(Path(note.path).name, note.words) for note in library.notes] == [
        ("SKILL.md", "it stands in no folder of its own, which names the skill."),
        ("case", "its file is named 'Skill.MD'; it must be SKILL.md."),
        ("group", "it has no SKILL.md; skills in folders below it are not looked for."),
    ]


def test_a_library_knows_when_something_changed(write: WriteSkill, tmp_path: Path):
    folder = write("x")
    skills = tmp_path / "skills"

    def touched(path: Path) -> bool:
        library = read(skills)
        assert library.is_current()
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
        return not library.is_current()

    def changes_mode_unnoticed(path: Path) -> bool:
        library, before = read(skills), path.stat().st_mtime_ns
        path.chmod(0o600 if path.is_file() else 0o700)
        assert path.stat().st_mtime_ns == before
        return library.is_current()

    assert not changes_mode_unnoticed(folder)
    assert not changes_mode_unnoticed(folder / "SKILL.md")
    assert touched(folder / "SKILL.md")
    assert touched(folder)
    assert touched(skills)
    library = read_library([place(skills), place(tmp_path / "more")])
    (tmp_path / "more").mkdir()
    assert not library.is_current()
    os.mkfifo(tmp_path / "more" / "SKILL.md")
    assert read(skills).is_current()


def test_the_places_of_a_person_come_in_this_order(tmp_path: Path):
    found = [str(each.path) for each in user_places(tmp_path / "config", Path("/h"))]
    assert found == [f"{tmp_path}/config/skills", "/h/.agents/skills", "/h/.claude/skills"]
    assert len([*user_places(tmp_path, None)]) == 1


def test_the_places_of_a_project_go_up_to_its_root_and_no_further():
    found = [str(each.path) for each in project_places(Path("/a/b/c"), Path("/a/b"))]
    assert found == [
        *("/a/b/c/.conduit/skills", "/a/b/c/.agents/skills", "/a/b/c/.claude/skills"),
        *("/a/b/.conduit/skills", "/a/b/.agents/skills", "/a/b/.claude/skills"),
    ]


def test_shipped_skills_are_found_without_a_note():
    library = read_library([shipped_place()])
    assert [(skill.name, skill.type) for skill in library.skills] == [
        ("code-review", "skill"),
        ("commit-message", "skill"),
        ("conduit-guide", "context"),
        ("plain-words", "prompt"),
    ]
    assert library.notes == ()
