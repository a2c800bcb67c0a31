from datetime import datetime, timedelta, timezone

import pytest

from conduit_tui.core.summary import ORDERS, SessionSummary
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.session_rows import Heading, age, day_group, in_order, session_rows
from conduit_tui.tui.widgets.sidebar import Sidebar
from tests.tui.widgets.building import NOW, Growing, OneWidget, lines, stilled

DAY = timedelta(days=1)


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


async def test_each_order_sorts_with_pinned_ones_first():
    rows = [
        SessionSummary("p", "zebra", NOW, 1, True, created_at=NOW),
        SessionSummary("a", "talk 10", NOW - DAY, 5, created_at=NOW - 9 * DAY),
        SessionSummary("b", "Talk 9", NOW - 3 * DAY, 2000, created_at=NOW - 4 * DAY),
        SessionSummary("c", "Ähre", NOW - 2 * DAY, 40, created_at=NOW - 20 * DAY),
        SessionSummary("d", " ", NOW - 4 * DAY, 1, created_at=NOW - 5 * DAY),
    ]
    ids = {order: "".join(each.id for each in in_order(rows, order)) for order in ORDERS}
    assert ids == {"changed": "pacbd", "title": "pcbad", "created": "pbdac", "size": "pbcad"}
    assert [row for row in session_rows(rows, NOW, "title") if isinstance(row, Heading)] == []


async def test_the_right_edge_says_what_is_sorted_by(app):
    rows = [SessionSummary("a", "talk", NOW, 12_345, created_at=NOW - 9 * DAY)]
    edges: dict[str, str] = {}
    async with app.run_test(size=(24, 8)) as pilot:
        for order in ORDERS:
            app.widget.show(rows, None, NOW, order)
            await pilot.pause()
            edges[order] = lines(app, app.widget)[0].split()[-1]
    assert edges == {"changed": "now", "title": "now", "created": "9d", "size": "12,345"}


async def test_marks_tell_where_replies_stream_and_where_one_ended_unseen(app):
    async with app.run_test(size=(24, 8)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW)
        app.widget.mark_replies({"a", "c", "p"}, {"b", "c"})
        await pilot.pause()
        shown = [line for line in lines(app, app.widget) if "title" in line]
    shown = [stilled(line) for line in shown]
    assert [line.split("title")[0] for line in shown] == [" ◌ ★ ", "▌◌ ", " ● ", " ◌ "]


async def test_typing_filters_best_first_and_enter_opens(app):
    rows = [
        SessionSummary("1", "A draft for the landlord", NOW, 2),
        SessionSummary("2", "Explain Raft", NOW - DAY, 2),
        SessionSummary("3", "Trip to Oslo", NOW - DAY, 2),
    ]
    async with app.run_test(size=(30, 8)) as pilot:
        app.widget.show(rows, "3", NOW)
        app.widget.focus()
        await pilot.press("slash", *"raft")
        assert lines(app, app.widget)[:3] == [
            "/raft▏                       2",
            " Explain Raft               1d",
            " A draft for the landlord  now",
        ]
        assert app.widget.cursor_id == "2"
        await pilot.press("down", "enter")
        assert [message.session_id for message in app.posted] == ["1"]
        assert app.widget.filter_text is None


async def test_letters_of_keys_are_letters_while_a_filter_is_typed():
    app = OneWidget(SessionList(), SessionList.Wished, SessionList.SortWanted)
    async with app.run_test(size=(30, 8)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW)
        app.widget.focus()
        await pilot.press("slash", *"pdrsjkgG")
        assert app.widget.filter_text == "pdrsjkgG"
        assert "No title like that." in lines(app, app.widget)[1]
        assert app.posted == []
        await pilot.press("escape", "p", "r", "d", "s")
        wishes = [each.wish for each in app.posted if isinstance(each, SessionList.Wished)]
        assert wishes == ["pin", "rename", "delete"]
        assert isinstance(app.posted[-1], SessionList.SortWanted)


async def test_the_cursor_stays_in_place_when_its_session_goes(app):
    async with app.run_test(size=(24, 10)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW, "title")
        app.widget.focus()
        await pilot.press("home", "down")
        gone = app.widget.cursor_id
        app.widget.show([each for each in SUMMARIES if each.id != gone], "a", NOW, "title")
        assert app.widget.cursor == 1


async def test_a_filter_stays_while_the_list_is_read_again(app):
    async with app.run_test(size=(24, 10)) as pilot:
        app.widget.show(SUMMARIES, "a", NOW)
        app.widget.focus()
        await pilot.press("slash", *"title b")
        app.widget.show(SUMMARIES[1:], "a", NOW)
        await pilot.pause()
        assert app.widget.filter_text == "title b"
        assert lines(app, app.widget)[1].startswith(" title b")


async def test_found_letters_are_lit_also_in_a_title_that_is_cut(app):
    title = "A very long title about everything and a raft"
    async with app.run_test(size=(20, 6)) as pilot:
        app.widget.show([SessionSummary("1", title, NOW, 1)], None, NOW)
        app.widget.focus()
        await pilot.press("slash", *"long raft")
        lit = app.widget.part("lit")
        segments = app.widget.row_segments(0, 20)
        assert [each.text for each in segments if each.style and each.style.underline] == ["long"]
        assert lit.underline


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
