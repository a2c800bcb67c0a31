"""What a project brings, told by names alone: nothing in it is opened."""

from collections.abc import Iterable

from conduit_tui.core.amounts import counted
from conduit_tui.skills.folders import holds_skill, is_skipped, names_in, opened
from conduit_tui.skills.places import Place

MOST_COUNTED = 1_000


def skills_in_words(places: Iterable[Place]) -> str:
    """How many skills stand in places, such as `3 skills`; of none, nothing."""
    count = 0
    for place in places:
        count += _count(place, MOST_COUNTED - count)
        if count >= MOST_COUNTED:
            return f"{MOST_COUNTED:,} skills or more"
    return counted(count, "skill", "skills") if count else ""


def _count(place: Place, most: int) -> int:
    count = 0
    try:
        with opened(place.base, place.parts, may_link=False) as descriptor:
            for name in names_in(descriptor):
                if count >= most:
                    break
                count += not is_skipped(name) and holds_skill(descriptor, name)
    except OSError:  # most projects have no such folder; of one that fails, what was seen counts
        return count
    return count
