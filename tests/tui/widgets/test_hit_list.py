"""Hits are two lines each, and the cursor goes from one to the next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from conduit_tui.core.hit import Hit
from conduit_tui.tui.widgets.hit_list import HitList
from tests.tui.widgets.building import NOW, OneWidget, lines

HIT = Hit(
    session_id="s",
    session_title="Trip to Oslo",
    message_id="m",
    role="assistant",
    model="sonnet",
    created_at=NOW - timedelta(hours=3),
    is_starred=False,
    label=None,
    excerpt="No raft there.",
    spans=((3, 7),),
)


def hits(count: int) -> list[Hit]:
    return [replace(HIT, message_id=f"m{at}", excerpt=f"raft {at}") for at in range(count)]


@pytest.fixture
def app() -> OneWidget:
    return OneWidget(HitList(), HitList.Chosen)


def listed(app: OneWidget) -> HitList:
    assert isinstance(app.widget, HitList)
    return app.widget


async def test_a_hit_says_where_who_when_and_what(app: OneWidget):
    async with app.run_test(size=(40, 6)) as pilot:
        starred = replace(HIT, role="user", is_starred=True, label="best")
        listed(app).show([HIT, starred], NOW)
        await pilot.pause()
        assert lines(app, app.widget)[:4] == [
            "Trip to Oslo                 sonnet   3h",
            "  No raft there.",
            "★ Trip to Oslo @best            you   3h",
            "  No raft there.",
        ]


async def test_the_cursor_goes_from_hit_to_hit_and_all_of_each_is_in_sight(app: OneWidget):
    async with app.run_test(size=(40, 5)) as pilot:
        shown = hits(40)
        listed(app).show(shown, NOW)
        for at in range(1, 40):
            listed(app).action_move(1)
            await pilot.pause()
            assert listed(app).hit is shown[at]
            assert any(f"  raft {at}" in line for line in lines(app, app.widget))
        listed(app).action_move(1)
        assert listed(app).hit is shown[39]
        listed(app).action_page(-1)
        assert listed(app).hit in shown[36:39]
        listed(app).action_edge(False)
        await pilot.pause()
        assert lines(app, app.widget)[1] == "  raft 0"


async def test_more_hits_leave_the_cursor_where_it_is_and_others_do_not(app: OneWidget):
    async with app.run_test(size=(40, 6)) as pilot:
        shown = hits(9)
        listed(app).show(shown[:3], NOW)
        listed(app).action_move(1)
        listed(app).show(shown, NOW, more=True)
        await pilot.pause()
        assert listed(app).hit is shown[1]
        listed(app).show(shown[4:], NOW)
        assert listed(app).hit is shown[4]


async def test_a_click_on_either_line_chooses_the_hit(app: OneWidget):
    async with app.run_test(size=(40, 6)) as pilot:
        shown = hits(3)
        listed(app).show(shown, NOW)
        for y in (2, 3, 5):
            await pilot.click(HitList, offset=(4, y))
        chosen = [each.hit for each in app.posted if isinstance(each, HitList.Chosen)]
        assert chosen == [shown[1], shown[1], shown[2]]


async def test_without_hits_it_says_what_it_was_given(app: OneWidget):
    async with app.run_test(size=(40, 6)) as pilot:
        listed(app).show([], NOW, empty=("No match.", "Go on."))
        await pilot.pause()
        assert lines(app, app.widget)[:2] == ["No match.", "Go on."]
        assert listed(app).hit is None
        listed(app).action_move(1)
        listed(app).action_choose()
        assert app.posted == []


async def test_a_message_without_words_is_still_a_hit(app: OneWidget):
    async with app.run_test(size=(40, 6)) as pilot:
        listed(app).show([replace(HIT, excerpt="", spans=(), session_title="")], NOW)
        await pilot.pause()
        assert lines(app, app.widget)[0].startswith("New session")
        assert lines(app, app.widget)[1] == "  (no words)"


async def test_a_long_name_of_a_model_leaves_the_age_in_sight(app: OneWidget):
    async with app.run_test(size=(40, 4)) as pilot:
        long = replace(HIT, model="maker/claude-sonnet-with-a-very-long-name-20250514")
        app.widget.show([replace(HIT, model="claude-sonnet-4-20250514"), long], NOW)
        await pilot.pause()
        heads = lines(app, app.widget)[::2]
    assert heads[0].endswith("sonnet-4   3h")
    assert heads[1].endswith("…   3h")
