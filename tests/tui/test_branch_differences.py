"""What two branches were made with, in words."""

from conduit_tui.core.params import Params
from conduit_tui.tui.branch_differences import differences
from conduit_tui.tui.widgets.entry import Entry
from tests.conftest import MakeMessage


def test_tools_and_skills_are_named_on_the_side_that_has_them(make_message: MakeMessage) -> None:
    with_tools = Params(tools=("ls", "file_read"), skills=("review",))
    left = Entry(make_message("assistant", "a", model="x", params=with_tools))
    right = Entry(make_message("assistant", "b", model="x", params=Params(tools=("ls",))))

    assert differences([left], [right]) == ("+file_read · skill review", "")
