"""Where the skills of a run come from: the person's, those of a trusted project, the shipped."""

from pathlib import Path

from conduit_tui.controller.trust import Trust
from conduit_tui.settings.trust import home_directory
from conduit_tui.settings.values import Settings
from conduit_tui.skills.library import Library, read_library
from conduit_tui.skills.places import project_places, shipped_place, user_places


def find_skills(settings: Settings, trust: Trust, directory: Path) -> Library:
    """Read the skills there are, as things are trusted now; for a thread.

    `directory` is the working directory, as a real path. Nothing of a project that is not trusted
    is opened.
    """
    home = home_directory(settings.environ)
    places = [*user_places(settings.paths.config, home)]
    if trust.is_trusted:
        places += project_places(directory, Path(trust.directory))
    return read_library((*places, shipped_place()), home)
