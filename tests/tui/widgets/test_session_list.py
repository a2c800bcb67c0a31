from datetime import datetime, timedelta, timezone

import pytest

from conduit_tui.core.summary import SessionSummary
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.session_rows import Heading, age, day_group, session_rows
from conduit_tui.tui.widgets.sidebar import Sidebar
from tests.tui.widgets.building import NOW, Growing, OneWidget, lines


def summary(name: str, ago: timedelta = timedelta(), *, pinned: bool = False) -> SessionSummary:
    return SessionSummary(name, f"title {name}", NOW - ago, 2, pinned)


SUMMARIES = [
    summary("p", timedelta(days=40), pinned=True),
    summary("a", timedelta(minutes=2)),
    summary("b", timedelta(days=1)),
    summary("c", timedelta(days=30)),
]


@pytest.fixture
def app() -> OneWidget:
    return OneWidget(SessionList(), SessionList.Chosen)


def test_age_takes_at_most_four_letters():
    ages = [
        timedelta(seconds=-5),
        timedelta(seconds=59),
        timedelta(minutes=2),
        timedelta(hours=23, minutes=59),
        timedelta(days=3),
        timedelta(days=40),
        timedelta(days=3650),
    ]
    assert [age(NOW - passed, NOW) for passed in ages] == [
        "now",
        "now",
        "2m",
        "23h",
        "3d",
        "5w",
        "10y",
    ]


def test_days_are_those_of_the_readers_zone():
    east = timezone(timedelta(hours=9))
    now = datetime(2026, 11, 22, 8, 0, tzinfo=east)
    assert day_group(now - timedelta(hours=7), now) == "Today"
    assert day_group(now - timedelta(hours=9), now) == "Yesterday"
    assert day_group(now - timedelta(days=6), now) == "This week"
    assert day_group(now - timedelta(days=7), now) == "Older"


def test_every_group_but_the_first_has_a_heading():
    rows = session_rows(SUMMARIES, NOW)
    assert [row.title if isinstance(row, Heading) else row.id for row in rows] == [
        "p",
        "Today",
        "a",
        "Yesterday",
        "b",
        "Older",
        "c",
    ]


async def test_rows_show_title_age_star_and_which_is_current(app):
    async with app.run_test(size=(24, 8)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW)
        await pilot.pause()
        assert lines(app, app.widget)[:4] == [
            " ★ title p            5w",
            "Today",
            "▌title a              2m",
            "Yesterday",
        ]


async def test_long_and_hostile_titles_are_cut_and_harmless(app):
    titles = ["[bold", "\x1b]0;owned\x07 x", "日本語" * 30, "two\nlines", "  "]
    rows = [SessionSummary(str(at), title, NOW, 1) for at, title in enumerate(titles)]
    async with app.run_test(size=(20, 6)) as pilot:
        app.widget.show(rows, None, NOW)
        await pilot.pause()
        assert lines(app, app.widget)[:5] == [
            " [bold           now",
            " ␛]0;owned␇ x    now",
            " 日本語日本語…   now",
            " two lines       now",
            " New session     now",
        ]


async def test_keys_step_over_headings_and_enter_opens(app):
    async with app.run_test(size=(24, 10)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW)
        app.widget.focus()
        assert app.widget.cursor_id == "a"
        await pilot.press("j", "enter", "home", "enter", "end", "up", "k", "enter")
        assert [message.session_id for message in app.posted] == ["b", "p", "a"]


async def test_a_click_opens_a_session_but_a_heading_does_nothing(app):
    async with app.run_test(size=(24, 10)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW)
        await pilot.pause()
        await pilot.click(SessionList, offset=(3, 1))
        await pilot.click(SessionList, offset=(3, 4))
        assert [message.session_id for message in app.posted] == ["b"]


async def test_the_current_session_is_in_view_among_ten_thousand(app):
    many = [summary(str(at), timedelta(minutes=at)) for at in range(10_000)]
    async with app.run_test(size=(24, 10)) as pilot:
        app.widget.show(many, "9000", NOW)
        await pilot.pause()
        assert any("▌title 9000" in line for line in lines(app, app.widget))


async def test_an_empty_list_says_so_and_keys_do_nothing(app):
    async with app.run_test(size=(24, 4)) as pilot:
        app.widget.show([], None, NOW)
        app.widget.focus()
        await pilot.press("j", "k", "G", "enter")
        assert lines(app, app.widget)[0] == "No saved sessions yet."
        assert app.posted == []


@pytest.mark.parametrize("size", [(80, 30), (20, 5), (6, 3)])
async def test_the_sidebar_shows_both_lists_at_any_size(size):
    app = OneWidget(Sidebar())
    async with app.run_test(size=size) as pilot:
        app.widget.session_list.show(SUMMARIES, "a", NOW)
        app.widget.message_tree.show(Growing().chain(3).session, "m2")
        await pilot.pause()
        if size == (80, 30):
            shown = lines(app, app.widget)
            assert [line.strip() for line in shown if line.strip() in {"Sessions", "Tree"}] == [
                "Sessions",
                "Tree",
            ]
            assert any("title a" in line for line in shown)
            assert any("text 2 ◂ here" in line for line in shown)
