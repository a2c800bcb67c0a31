"""Searching a path: how often, where next, and how little is drawn for it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import Part, Text, Thinking, ToolCall, ToolResult
from conduit_tui.tui.widgets import kept_views
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_text import Query
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.path_find import PathFind, Place
from tests.tui.widgets.finding import Search, entry, finished, path_of, replies


def test_matches_are_met_in_reading_order_and_around() -> None:
    search = Search(path_of(replies("a cat", "no", "cat cat")), "cat")
    assert search.model.total == 3
    met = [(search.next(), search.number()) for _ in range(4)]
    assert met == [("m0: cat", 1), ("m2: cat", 2), ("m2: cat", 3), ("m0: cat", 1)]
    back = [(search.previous(), search.number()) for _ in range(4)]
    assert back == [("m2: cat", 3), ("m2: cat", 2), ("m0: cat", 1), ("m2: cat", 3)]


def test_a_single_match_is_next_to_itself() -> None:
    search = Search(path_of(replies("one", "two")), "two")
    assert [search.next(), search.next(), search.previous()] == ["m1: two"] * 3


def test_what_is_nowhere_is_not_found() -> None:
    search = Search(path_of(replies("one", "two")), "three")
    assert (search.next(), search.model.total, search.model.is_counted) == ("", 0, True)


def test_an_empty_path_holds_nothing() -> None:
    path = path_of([])
    model = PathFind(path)
    model.ask(Query("x"))
    assert finished(model.seek(Place("", 0, 0), 1)) is None
    assert model.is_counted


def test_what_is_shown_is_found_and_not_its_source() -> None:
    path = path_of(replies("some **bold** words", "a `code` [link](https://example.com/x)"))
    for text, expected in {
        "bold words": "m0: bold words",
        "**": "",
        "link (example": "m1: link (example",
        "https": "",
    }.items():
        assert Search(path, text).next() == expected


def test_a_match_goes_over_a_break_of_the_row_but_not_of_the_line() -> None:
    words = "alpha beta gamma delta epsilon"
    path = path_of([entry(0, "user", words), entry(1, "assistant", "one\ntwo")], width=12)
    search = Search(path, "beta gamma delta")
    search.next()
    assert search.hit
    assert search.hit[3:] == (0, 6, 22)
    assert Search(path, "one two").next() == ""
    assert Search(path, "one").next() == "m1: one"


def test_what_is_folded_is_found_with_the_part_that_opens_it() -> None:
    paste = "\n".join(f"pasted {n}" for n in range(50))
    path = path_of(
        [
            entry(0, "user", paste),
            entry(1, "assistant", Thinking("deep down"), ToolCall("c", "clock", '{"a": "deep"}')),
            entry(2, "tool", ToolResult("c", "deep water")),
        ]
    )
    search = Search(path, "pasted 40")
    assert search.next() == "m0: pasted 40"
    search.ask("deep")
    search.hit = None
    found = [(search.next(), search.hit and (search.hit.fold, search.hit.key)) for _ in range(5)]
    assert [where for _, where in found] == [
        (0, (0, "thinking")),
        (1, (1, "call")),
        (1, (1, "json")),
        (1, (1, "result")),
        (0, (0, "result")),
    ]
    assert search.model.total == 5


def test_what_a_long_reply_has_folded_away_is_found_where_it_is_drawn() -> None:
    table = "| a | b |\n|--|--|\n| 1 | 2 |\n\n"
    path = path_of(replies(table * 150 + "the **needle** here", "newest"))
    assert path.view(0).cut_parts == (0,)
    search = Search(path, "the needle here")
    assert search.model.total == 1
    assert (search.next(), search.number()) == ("m0: the needle here", 1)


def test_it_begins_at_a_row_and_goes_on_below_a_folded_part() -> None:
    parts = (Thinking("cat 1"), Text("cat 2\n\ncat 3"))
    path = path_of([entry(0, "user", "cat 0"), entry(1, "assistant", *parts)])
    view = path.view(1)
    model = PathFind(path)
    model.ask(Query("cat"))
    rows = [view[index].text for index in range(len(view))]
    starts = {
        0: ("m1", "thinking", 0),
        rows.index("▸ thought · 2 words"): ("m1", "thinking", 0),
        rows.index("cat 2"): ("m1", "text", 0),
        rows.index("cat 2") + 1: ("m1", "text", 2),
        rows.index("cat 3") + 1: ("m0", "typed", 0),
    }
    for row, expected in starts.items():
        hit = finished(model.seek(model.place_of_row(1, row), 1))
        assert hit is not None
        assert (hit.message_id, hit.key[1], hit.line) == expected


_TEXTS = st.lists(
    st.lists(st.sampled_from(["cat", "dog", "Cat", "**cat**", "\n\n", "x" * 30]), max_size=12).map(
        " ".join
    ),
    min_size=1,
    max_size=6,
)


@given(_TEXTS, st.sampled_from(["cat", "Cat", "cat dog", "dog", "x"]), st.integers(5, 60))
def test_going_around_meets_every_match_once(texts: list[str], text: str, width: int) -> None:
    search = Search(path_of(replies(*texts), width), text)
    met = []
    while search.next() and search.hit not in met:
        met.append(search.hit)
        assert search.number() == len(met)
    assert search.model.total == len(met), "drawing all of them made the count exact"
    if met:
        assert [search.previous() and search.hit for _ in met] == met[::-1]


def test_letters_more_look_only_where_the_letters_before_were_found(monkeypatch) -> None:
    path = path_of(replies(*(f"word {n}" for n in range(50)), "raft", "rafter"))
    search = Search(path, "ra")
    asked: list[str] = []
    monkeypatch.setattr(Query, "may_be_in", lambda self, source: asked.append(source) or True)
    search.ask("raft")
    assert search.model.total == 2
    assert asked == []
    search.ask("word")
    assert search.model.total == 50, "another word is looked for everywhere"


def test_of_ten_thousand_messages_only_those_landed_on_are_drawn(monkeypatch) -> None:
    made: list[MessageView] = []

    class Counted(MessageView):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(kept_views, "MessageView", Counted)
    texts = [
        f"message {n} with **needle {n}**" if n % 1000 == 500 else "hay" for n in range(10_000)
    ]
    path = path_of(replies(*texts))
    made.clear()
    search = Search(path, "needle")
    assert search.model.total == 10
    assert made == []
    assert [search.next(), search.next()] == ["m500: needle", "m1500: needle"]
    assert len(made) == 2


def test_a_count_that_was_rough_becomes_exact_where_one_lands() -> None:
    wrapped = "| a | b |\n|--|--|\n| one two three four five six | two words here and more |"
    search = Search(path_of(replies("hay", wrapped), width=24), "here and more")
    path = search.path
    assert path.is_drawn(1), "it was in sight"
    far = path_of(replies(*["hay\n\nhay\n\nhay"] * 20, wrapped), width=24)
    search = Search(far, "here and more")
    assert search.model.total == 1
    assert search.next() == ""
    assert search.model.total == 0


def test_only_what_changed_in_the_path_is_read_again() -> None:
    entries = replies("cat", "cat cat", "cat")
    path = path_of(entries)
    search = Search(path, "cat")
    search.next()
    others = [*entries[:2], entry(9, "assistant", "no"), entry(10, "assistant", "cat cat")]
    path.show(others)
    search.model.forget_from(entries)
    assert not search.model.is_counted
    finished(search.model.scan())
    assert (search.model.total, search.model.is_counted) == (5, True)
    assert search.number() == 1


def test_results_that_come_are_found_in_the_call_they_belong_to() -> None:
    call = entry(0, "assistant", ToolCall("c", "clock", "{}"))
    path = path_of([call])
    search = Search(path, "noon")
    assert search.model.total == 0
    path.show([call, entry(1, "tool", ToolResult("c", "noon"))])
    search.model.forget_from([call])
    finished(search.model.scan())
    assert search.model.total == 2


def test_a_reply_that_streams_is_counted_as_far_as_it_came() -> None:
    parts: list[tuple[Part, ...]] = [(Text("a cat"),)]
    live = replace(entry(1, "assistant"), live_parts=lambda: parts[0])
    path = path_of([*replies("cat"), live])
    search = Search(path, "cat")
    assert search.model.total == 2
    parts[0] = (Text("a cat and another cat"),)
    path.refresh(1)
    search.model.grew("m1")
    assert search.model.is_counted, "the count of before stands meanwhile"
    finished(search.model.scan())
    assert search.model.total == 3
    assert [search.next(), search.next(), search.next()] == ["m0: cat", "m1: cat", "m1: cat"]
    assert search.number() == 3


def test_another_width_counts_again_what_its_tables_wrap() -> None:
    table = "| a | b |\n|--|--|\n| one two three four five six | two words here and more |"
    path = path_of(replies(table), width=90)
    search = Search(path, "here and more")
    assert search.next() == "m0: here and more"
    assert not search.model.drawn_anew()
    path.resize(24, 12, path.palette)
    path.settle()
    assert search.model.drawn_anew()
    finished(search.model.scan())
    assert search.model.total == 0


def test_a_hit_that_is_gone_has_no_number() -> None:
    entries: list[Entry] = replies("cat", "cat")
    path = path_of(entries)
    search = Search(path, "cat")
    search.next()
    path.show(entries[1:])
    search.model.forget_from(entries)
    finished(search.model.scan())
    assert search.number() == 0
