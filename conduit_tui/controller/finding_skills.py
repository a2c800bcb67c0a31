"""Where the skills of a run come from: the person's, those of a trusted project, the shipped."""

from dataclasses import replace
from pathlib import Path

from conduit_tui.controller.trust import Trust
from conduit_tui.core.skill import SkillNote
from conduit_tui.settings.trust import home_directory
from conduit_tui.settings.values import Settings
from conduit_tui.skills.library import Library, read_library
from conduit_tui.skills.places import project_places, shipped_place, user_places
from conduit_tui.skills.survey import skills_in_words


def find_skills(settings: Settings, trust: Trust, directory: Path) -> Library:
    """Read the skills there are, as things are trusted now; for a thread.

    `directory` is the working directory, as a real path. Of a project that is not trusted no
    file is opened; a note says how many skills that leaves out.
    """
    home = home_directory(settings.environ)
    places = [*user_places(settings.paths.config, home)]
    in_project = [*project_places(directory, Path(trust.directory))]
    if trust.is_trusted:
        places += in_project
    library = read_library((*places, shipped_place()), home, also_seen=(trust.path,))
    unread = "" if trust.is_trusted or trust.refusal() else skills_in_words(in_project)
    if not unread:
        return library
    words = f"{unread} in it, unread: the directory is not trusted. /trust changes that."
    note = SkillNote(trust.directory, words, is_left_out=True)
    return replace(library, notes=(note, *library.notes))
