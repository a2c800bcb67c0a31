"""Skills in plain text, and as JSON."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, set_cell_size

from conduit_tui.core.amounts import counted
from conduit_tui.core.clean import clean_line
from conduit_tui.core.json import Json
from conduit_tui.core.skill import Skill, SkillNote
from conduit_tui.skills.library import Library
from conduit_tui.skills.validating import Checked

LONGEST_DESCRIPTION = 60


def table(library: Library) -> Iterator[str]:
    """A line for each skill, and one for each note."""
    skills = library.skills
    width = max((cell_len(clean_line(skill.name)) for skill in skills), default=0)
    for skill in skills:
        name = set_cell_size(clean_line(skill.name), width)
        yield f"{name}  {skill.type:<7}  {skill.source:<7}  {_short(skill.description)}"
    if not skills:
        yield "There are no skills."
    if library.notes:
        yield ""
    for note in library.notes:
        yield clean_line(note_in_words(note))


def _short(description: str) -> str:
    """As many whole words as there is room for; of a long one, what there is room for."""
    words = " ".join(clean_line(description).split())
    if cell_len(words) <= LONGEST_DESCRIPTION:
        return words
    cut = set_cell_size(words, LONGEST_DESCRIPTION - 2).rstrip()
    before, _, last = cut.rpartition(" ")
    ends_a_word = words[len(cut) : len(cut) + 1] == " "
    is_long_word = len(last) > LONGEST_DESCRIPTION // 3
    return f"{cut if ends_a_word or is_long_word else before} …"


def note_in_words(note: SkillNote) -> str:
    """A note as a line."""
    left_out = "left out: " if note.is_left_out else ""
    return f"{note.path}: {left_out}{note.words}"


def verdict_lines(checked: Iterable[Checked]) -> Iterator[str]:
    """A line for each problem, and one for each folder that is right."""
    count = wrong = 0
    for each in checked:
        count += 1
        wrong += bool(each.problems)
        path = clean_line(each.path)
        yield from (f"{path}: {clean_line(words)}" for words in each.problems)
        if not each.problems:
            yield f"{path}: ok"
    if count > 1:
        yield f"{counted(count, 'folder', 'folders')}, {wrong or 'none'} with problems"


def library_json(library: Library) -> Json:
    """All skills, and the notes."""
    notes: list[Json] = [
        {"path": note.path, "words": note.words, "left_out": note.is_left_out}
        for note in library.notes
    ]
    skills: list[Json] = [skill_json(skill) for skill in library.skills]
    return {"skills": skills, "notes": notes}


def skill_json(skill: Skill) -> dict[str, Json]:
    """A skill without its body."""
    files: list[Json] = [*skill.files]
    metadata: dict[str, Json] = {**skill.metadata}
    return {
        "name": skill.name,
        "description": skill.description,
        "type": skill.type,
        "source": skill.source,
        "directory": skill.directory,
        "files": files,
        "license": skill.license,
        "compatibility": skill.compatibility,
        "allowed_tools": skill.allowed_tools,
        "metadata": metadata,
    }
